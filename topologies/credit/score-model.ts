/**
 * A score model as data: the scorecard that `tools/score-model` makes and writes as JSON. A file is checked as a whole
 * before anything is scored by it, so that a wrong one is refused at the start and not by one consumer's decision.
 */
import { isReasonCode, type ReasonCode } from './reasons.ts'

/** Points for a number up to `upTo` and above the bin before it; null: for all that is more. */
export type NumberBin = { readonly upTo: number | null; readonly points: number }

/** One attribute of a consumer, with the points of each bin; what is in no bin has 0. */
export type Characteristic = {
  readonly attribute: string
  /** What a refusal says where the points are below 0. */
  readonly reason: ReasonCode
  /** The bins of a number, in order; empty where it has labels. */
  readonly numbers: readonly NumberBin[]
  /** Points by label; empty where it is a number. */
  readonly labels: ReadonlyMap<string, number>
}

/** At `score` the odds are `odds` good ones to one that goes bad; so many points more, and they are twice as good. */
export type ScoreScale = { readonly score: number; readonly odds: number; readonly pointsToDoubleOdds: number }

/** A scorecard: a score is `basePoints` and the points of one bin of each characteristic, always within 0 and 1000. */
export type ScoreModel = {
  /** What decisions name. */
  readonly version: string
  /** The score of somebody who is average in everything. */
  readonly basePoints: number
  /** What a score says of the odds to be paid back. */
  readonly scale: ScoreScale
  /** Fewer known attributes than this, and nothing is scored. */
  readonly knownMin: number
  readonly characteristics: readonly Characteristic[]
}

/** A model that cannot be used: the message says which file's part and why. */
export class ScoreModelError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'ScoreModelError'
    this.code = code
  }
}

/** The form of file that this code reads. */
const FORMAT = 1
/** The best score there is; the worst is 0. */
export const SCORE_MAX = 1_000

type Json = Readonly<Record<string, unknown>>

/**
 * Reads a model file. @throws ScoreModelError SCORE_MODEL_FORMAT_UNKNOWN for a file of another form,
 * SCORE_MODEL_INVALID for one whose content makes no sense.
 */
export function openScoreModel(file: unknown): ScoreModel {
  const json = recordOf(file, 'The file')
  if (json['format'] !== FORMAT) {
    const given = JSON.stringify(json['format'] ?? null)
    throw new ScoreModelError(
      'SCORE_MODEL_FORMAT_UNKNOWN',
      `The model has format ${given}, and this release reads format ${FORMAT}: use a model made for it.`,
    )
  }
  const version = textOf(json['version'], 'version')
  const characteristics = listOf(json['characteristics'], 'characteristics').map(characteristicOf)
  const names = characteristics.map((one) => one.attribute)
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) throw invalid(`the attribute ${twice} stands there twice`)
  const knownMin = wholeOf(json['knownMin'], 'knownMin')
  if (knownMin < 1 || knownMin > names.length) throw invalid(`knownMin must be 1 to ${names.length}, not ${knownMin}`)
  const basePoints = wholeOf(json['basePoints'], 'basePoints')
  const model = { version, basePoints, knownMin, characteristics, scale: scaleOf(json['scale']) }
  const [lowest, highest] = [scoreAtBest(model, Math.min), scoreAtBest(model, Math.max)]
  if (lowest < 0 || highest > SCORE_MAX) {
    throw invalid(`its scores go from ${lowest} to ${highest}, and must stay within 0 and ${SCORE_MAX}`)
  }
  return model
}

function scaleOf(value: unknown): ScoreScale {
  const json = recordOf(value, 'scale')
  const above0 = (field: string) => {
    const number = json[field]
    if (typeof number === 'number' && Number.isFinite(number) && number > 0) return number
    throw invalid(`scale.${field} must be a number above 0`)
  }
  return { score: above0('score'), odds: above0('odds'), pointsToDoubleOdds: above0('pointsToDoubleOdds') }
}

function characteristicOf(value: unknown, index: number): Characteristic {
  const json = recordOf(value, `characteristics[${index}]`)
  const attribute = textOf(json['attribute'], `characteristics[${index}].attribute`)
  const reason = textOf(json['reason'], `the reason of ${attribute}`)
  if (!isReasonCode(reason)) throw invalid(`the reason ${reason} of ${attribute} is none that decisions know`)
  const bins = listOf(json['bins'], `the bins of ${attribute}`).map((bin) => recordOf(bin, `a bin of ${attribute}`))
  if (bins.length === 0) throw invalid(`${attribute} has no bins`)
  const isNumber = bins.every((bin) => 'upTo' in bin)
  if (!isNumber && bins.some((bin) => 'upTo' in bin)) throw invalid(`${attribute} has bins of numbers and of labels`)
  return isNumber
    ? { attribute, reason, numbers: numberBins(bins, attribute), labels: new Map() }
    : { attribute, reason, numbers: [], labels: labelPoints(bins, attribute) }
}

/** Bins of a number have no gap and no overlap by their form; they must only rise, and the last one be open. */
function numberBins(bins: readonly Json[], attribute: string): readonly NumberBin[] {
  const read = bins.map((bin) => ({
    upTo: bin['upTo'] === null ? null : wholeOf(bin['upTo'], `an upTo of ${attribute}`),
    points: pointsOf(bin, attribute),
  }))
  for (const [index, { upTo }] of read.entries()) {
    const isLast = index === read.length - 1
    if (isLast !== (upTo === null)) throw invalid(`the last bin of ${attribute}, and only that, has the upTo null`)
    const before = read[index - 1]?.upTo ?? null
    if (upTo !== null && before !== null && upTo <= before) {
      throw invalid(`the bins of ${attribute} do not rise: ${upTo} comes after ${before}`)
    }
  }
  return read
}

function labelPoints(bins: readonly Json[], attribute: string): ReadonlyMap<string, number> {
  const points = new Map<string, number>()
  for (const bin of bins) {
    for (const value of listOf(bin['values'], `the values of a bin of ${attribute}`)) {
      const label = textOf(value, `a value of ${attribute}`)
      if (points.has(label)) throw invalid(`${label} of ${attribute} is in two bins`)
      points.set(label, pointsOf(bin, attribute))
    }
  }
  return points
}

function scoreAtBest(model: ScoreModel, pick: (...points: number[]) => number): number {
  const ofOne = (one: Characteristic) => pick(0, ...one.labels.values(), ...one.numbers.map((bin) => bin.points))
  return model.characteristics.reduce((sum, one) => sum + ofOne(one), model.basePoints)
}

function pointsOf(bin: Json, attribute: string): number {
  return wholeOf(bin['points'], `the points of a bin of ${attribute}`)
}

function recordOf(value: unknown, what: string): Json {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Json
  throw invalid(`${what} must be an object`)
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw invalid(`${what} must be a list`)
}

function textOf(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw invalid(`${what} must be a text`)
}

function wholeOf(value: unknown, what: string): number {
  if (Number.isSafeInteger(value)) return value as number
  throw invalid(`${what} must be a whole number`)
}

function invalid(problem: string): ScoreModelError {
  return new ScoreModelError('SCORE_MODEL_INVALID', `The score model cannot be used: ${problem}.`)
}

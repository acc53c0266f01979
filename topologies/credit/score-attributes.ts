import type { ScoreFactor } from '#schemas'
import type { Characteristic, ScoreModel } from './score-model.ts'

/** Attributes of a consumer by name; null or missing where nobody knows. */
export type Attributes = Readonly<Record<string, string | number | null>>

/** A score, and what it is made of: `score = base + the points of all factors`. */
export type ModelScore = { readonly score: number; readonly base: number; readonly factors: readonly ScoreFactor[] }

/**
 * Scores by a model; null where fewer attributes are known than the model asks for.
 *
 * Points are counted from the average applicant, who has 0 everywhere. A factor below 0 therefore lowered the score by
 * just its points: without that fact the score had been so much higher. The best bin would be the wrong yardstick:
 * against it, a fact that is as good as most people's would "lower" the score too, and a refusal may name only what
 * did (DOMAIN §8). A value that no bin has counts as unknown.
 */
export function scoreAttributes(model: ScoreModel, attributes: Attributes): ModelScore | null {
  const points = model.characteristics.map((one) => pointsFor(one, attributes[one.attribute] ?? null))
  if (points.filter((one) => one !== null).length < model.knownMin) return null
  const factors = model.characteristics.map((one, index) => {
    return factorOf(one, attributes[one.attribute] ?? null, points[index] ?? 0)
  })
  const score = factors.reduce((sum, { points }) => sum + points, model.basePoints)
  return { score, base: model.basePoints, factors }
}

function factorOf(one: Characteristic, value: string | number | null, points: number): ScoreFactor {
  return { attribute: one.attribute, value: value === null ? null : String(value), points, code: one.reason }
}

/** The points of the bin that has a value; null where none has. */
function pointsFor({ numbers, labels }: Characteristic, value: string | number | null): number | null {
  if (value === null || Number.isNaN(value)) return null
  if (typeof value === 'string') return labels.get(value) ?? null
  return numbers.find(({ upTo }) => upTo === null || value <= upTo)?.points ?? null
}

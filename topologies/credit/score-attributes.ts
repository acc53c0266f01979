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
  const factors: ScoreFactor[] = []
  let known = 0
  let score = model.basePoints
  for (const one of model.characteristics) {
    const value = attributes[one.attribute] ?? null
    const points = pointsFor(one, value)
    if (points !== null) known++
    factors.push(factorOf(one, value, points ?? 0))
    score += points ?? 0
  }
  return known < model.knownMin ? null : { score, base: model.basePoints, factors }
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

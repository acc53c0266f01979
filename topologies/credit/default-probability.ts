import type { ScoreScale } from './score-model.ts'

/** How expected loss is worked out, in words: it stands in every report that has such figures. */
export const EXPECTED_LOSS_FORMULA =
  'expected loss = PD x amount of what is approved, rounded to the minor unit for each purchase, nothing recovered; ' +
  'PD = 1 / (1 + odds); odds = scale.odds x 2 ^ ((score - scale.score) / scale.pointsToDoubleOdds) of the tested model'

/** The probability that a credit of this score goes bad, by a model's scale: 1 / (1 + odds of good to bad). */
export function defaultProbability({ score: at, odds, pointsToDoubleOdds }: ScoreScale, score: number): number {
  return 1 / (1 + odds * 2 ** ((score - at) / pointsToDoubleOdds))
}

/** PD × amount, in whole minor units. */
export function expectedLossMinor(scale: ScoreScale, score: number, amountMinor: number): number {
  return Math.round(defaultProbability(scale, score) * amountMinor)
}

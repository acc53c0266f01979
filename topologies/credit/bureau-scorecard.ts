/**
 * Scorecard m0, for a report that tells a bureau's own score and little else: 0 to 1000, as a sum that can be checked
 * by hand. It knows nothing of a person but how they have borrowed and paid (DOMAIN §8: never sex, marital status,
 * nationality).
 */
import type { BureauFacts, ScoreFactor } from '#schemas'
import type { ReasonCode } from './reasons.ts'
import type { ModelScore } from './score-attributes.ts'
import { SCORE_MAX } from './score-model.ts'

/** The version that decisions name. */
export const BUREAU_SCORECARD = 'm0'

/** The score of somebody about whom nothing is known, good or bad. */
const REFERENCE = 600
const THIN_FILE_POINTS = -80

/**
 * Scores a report. A bureau score counts as it is; what speaks against the consumer is taken off, down to 0. Below that
 * the heaviest factor has lowered the score by so much less: it is always the sum of its points.
 */
export function scoreByBureau(report: BureauFacts): ModelScore {
  const { score: given, delinquencies, inquiries, oldestAccountMonths } = report
  const others = [
    factor('delinquencies', delinquencies, -Math.min(240, delinquencies * 80), 'SCORE_DELINQUENCIES'),
    factor('inquiries', inquiries, -Math.min(60, Math.max(0, inquiries - 3) * 15), 'SCORE_INQUIRIES'),
    factor('oldestAccountMonths', oldestAccountMonths, historyPoints(oldestAccountMonths), 'SCORE_SHORT_HISTORY'),
  ]
  const rest = others.reduce((sum, { points }) => sum + points, REFERENCE)
  // The others come to less than the reference, and it is the heaviest wherever it could lead below 0.
  const first =
    given === null
      ? factor('bureauScore', null, THIN_FILE_POINTS, 'SCORE_THIN_FILE')
      : factor('bureauScore', given, Math.max(given - REFERENCE, -rest), 'SCORE_BUREAU_HISTORY')
  return { score: Math.min(SCORE_MAX, rest + first.points), base: REFERENCE, factors: [first, ...others] }
}

function factor(attribute: string, value: number | null, points: number, code: ReasonCode): ScoreFactor {
  // Minus nothing is nothing: -0 would be another number to whoever compares.
  return { attribute, value: value === null ? null : String(value), points: points === 0 ? 0 : points, code }
}

function historyPoints(months: number): number {
  if (months < 6) return -60
  return months < 24 ? -30 : 0
}

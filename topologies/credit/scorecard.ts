/**
 * Scorecard m0: a score of 0 to 1000 from the bureau report, as a sum that can be checked by hand. It knows nothing of
 * a person but how they have borrowed and paid (DOMAIN §8: never sex, marital status, nationality).
 */
import type { BureauFacts } from '#schemas'
import type { ReasonCode } from './reasons.ts'

/** The version that decisions name. */
export const MODEL_VERSION = 'm0'

/** What one factor adds to the score; below 0 it lowered it, and may be a reason. */
export type Factor = { readonly code: ReasonCode; readonly points: number }

/** A score and what it is made of. */
export type Scored = { readonly score: number; readonly factors: readonly Factor[] }

/** The score of somebody about whom nothing is known, good or bad. */
const REFERENCE = 600
const THIN_FILE_POINTS = -80
const SCORE_MAX = 1_000

/** Scores a report. A bureau score counts as it is; what speaks against the consumer is taken off. */
export function scoreReport(report: BureauFacts): Scored {
  const factors: readonly Factor[] = [
    report.score === null
      ? { code: 'SCORE_THIN_FILE', points: THIN_FILE_POINTS }
      : { code: 'SCORE_BUREAU_HISTORY', points: report.score - REFERENCE },
    { code: 'SCORE_DELINQUENCIES', points: -Math.min(240, report.delinquencies * 80) },
    { code: 'SCORE_INQUIRIES', points: -Math.min(60, Math.max(0, report.inquiries - 3) * 15) },
    { code: 'SCORE_SHORT_HISTORY', points: historyPoints(report.oldestAccountMonths) },
  ]
  const sum = factors.reduce((score, factor) => score + factor.points, REFERENCE)
  return { score: Math.min(SCORE_MAX, Math.max(0, sum)), factors }
}

/** The factors that lowered the score, the heaviest first; among equals in the order of the scorecard. */
export function loweringFactors({ factors }: Scored): readonly Factor[] {
  return factors.filter((factor) => factor.points < 0).toSorted((left, right) => left.points - right.points)
}

function historyPoints(months: number): number {
  if (months < 6) return -60
  return months < 24 ? -30 : 0
}

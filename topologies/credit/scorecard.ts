/** The score of a bureau report: by the score model where the report has attributes, else by the bureau's own score. */
import type { BureauFacts, ScoreFactor } from '#schemas'
import { BUREAU_SCORECARD, scoreByBureau } from './bureau-scorecard.ts'
import { isReasonCode, type ReasonCode } from './reasons.ts'
import { rememberLast } from './remember-last.ts'
import { type Attributes, type ModelScore, scoreAttributes } from './score-attributes.ts'
import { openScoreModel, type ScoreModel } from './score-model.ts'
import m1 from './scorecard-m1.json' with { type: 'json' }

/** A score with the version of the model that made it. */
export type Scored = ModelScore & { readonly modelVersion: string }

/** The model that scores reports with attributes. */
export const SCORE_MODEL = openScoreModel(m1)

/** Scores a report by a model. One with too few attributes is scored as one without any. */
export function scoreReport(report: BureauFacts, model: ScoreModel = SCORE_MODEL): Scored {
  return scored(report, model)
}

/** The limit, the verdict and the explanation of a decision all ask for the same score. */
const scored = rememberLast((report: BureauFacts, model: ScoreModel): Scored => {
  const attributes: Attributes | null = report.attributes
  const byModel = attributes === null ? null : scoreAttributes(model, attributes)
  if (byModel !== null) return { ...byModel, modelVersion: model.version }
  return { ...scoreByBureau(report), modelVersion: BUREAU_SCORECARD }
})

/**
 * The score that a consumer's report has by a model: null without a report, for a file that is closed to us, and where
 * it takes a model that is not there.
 */
export function scoreOf(report: BureauFacts | null, model: ScoreModel | null): Scored | null {
  if (report === null || report.outcome === 'FROZEN') return null
  if (model !== null) return scoreReport(report, model)
  return report.attributes === null ? scoreReport(report) : null
}

/** The factors, what lowered the score most first; among equals in the order of the scorecard. */
export const ranked = rememberLast((factors: readonly ScoreFactor[]): readonly ScoreFactor[] => {
  return factors.toSorted((left, right) => left.points - right.points)
})

/** The reasons why a score is not higher, the heaviest first: the factors that lowered it, and no others. */
export const loweringReasons = rememberLast(({ factors }: Scored): readonly ReasonCode[] => {
  return ranked(factors)
    .filter(({ points }) => points < 0)
    .map(({ code }) => code)
    .filter(isReasonCode)
})

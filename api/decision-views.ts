import { z } from '@hono/zod-openapi'
import { text, whole } from './view-fields.ts'
import { DecisionRowView } from './views.ts'

const factor = z
  .object({
    attribute: text('What was looked at.', 'savings'),
    value: text('What it was; null where nobody knew.', 'BELOW_100').nullable(),
    points: z.int().openapi({ description: 'What it did to the score; below 0 it lowered it.', example: -15 }),
    code: text('The reason that it is where it lowered the score.', 'SCORE_SAVINGS'),
  })
  .openapi('ScoreFactor')

const shadow = z
  .object({
    variant: text('CHAMPION or CHALLENGER.', 'CHALLENGER'),
    policyVersion: text('The policy it goes by.', 'p3'),
    modelVersion: text('The model that scored.', 'm2'),
    score: whole('Its score; null where it could not tell one.', 540).nullable(),
    limitMinor: whole('The limit it would have given. Minor units.', 60_000),
    approved: z.boolean(),
    reasons: z.array(z.string()).openapi({ description: 'Codes of its refusal.' }),
  })
  .openapi('ShadowDecision')

const reference = z.object({
  bureau: text('The bureau.', 'primary'),
  requestId: text('Our question to it.', 'req_0123'),
  providerRef: text('Its own reference.', 'rep_0123').nullable(),
})

const report = reference
  .extend({
    outcome: text('FOUND, THIN_FILE or FROZEN.', 'FOUND'),
    reportedAt: text('When it came, ISO 8601.', '2026-03-01T00:00:00.000Z'),
    decisive: z.boolean().openapi({ description: 'True of the one that was decided by.' }),
  })
  .openapi('UsedReport')

const contradiction = z
  .object({
    source: text('OTHER_BUREAU, or SAME_BUREAU that said two things to one question.', 'OTHER_BUREAU'),
    standing: reference.openapi({ description: 'The report that was decided by.' }),
    other: reference.openapi({ description: 'The report that says something else.' }),
    fields: z.array(z.string()).openapi({ description: 'In what they differ.', example: ['score'] }),
  })
  .openapi('ReportContradiction')

const explanation = z
  .object({
    features: z.record(z.string(), z.number()).openapi({ description: 'What was looked at, as numbers.' }),
    rulesHit: z.array(z.string()).openapi({ description: 'Each rule that failed, and each factor below average.' }),
    scoreBase: whole('Where the score starts; the points of the factors are added.', 462).nullable(),
    variant: text('Who decided: CHAMPION, or CHALLENGER for its share of the consumers.', 'CHAMPION'),
    shadow: shadow.nullable().openapi({ description: 'What the other one would have decided; null where none runs.' }),
    reports: z.array(report).openapi({ description: 'The reports that it took into account, one a bureau.' }),
    contradiction: contradiction.nullable().openapi({ description: 'Null where the reports did not contradict.' }),
    factors: z.array(factor).openapi({ description: 'What the score is made of, what lowered it most first.' }),
  })
  .openapi('DecisionExplanation')

/** A decision, and for the lender all that it was made from. */
export const ExplainedDecisionView = DecisionRowView.extend({
  explanation: explanation
    .nullable()
    .openapi({ description: 'All that the decision was made from: for the lender; null for the consumer.' }),
}).openapi('ExplainedDecision')

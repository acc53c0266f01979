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

const explanation = z
  .object({
    features: z.record(z.string(), z.number()).openapi({ description: 'What was looked at, as numbers.' }),
    rulesHit: z.array(z.string()).openapi({ description: 'Each rule that failed, and each factor below average.' }),
    scoreBase: whole('Where the score starts; the points of the factors are added.', 462).nullable(),
    factors: z.array(factor).openapi({ description: 'What the score is made of, what lowered it most first.' }),
  })
  .openapi('DecisionExplanation')

/** A decision, and for the lender all that it was made from. */
export const ExplainedDecisionView = DecisionRowView.extend({
  explanation: explanation
    .nullable()
    .openapi({ description: 'All that the decision was made from: for the lender; null for the consumer.' }),
}).openapi('ExplainedDecision')

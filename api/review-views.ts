import { z } from '@hono/zod-openapi'
import { text, whole } from './view-fields.ts'
import { DecisionRowView } from './views.ts'

const { decisionId, purchaseId, consumerId, merchantId, merchantName, currency } = DecisionRowView.shape
const time = (what: string) => text(`${what} Business time, ISO 8601.`, '2026-03-15T00:00:00.000Z')

/** Where a review can stand. */
export const REVIEW_STATUSES = ['REQUESTED', 'CLAIMED', 'UPHELD', 'OVERTURNED'] as const

/** A review of a refusal by a person. */
export const CreditReviewView = z
  .object({
    reviewId: text('The id of the review.', 'rev_0123'),
    ...{ decisionId, purchaseId, consumerId, merchantId, merchantName, currency },
    amountMinor: whole('What was refused. Minor units.', 90_000),
    reasons: z.array(z.string()).openapi({ description: 'Codes of the refusal.', example: ['LIMIT_EXCEEDED'] }),
    statement: text('What the consumer has to say.', 'My income has risen since.'),
    openedBy: text('CONSUMER, or POLICY where the policy sends such refusals to a person itself.', 'CONSUMER'),
    status: text('REQUESTED, CLAIMED, UPHELD or OVERTURNED.', 'REQUESTED'),
    overdue: z.boolean().openapi({ description: 'True where nobody had decided by the deadline.' }),
    reviewer: text('Who looks at it.', 'Jo').nullable(),
    decisionReason: text('Why the refusal stands, or does not.', 'Proof of income seen.').nullable(),
    validUntil: time('Until then one purchase of up to this amount is approved there.').nullable(),
    dueAt: time('The deadline.'),
    requestedAt: time('When the consumer asked.'),
    decidedAt: time('When a person decided.').nullable(),
  })
  .openapi('CreditReview')

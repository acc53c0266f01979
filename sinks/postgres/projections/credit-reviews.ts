import { type Projection, patch, put, timestamp } from '../projection.ts'

export const creditReviews: Projection = {
  table: 'credit_reviews',
  key: ['review_id'],
  rules: {
    ReviewRequested: (event) =>
      put({
        review_id: event.reviewId,
        decision_id: event.decisionId,
        consumer_id: event.consumerId,
        purchase_id: event.purchaseId,
        merchant_id: event.merchantId,
        merchant_name: event.merchantName,
        amount_minor: event.amountMinor,
        currency: event.currency,
        reasons: event.reasons,
        statement: event.statement,
        opened_by: event.openedBy,
        status: 'REQUESTED',
        due_at: timestamp(event.dueAt),
        requested_at: timestamp(event.meta.occurredAt),
      }),
    ReviewClaimed: (event) => patch({ review_id: event.reviewId, status: 'CLAIMED', reviewer: event.reviewer }),
    ReviewOverdue: (event) => patch({ review_id: event.reviewId, overdue: true }),
    ReviewDecided: (event) =>
      patch({
        review_id: event.reviewId,
        status: event.overturned ? 'OVERTURNED' : 'UPHELD',
        reviewer: event.reviewer,
        decision_reason: event.reason,
        valid_until: event.validUntil === null ? null : timestamp(event.validUntil),
        decided_at: timestamp(event.meta.occurredAt),
      }),
  },
}

import { type Projection, put, timestamp } from '../projection.ts'

/** Either event can be the first of a consumer; what the other one says has a default until then. */
export const creditAccounts: Projection = {
  table: 'credit_accounts',
  key: ['consumer_id'],
  rules: {
    LimitChanged: (event) =>
      put({
        consumer_id: event.consumerId,
        currency: event.currency,
        limit_minor: event.limitMinor,
        score: event.score,
        policy_version: event.policyVersion,
        model_version: event.modelVersion,
        limit_reason: event.reason,
        updated_at: timestamp(event.meta.occurredAt),
      }),
    ExposureChanged: (event) =>
      put({
        consumer_id: event.consumerId,
        currency: event.currency,
        limit_minor: event.limitMinor,
        hold_minor: event.holdMinor,
        outstanding_minor: event.outstandingMinor,
        fees_minor: event.feesMinor,
        available_minor: event.availableMinor,
        blocked: event.blocked,
        updated_at: timestamp(event.meta.occurredAt),
      }),
  },
}

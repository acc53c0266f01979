import { type Projection, put, timestamp } from '../projection.ts'

export const limitChanges: Projection = {
  table: 'limit_changes',
  key: ['change_id'],
  rules: {
    LimitChanged: (event) =>
      put({
        change_id: event.meta.id,
        consumer_id: event.consumerId,
        currency: event.currency,
        limit_minor: event.limitMinor,
        previous_minor: event.previousMinor,
        reason: event.reason,
        reasons: event.reasons,
        rule: event.rule,
        percent: event.percent,
        score: event.score,
        policy_version: event.policyVersion,
        model_version: event.modelVersion,
        changed_at: timestamp(event.meta.occurredAt),
      }),
  },
}

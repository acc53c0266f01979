import { PRIMARY_GATEWAY } from '#domain/gateway-names.ts'
import type { PaymentAttemptFailed, PaymentDelayed, PaymentFailed, PaymentSucceeded } from '#schemas'
import { type Columns, type Projection, put, timestamp } from '../projection.ts'

export const payments: Projection = {
  table: 'payments',
  key: ['payment_id'],
  rules: {
    PaymentSucceeded: (event) =>
      put({
        ...attempted(event),
        ...NOT_DECLINED,
        ...grouped(event),
        status: 'SUCCEEDED',
        gateway_ref: event.gatewayRef,
      }),
    PaymentAttemptFailed: (event) => put({ ...attempted(event), ...declined(event), ...retried(event) }),
    PaymentDelayed: (event) => put({ ...attempted(event), ...retried(event) }),
    PaymentFailed: (event) =>
      put({
        ...attempted(event),
        ...declined(event),
        ...grouped(event),
        status: 'FAILED',
        next_attempt_on: null,
        next_action: event.nextAction,
      }),
  },
}

/** A payment that came in owes nothing to its earlier attempts. */
const NOT_DECLINED: Columns = { decline_code: null, decline_class: null, next_attempt_on: null, next_action: null }

function retried({ nextAttemptOn }: PaymentAttemptFailed | PaymentDelayed): Columns {
  return { status: 'RETRYING', next_attempt_on: nextAttemptOn, next_action: 'RETRY' }
}

function attempted(event: PaymentSucceeded | PaymentAttemptFailed | PaymentDelayed | PaymentFailed): Columns {
  return {
    payment_id: event.paymentId,
    consumer_id: event.consumerId,
    plan_id: event.planId,
    instalment_no: event.instalmentNo,
    amount_minor: event.amountMinor,
    currency: event.currency,
    ...('gateway' in event ? { gateway: event.gateway ?? PRIMARY_GATEWAY } : {}),
    attempts: event.attempt,
    business_date: event.meta.businessDate,
    updated_at: timestamp(event.meta.occurredAt),
  }
}

function grouped({ groupId }: PaymentSucceeded | PaymentFailed): Columns {
  return { group_id: groupId }
}

function declined(event: PaymentAttemptFailed | PaymentFailed): Columns {
  return { decline_code: event.declineCode, decline_class: event.declineClass }
}

import { PRIMARY_GATEWAY } from '#domain/gateway-names.ts'
import type { PaymentAttemptFailed, PaymentFailed, PaymentRerouted, PaymentSucceeded } from '#schemas'
import { type Columns, type Projection, put, timestamp } from '../projection.ts'

/** Where each attempt of a payment went, and how it ended there. */
export const paymentAttempts: Projection = {
  table: 'payment_attempts',
  key: ['payment_id', 'attempt', 'gateway'],
  rules: {
    PaymentRerouted: (event) => put({ ...attempted(event, event.fromGateway), ...declined(event, 'REROUTED') }),
    PaymentAttemptFailed: (event) =>
      put({ ...attempted(event, event.gateway), ...declined(event, 'FAILED'), ...said(event) }),
    PaymentFailed: (event) => put({ ...attempted(event, event.gateway), ...declined(event, 'FAILED'), ...said(event) }),
    PaymentSucceeded: (event) => put({ ...attempted(event, event.gateway), outcome: 'SUCCEEDED', decline_code: null }),
  },
}

type Attempted = PaymentRerouted | PaymentAttemptFailed | PaymentFailed | PaymentSucceeded

function attempted({ paymentId, attempt, meta }: Attempted, gateway: string | null): Columns {
  return {
    payment_id: paymentId,
    attempt,
    gateway: gateway ?? PRIMARY_GATEWAY,
    business_date: meta.businessDate,
    at: timestamp(meta.occurredAt),
  }
}

function said({ network, networkCode }: PaymentAttemptFailed | PaymentFailed): Columns {
  return { network, network_code: networkCode }
}

function declined({ declineCode }: { readonly declineCode: string }, outcome: string): Columns {
  return { outcome, decline_code: declineCode }
}

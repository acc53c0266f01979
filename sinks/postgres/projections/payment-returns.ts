import { PRIMARY_GATEWAY } from '#domain/gateway-names.ts'
import type { PaymentReturned, PaymentReturnFailed } from '#schemas'
import { type Columns, type Projection, put, timestamp } from '../projection.ts'

export const paymentReturns: Projection = {
  table: 'payment_returns',
  key: ['return_id'],
  rules: {
    PaymentReturned: (event) =>
      put({
        ...answered(event),
        status: 'RETURNED',
        gateway_ref: event.gatewayRef,
        gateway: event.gateway ?? PRIMARY_GATEWAY,
      }),
    PaymentReturnFailed: (event) => put({ ...answered(event), status: 'FAILED', decline_code: event.declineCode }),
  },
}

function answered(event: PaymentReturned | PaymentReturnFailed): Columns {
  return {
    return_id: event.returnId,
    payment_id: event.paymentId,
    plan_id: event.planId,
    consumer_id: event.consumerId,
    amount_minor: event.amountMinor,
    currency: event.currency,
    updated_at: timestamp(event.meta.occurredAt),
  }
}

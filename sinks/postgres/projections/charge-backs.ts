import { type Projection, patch, put, timestamp } from '../projection.ts'

export const chargeBacks: Projection = {
  table: 'charge_backs',
  key: ['charge_back_id'],
  rules: {
    PaymentChargedBack: (event) =>
      put({
        charge_back_id: event.chargeBackId,
        payment_id: event.paymentId,
        plan_id: event.planId,
        purchase_id: event.purchaseId,
        consumer_id: event.consumerId,
        amount_minor: event.amountMinor,
        currency: event.currency,
        reason: event.reason,
        status: 'OPEN',
        charged_back_at: timestamp(event.meta.occurredAt),
      }),
    ChargeBackDecided: (event) =>
      patch({
        charge_back_id: event.chargeBackId,
        status: event.won ? 'WON' : 'LOST',
        decided_at: timestamp(event.meta.occurredAt),
      }),
  },
}

import { type Projection, patch, put, timestamp } from '../projection.ts'

/** A settlement that pays something has asked for its payout in the same step. */
export const payouts: Projection = {
  table: 'payouts',
  key: ['settlement_id'],
  rules: {
    SettlementClosed: (event) =>
      event.payoutMinor === 0
        ? []
        : put({
            settlement_id: event.settlementId,
            merchant_id: event.merchantId,
            amount_minor: event.payoutMinor,
            currency: event.currency,
            status: 'REQUESTED',
            updated_at: timestamp(event.meta.occurredAt),
          }),
    PayoutPaid: (event) =>
      patch({
        settlement_id: event.settlementId,
        status: 'PAID',
        gateway_ref: event.gatewayRef,
        updated_at: timestamp(event.meta.occurredAt),
      }),
    PayoutHeld: (event) =>
      patch({ settlement_id: event.settlementId, status: 'HELD', updated_at: timestamp(event.meta.occurredAt) }),
    PayoutFailed: (event) =>
      patch({
        settlement_id: event.settlementId,
        status: 'FAILED',
        attempts: event.attempt,
        failure_code: event.failureCode,
        updated_at: timestamp(event.meta.occurredAt),
      }),
  },
}

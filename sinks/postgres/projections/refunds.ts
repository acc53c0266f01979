import { type Projection, put, timestamp } from '../projection.ts'

export const refunds: Projection = {
  table: 'refunds',
  key: ['refund_id'],
  rules: {
    PurchaseRefunded: (event) =>
      put({
        refund_id: event.refundId,
        purchase_id: event.purchaseId,
        capture_id: event.captureId,
        consumer_id: event.consumerId,
        merchant_id: event.merchantId,
        amount_minor: event.amountMinor,
        currency: event.currency,
        reason: event.reason,
        dispute_id: event.disputeId,
        items: event.items,
        refunded_at: timestamp(event.meta.occurredAt),
      }),
  },
}

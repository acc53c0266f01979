import { type Projection, put, timestamp } from '../projection.ts'

export const captures: Projection = {
  table: 'captures',
  key: ['capture_id'],
  rules: {
    PurchaseCaptured: (event) =>
      put({
        capture_id: event.captureId,
        purchase_id: event.purchaseId,
        consumer_id: event.consumerId,
        merchant_id: event.merchantId,
        amount_minor: event.amountMinor,
        currency: event.currency,
        captured_at: timestamp(event.meta.occurredAt),
      }),
  },
}

import { type Projection, put, timestamp } from '../projection.ts'

export const releases: Projection = {
  table: 'releases',
  key: ['release_id'],
  rules: {
    PurchaseReleased: (event) =>
      put({
        release_id: event.releaseId,
        purchase_id: event.purchaseId,
        consumer_id: event.consumerId,
        merchant_id: event.merchantId,
        cause: event.cause,
        amount_minor: event.amountMinor,
        currency: event.currency,
        released_at: timestamp(event.meta.occurredAt),
      }),
  },
}

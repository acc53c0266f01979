import { type Projection, patch, put, timestamp } from '../projection.ts'

export const checkouts: Projection = {
  table: 'checkouts',
  key: ['checkout_id'],
  rules: {
    CheckoutCreated: (event) =>
      put({
        checkout_id: event.checkoutId,
        merchant_id: event.merchantId,
        merchant_name: event.merchantName,
        amount_minor: event.amountMinor,
        currency: event.currency,
        items: event.items,
        merchant_reference: event.merchantReference,
        consumer_id: event.consumerId,
        return_url: event.returnUrl,
        status: event.consumerId === null ? 'OPEN' : 'CLAIMED',
        created_at: timestamp(event.meta.occurredAt),
        expires_at: timestamp(event.expiresAt),
      }),
    CheckoutClaimed: (event) =>
      patch({ checkout_id: event.checkoutId, consumer_id: event.consumerId, status: 'CLAIMED' }),
    CheckoutExpired: (event) => patch({ checkout_id: event.checkoutId, status: 'EXPIRED' }),
  },
}

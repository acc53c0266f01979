import { type Projection, put, timestamp } from '../projection.ts'

export const paymentMethods: Projection = {
  table: 'payment_methods',
  key: ['payment_method_id'],
  rules: {
    PaymentMethodAdded: (event) =>
      put({
        payment_method_id: event.paymentMethodId,
        consumer_id: event.consumerId,
        brand: event.brand,
        last4: event.last4,
        expiry_month: event.expiryMonth,
        expiry_year: event.expiryYear,
        added_at: timestamp(event.meta.occurredAt),
      }),
  },
}

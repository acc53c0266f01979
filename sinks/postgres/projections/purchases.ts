import type { PurchaseReleased } from '#schemas'
import { type Projection, patch, put, timestamp } from '../projection.ts'

export const purchases: Projection = {
  table: 'purchases',
  key: ['purchase_id'],
  rules: {
    PurchaseRequested: (event) =>
      put({
        purchase_id: event.purchaseId,
        checkout_id: event.checkoutId,
        consumer_id: event.consumerId,
        merchant_id: event.merchantId,
        merchant_name: event.merchantName,
        product: event.product,
        amount_minor: event.amountMinor,
        currency: event.currency,
        payment_method_id: event.paymentMethodId,
        merchant_reference: event.merchantReference,
        items: event.items,
        status: 'PENDING',
        requested_on: event.meta.businessDate,
        requested_at: timestamp(event.meta.occurredAt),
      }),
    PurchaseAuthorised: (event) =>
      patch({
        purchase_id: event.purchaseId,
        plan_id: event.planId,
        status: 'AUTHORISED',
        authorised_at: timestamp(event.meta.occurredAt),
        expires_at: timestamp(event.expiresAt),
      }),
    PurchaseRejected: (event) =>
      patch({
        purchase_id: event.purchaseId,
        status: 'REJECTED',
        rejected_cause: event.cause,
        reasons: event.reasons,
      }),
    PurchaseCaptured: (event) =>
      patch({
        purchase_id: event.purchaseId,
        status: event.capturedMinor + event.releasedMinor === event.authorisedMinor ? 'CAPTURED' : 'PARTLY_CAPTURED',
        captured_minor: event.capturedMinor,
      }),
    PurchaseReleased: (event) =>
      patch({ purchase_id: event.purchaseId, status: statusAfter(event), released_minor: event.releasedMinor }),
    PurchaseExtended: (event) => patch({ purchase_id: event.purchaseId, expires_at: timestamp(event.expiresAt) }),
    PurchaseRefunded: (event) =>
      patch({
        purchase_id: event.purchaseId,
        refunded_minor: event.refundedMinor,
        refunded_items: event.refundedItems,
      }),
    PurchaseCompleted: (event) =>
      patch({
        purchase_id: event.purchaseId,
        status: 'COMPLETED',
        completed_at: timestamp(event.meta.occurredAt),
      }),
  },
}

/** A release can leave something open; else it ends the purchase, or the capturing of it. */
function statusAfter(event: PurchaseReleased): string {
  const open = event.authorisedMinor - event.capturedMinor - event.releasedMinor
  if (open > 0) return event.capturedMinor > 0 ? 'PARTLY_CAPTURED' : 'AUTHORISED'
  if (event.capturedMinor > 0) return 'CAPTURED'
  return event.cause === 'EXPIRED' ? 'EXPIRED' : 'VOIDED'
}

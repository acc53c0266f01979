/** What a merchant may ask of a purchase in which state, as data. The states themselves are in purchase-machine.ts. */
import type { PurchaseOrder, PurchaseState, PurchaseStatus, ReleaseCause } from '#schemas'

/** A purchase that is known and has a plan. */
export type Authorised = PurchaseState & { readonly order: PurchaseOrder; readonly planId: string }

/** What a merchant may ask of a purchase. */
export type MerchantAction = 'CapturePurchase' | 'ReleasePurchase' | 'RefundPurchase' | 'ExtendPurchase'

/** Why an action is refused in a state. */
export type IllegalCode =
  | 'PURCHASE_UNKNOWN'
  | 'NOT_AUTHORISED'
  | 'PURCHASE_VOIDED'
  | 'AUTHORISATION_EXPIRED'
  | 'CAPTURE_OVER_AUTHORISED'
  | 'NOTHING_TO_RELEASE'
  | 'NOTHING_CAPTURED'
  | 'NOTHING_TO_EXTEND'

/** Which action is legal in which state; where it is not, the code of the refusal. */
export const LEGAL: Readonly<Record<MerchantAction, Readonly<Record<PurchaseStatus, 'legal' | IllegalCode>>>> = {
  CapturePurchase: {
    NEW: 'PURCHASE_UNKNOWN',
    PENDING: 'NOT_AUTHORISED',
    AUTHORISED: 'legal',
    PARTLY_CAPTURED: 'legal',
    CAPTURED: 'CAPTURE_OVER_AUTHORISED',
    COMPLETED: 'CAPTURE_OVER_AUTHORISED',
    REJECTED: 'NOT_AUTHORISED',
    VOIDED: 'PURCHASE_VOIDED',
    EXPIRED: 'AUTHORISATION_EXPIRED',
  },
  ReleasePurchase: {
    NEW: 'PURCHASE_UNKNOWN',
    PENDING: 'NOT_AUTHORISED',
    AUTHORISED: 'legal',
    PARTLY_CAPTURED: 'legal',
    CAPTURED: 'NOTHING_TO_RELEASE',
    COMPLETED: 'NOTHING_TO_RELEASE',
    REJECTED: 'NOT_AUTHORISED',
    VOIDED: 'PURCHASE_VOIDED',
    EXPIRED: 'AUTHORISATION_EXPIRED',
  },
  RefundPurchase: {
    NEW: 'PURCHASE_UNKNOWN',
    PENDING: 'NOT_AUTHORISED',
    AUTHORISED: 'NOTHING_CAPTURED',
    PARTLY_CAPTURED: 'legal',
    CAPTURED: 'legal',
    COMPLETED: 'legal',
    REJECTED: 'NOT_AUTHORISED',
    VOIDED: 'NOTHING_CAPTURED',
    EXPIRED: 'NOTHING_CAPTURED',
  },
  ExtendPurchase: {
    NEW: 'PURCHASE_UNKNOWN',
    PENDING: 'NOT_AUTHORISED',
    AUTHORISED: 'legal',
    PARTLY_CAPTURED: 'legal',
    CAPTURED: 'NOTHING_TO_EXTEND',
    COMPLETED: 'NOTHING_TO_EXTEND',
    REJECTED: 'NOT_AUTHORISED',
    VOIDED: 'PURCHASE_VOIDED',
    EXPIRED: 'AUTHORISATION_EXPIRED',
  },
}

/** What each refusal by state says to the merchant. */
export const ILLEGAL_DETAIL: Readonly<Record<IllegalCode, string>> = {
  PURCHASE_UNKNOWN: 'There is no such purchase. Check the id.',
  NOT_AUTHORISED: 'The purchase is not authorised: it is still being decided, or it was rejected.',
  PURCHASE_VOIDED: 'The purchase was voided: nothing of it can be captured or released any more.',
  AUTHORISATION_EXPIRED:
    'The authorisation has expired and what was not captured was released. Ask for a new purchase.',
  CAPTURE_OVER_AUTHORISED: 'Nothing is left to capture: all that was authorised is captured or released.',
  NOTHING_TO_RELEASE: 'Nothing is left to release: all that was authorised is captured or released.',
  NOTHING_TO_EXTEND: 'Nothing is left to capture, so there is no authorisation to extend.',
  NOTHING_CAPTURED: 'Nothing was captured, so there is nothing to refund. Release the purchase instead.',
}

/** True while something of the purchase may still be captured. */
export function isOpen(status: PurchaseStatus): boolean {
  return status === 'AUTHORISED' || status === 'PARTLY_CAPTURED'
}

/** Authorised, neither captured nor released; minor units. */
export function openMinor(state: PurchaseState): number {
  return (state.order?.amountMinor ?? 0) - state.capturedMinor - state.releasedMinor
}

/** The state an open purchase is in after a capture or a release. */
export function statusAfter(state: PurchaseState, cause: ReleaseCause | 'CAPTURED'): PurchaseStatus {
  const open = openMinor(state) > 0
  if (state.capturedMinor > 0) return open ? 'PARTLY_CAPTURED' : 'CAPTURED'
  if (open) return 'AUTHORISED'
  return cause === 'EXPIRED' ? 'EXPIRED' : 'VOIDED'
}

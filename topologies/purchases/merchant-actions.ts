/** What a merchant does with an authorised purchase: capture, release, refund, extend; each with its refusals. */
import { AUTHORISATION_DAYS_MAX } from '#domain/authorisation-days.ts'
import { msToDate } from '#domain/calendar.ts'
import { formatMinor } from '#domain/money.ts'
import type {
  CapturePurchase,
  ExtendPurchase,
  PurchaseEvent,
  PurchaseOrder,
  PurchaseState,
  RefundPurchase,
  ReleasePurchase,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { type Authorised, ILLEGAL_DETAIL, LEGAL, openMinor } from './lifecycle.ts'
import { refunded, refundRefusal } from './refund-commands.ts'
import { type Refusal, refused, SOURCE } from './refusal.ts'

type MerchantCommand = CapturePurchase | ReleasePurchase | RefundPurchase | ExtendPurchase

const DAY_MS = 86_400_000

/** The one outcome of a merchant's command. */
export function decideMerchantAction(state: PurchaseState, command: MerchantCommand): readonly PurchaseEvent[] {
  const refusal = refusalOf(state, command)
  if (refusal) return [refused(command, ...refusal)]
  const purchase = state as Authorised
  switch (command.type) {
    case 'CapturePurchase':
      return [captured(purchase, command)]
    case 'ReleasePurchase':
      return [released(purchase, command)]
    case 'RefundPurchase':
      return [refunded(purchase, command)]
    case 'ExtendPurchase':
      return [extended(purchase, command)]
  }
}

function refusalOf(state: PurchaseState, command: MerchantCommand): Refusal | null {
  const { order } = state
  if (order === null || order.consumerId !== command.consumerId) {
    return ['PURCHASE_UNKNOWN', ILLEGAL_DETAIL.PURCHASE_UNKNOWN]
  }
  if (order.merchantId !== command.merchantId) {
    return ['MERCHANT_MISMATCH', 'The purchase belongs to another merchant.']
  }
  const legal = LEGAL[command.type][state.status]
  if (legal !== 'legal') return [legal, ILLEGAL_DETAIL[legal]]
  if (command.type === 'ExtendPurchase') return extendRefusal(state, order, command)
  if (command.type !== 'ReleasePurchase' && command.currency !== order.currency) {
    return ['CURRENCY_MISMATCH', `The purchase is in ${order.currency}, not in ${command.currency}.`]
  }
  if (command.amountMinor !== null && !(Number.isSafeInteger(command.amountMinor) && command.amountMinor > 0)) {
    return ['AMOUNT_INVALID', 'The amount must be a whole number of minor units above 0.']
  }
  switch (command.type) {
    case 'CapturePurchase':
      return captureRefusal(state, command, order.currency)
    case 'ReleasePurchase':
      return releaseRefusal(state, command, order.currency)
    case 'RefundPurchase':
      return refundRefusal(state, order, command)
  }
}

function captureRefusal(state: PurchaseState, command: CapturePurchase, currency: string): Refusal | null {
  if (state.captures.some((capture) => capture.captureId === command.captureId)) {
    return ['CAPTURE_EXISTS', `The capture ${command.captureId} was made already.`]
  }
  // The tick that releases the rest may still be on its way.
  if (state.expiresAt !== null && command.meta.occurredAt >= state.expiresAt) {
    return ['AUTHORISATION_EXPIRED', ILLEGAL_DETAIL.AUTHORISATION_EXPIRED]
  }
  const open = openMinor(state)
  if (command.amountMinor <= open) return null
  return ['CAPTURE_OVER_AUTHORISED', `At most ${formatMinor(open, currency)} ${currency} can be captured.`]
}

function releaseRefusal(state: PurchaseState, command: ReleasePurchase, currency: string): Refusal | null {
  if (state.releaseIds.includes(command.releaseId)) {
    return ['RELEASE_EXISTS', `The release ${command.releaseId} was made already.`]
  }
  const open = openMinor(state)
  if (command.amountMinor === null || command.amountMinor <= open) return null
  return ['RELEASE_OVER_OPEN', `At most ${formatMinor(open, currency)} ${currency} can be released.`]
}

/** Only forward, only while it lasts, and never for longer than anybody may hold a limit. */
function extendRefusal(state: PurchaseState, order: PurchaseOrder, command: ExtendPurchase): Refusal | null {
  const expiresAt = state.expiresAt ?? 0
  if (command.meta.occurredAt >= expiresAt) return ['AUTHORISATION_EXPIRED', ILLEGAL_DETAIL.AUTHORISATION_EXPIRED]
  if (command.expiresAt <= expiresAt) {
    return ['EXTENSION_NOT_LATER', `The authorisation lasts until ${msToDate(expiresAt)} already. Name a later day.`]
  }
  const latest = order.requestedAt + AUTHORISATION_DAYS_MAX * DAY_MS
  if (command.expiresAt <= latest) return null
  const most = `${AUTHORISATION_DAYS_MAX} days after the purchase, until ${msToDate(latest)}`
  return ['EXTENSION_TOO_LONG', `An authorisation lasts at most ${most}.`]
}

function captured(state: Authorised, command: CapturePurchase): PurchaseEvent {
  const { order, planId, purchaseId } = state
  return {
    type: 'PurchaseCaptured',
    meta: childMeta(SOURCE, command, 'PurchaseCaptured'),
    consumerId: order.consumerId,
    purchaseId,
    planId,
    merchantId: order.merchantId,
    captureId: command.captureId,
    product: order.product,
    amountMinor: command.amountMinor,
    currency: order.currency,
    capturedMinor: state.capturedMinor + command.amountMinor,
    releasedMinor: state.releasedMinor,
    authorisedMinor: order.amountMinor,
    terms: order.terms,
    payoutAccount: order.payoutAccount,
  }
}

function released(state: Authorised, command: ReleasePurchase): PurchaseEvent {
  const { order, planId, purchaseId } = state
  const open = openMinor(state)
  const amountMinor = command.amountMinor ?? open
  return {
    type: 'PurchaseReleased',
    meta: childMeta(SOURCE, command, 'PurchaseReleased'),
    consumerId: order.consumerId,
    purchaseId,
    planId,
    merchantId: order.merchantId,
    releaseId: command.releaseId,
    cause: state.capturedMinor === 0 && amountMinor === open ? 'VOIDED' : 'RELEASED',
    amountMinor,
    currency: order.currency,
    capturedMinor: state.capturedMinor,
    releasedMinor: state.releasedMinor + amountMinor,
    authorisedMinor: order.amountMinor,
  }
}

function extended({ order, planId, purchaseId }: Authorised, command: ExtendPurchase): PurchaseEvent {
  const { consumerId, merchantId } = order
  const meta = childMeta(SOURCE, command, 'PurchaseExtended')
  return { type: 'PurchaseExtended', meta, consumerId, purchaseId, planId, merchantId, expiresAt: command.expiresAt }
}

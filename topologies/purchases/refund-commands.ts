/** A merchant's refund, by amount or by line of the basket: its refusals and its event. */
import { formatMinor } from '#domain/money.ts'
import { amountOfItems, withRefunded } from '#domain/refund-items.ts'
import type { PurchaseEvent, PurchaseOrder, PurchaseState, RefundPurchase } from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { disputableMinor } from './disputes.ts'
import type { Authorised } from './lifecycle.ts'
import { refundableMinor } from './refunds.ts'
import { type Refusal, SOURCE } from './refusal.ts'

/** Why a refund cannot be made; null where it can. Lines limit a refund by line, captures limit every refund. */
export function refundRefusal(state: PurchaseState, order: PurchaseOrder, command: RefundPurchase): Refusal | null {
  if (state.refundIds.includes(command.refundId)) {
    return ['REFUND_EXISTS', `The refund ${command.refundId} was made already.`]
  }
  const capture = state.captures.find((one) => one.captureId === command.captureId)
  if (command.captureId !== null && capture === undefined) {
    return ['CAPTURE_UNKNOWN', `The purchase has no capture ${command.captureId}.`]
  }
  if ((command.amountMinor === null) === (command.items.length === 0)) {
    return ['AMOUNT_INVALID', 'Refund an amount or items: name exactly one of the two.']
  }
  const amountMinor = amountOf(state, order, command)
  if (typeof amountMinor !== 'number') return amountMinor
  const { currency } = order
  const left = capture ? refundableMinor(capture) : state.capturedMinor - state.refundedMinor
  const free = disputableMinor(state)
  if (amountMinor <= left && amountMinor > free) {
    const most = `${formatMinor(free, currency)} ${currency}`
    return ['REFUND_DISPUTED', `The rest is disputed: refund at most ${most}, or accept the dispute.`]
  }
  if (amountMinor <= left) return null
  return ['REFUND_OVER_CAPTURED', `At most ${formatMinor(left, currency)} ${currency} can be refunded.`]
}

/** The refund that was not refused. */
export function refunded(state: Authorised, command: RefundPurchase): PurchaseEvent {
  const { order, planId, purchaseId } = state
  const amountMinor = Number(amountOf(state, order, command))
  return {
    type: 'PurchaseRefunded',
    meta: childMeta(SOURCE, command, 'PurchaseRefunded'),
    consumerId: order.consumerId,
    purchaseId,
    planId,
    merchantId: order.merchantId,
    refundId: command.refundId,
    captureId: command.captureId,
    product: order.product,
    amountMinor,
    currency: order.currency,
    refundedMinor: state.refundedMinor + amountMinor,
    capturedMinor: state.capturedMinor,
    terms: order.terms,
    payoutAccount: order.payoutAccount,
    reason: command.reason,
    disputeId: null,
    items: command.items,
    refundedItems: withRefunded(state.refundedItems, command.items),
  }
}

function amountOf(state: PurchaseState, order: PurchaseOrder, command: RefundPurchase): number | Refusal {
  const basket = { items: order.items, refundedItems: state.refundedItems }
  return command.amountMinor ?? amountOfItems(basket, command.items)
}

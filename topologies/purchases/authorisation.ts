/**
 * How a request becomes a purchase or is rejected. The request comes from one topic, its outcome from others, and no
 * order is given between topics: an outcome that is heard first is kept in the state until the request is read.
 */

import { AUTHORISATION_DAYS } from '#domain/authorisation-days.ts'
import { deriveId } from '#domain/ids.ts'
import type {
  ClockTicked,
  EarlyOutcome,
  PurchaseEvent,
  PurchaseOrder,
  PurchaseState,
  Reason,
  RequestPurchase,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import type { PurchaseOutcome } from './facts.ts'
import { isOpen, openMinor } from './lifecycle.ts'
import { refused, SOURCE } from './refusal.ts'

const DAY_MS = 86_400_000

/** A request is noted as pending, once; its outcome follows at once where it was heard before. */
export function decideRequest(state: PurchaseState, command: RequestPurchase): readonly PurchaseEvent[] {
  if (state.status !== 'NEW') {
    return [
      refused(command, 'PURCHASE_EXISTS', 'The checkout was confirmed before. Read the purchase, or check out anew.'),
    ]
  }
  const { type: _type, meta: _meta, ...order } = command
  const requested: PurchaseEvent = {
    type: 'PurchaseRequested',
    meta: childMeta(SOURCE, command, 'PurchaseRequested'),
    ...order,
  }
  const purchase = { ...order, requestedAt: command.meta.occurredAt }
  return state.early === null ? [requested] : [requested, settled(purchase, command.purchaseId, state.early, command)]
}

/** What credit or the plan says of a purchase: kept where the request is still to come, used while it is pending. */
export function decideOutcome(
  state: PurchaseState,
  news: PurchaseOutcome,
): readonly (PurchaseEvent | PurchaseOutcome)[] {
  const outcome = outcomeOf(news)
  if (outcome === null) return []
  if (state.status === 'NEW') return [news]
  if (state.status !== 'PENDING' || state.order === null) return []
  return [settled(state.order, state.purchaseId, outcome, news)]
}

/** What is not captured when the authorisation ends is released. */
export function decideExpiry(state: PurchaseState, tick: ClockTicked): readonly PurchaseEvent[] {
  const { order, planId, expiresAt } = state
  if (order === null || planId === null || expiresAt === null) return []
  if (!isOpen(state.status) || tick.time < expiresAt) return []
  const amountMinor = openMinor(state)
  return [
    {
      type: 'PurchaseReleased',
      meta: childMeta(SOURCE, tick, 'PurchaseReleased', state.purchaseId),
      consumerId: order.consumerId,
      purchaseId: state.purchaseId,
      planId,
      merchantId: order.merchantId,
      releaseId: deriveId('rel', state.purchaseId, 'expired'),
      cause: 'EXPIRED',
      amountMinor,
      currency: order.currency,
      capturedMinor: state.capturedMinor,
      releasedMinor: state.releasedMinor + amountMinor,
      authorisedMinor: order.amountMinor,
    },
  ]
}

/** What the news means for the purchase; null where it is none of its business. */
export function outcomeOf(news: PurchaseOutcome): EarlyOutcome | null {
  switch (news.type) {
    case 'PlanAuthorised':
      return { planId: news.planId, cause: null, reasons: [] }
    case 'PlanCancelled':
      return cancelled(news.cause)
    case 'PurchaseDeclined':
      // It answers a second request for a checkout that was confirmed before, and says nothing of this purchase.
      if (news.reasons.some((reason) => reason.code === 'PURCHASE_EXISTS')) return null
      return { planId: null, cause: 'CREDIT_DECLINED', reasons: news.reasons }
  }
}

/** Why there is no plan; null where there was one, which came to nothing. */
function cancelled(cause: string): EarlyOutcome | null {
  const reason = CANCELLED[cause]
  return reason === undefined ? null : { planId: null, cause, reasons: [{ code: cause, ...reason }] }
}

const CANCELLED: Readonly<Record<string, Omit<Reason, 'code'>>> = {
  FIRST_PAYMENT_FAILED: {
    text: 'The first payment did not go through.',
    texts: { de: 'Die erste Zahlung ist nicht durchgegangen.' },
  },
  AMOUNT_OVERFLOW: {
    text: 'The amount is too large for a payment plan.',
    texts: { de: 'Der Betrag ist zu groß für einen Zahlungsplan.' },
  },
}

function settled(
  order: PurchaseOrder,
  purchaseId: string,
  outcome: EarlyOutcome,
  cause: PurchaseOutcome | RequestPurchase,
): PurchaseEvent {
  const { consumerId, checkoutId, merchantId, amountMinor, currency } = order
  const purchase = { consumerId, purchaseId, checkoutId, merchantId, amountMinor, currency }
  if (outcome.planId === null) {
    return {
      type: 'PurchaseRejected',
      meta: childMeta(SOURCE, cause, 'PurchaseRejected'),
      ...purchase,
      cause: outcome.cause ?? 'CREDIT_DECLINED',
      reasons: outcome.reasons,
    }
  }
  return {
    type: 'PurchaseAuthorised',
    meta: childMeta(SOURCE, cause, 'PurchaseAuthorised'),
    ...purchase,
    planId: outcome.planId,
    merchantName: order.merchantName,
    product: order.product,
    merchantReference: order.merchantReference,
    expiresAt: cause.meta.occurredAt + (order.terms.authorisationDays ?? AUTHORISATION_DAYS) * DAY_MS,
  }
}

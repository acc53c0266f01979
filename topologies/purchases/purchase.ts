/**
 * One purchase, from the request to the last refund.
 *
 * Invariants: captured + released + open = authorised; refunded <= captured, per capture and in total, and of
 * each line at most its quantity by line; every command has exactly one outcome event.
 */
import type { ClockTicked, PlanCompleted, PurchaseEvent, PurchaseState } from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import type { Decider } from '#streams'
import { decideExpiry, decideOutcome, decideRequest, outcomeOf } from './authorisation.ts'
import { decideChargeBack } from './charge-backs.ts'
import { decideDisputeCommand, decideOverdueDisputes } from './dispute-commands.ts'
import { evolveDisputes, nextEvidenceDueAt } from './disputes.ts'
import type { PurchaseFact, PurchaseInput } from './facts.ts'
import { isOpen, statusAfter } from './lifecycle.ts'
import { decideMerchantAction } from './merchant-actions.ts'
import { checkedMove } from './purchase-machine.ts'
import { applyRefund } from './refunds.ts'
import { SOURCE } from './refusal.ts'

/** The rules of one purchase; the key is the purchase id. */
export const purchase: Decider<PurchaseState, PurchaseInput, PurchaseFact> = {
  initial: (purchaseId) => ({
    purchaseId,
    status: 'NEW',
    order: null,
    planId: null,
    expiresAt: null,
    capturedMinor: 0,
    releasedMinor: 0,
    refundedMinor: 0,
    captures: [],
    releaseIds: [],
    refundIds: [],
    reasons: [],
    early: null,
    disputes: [],
    refundedItems: [],
  }),
  keyOf: (input) => (input.type === 'ClockTicked' ? null : input.purchaseId),
  decide: (state, input) => {
    switch (input.type) {
      case 'RequestPurchase':
        return decideRequest(state, input)
      case 'PlanAuthorised':
      case 'PlanCancelled':
      case 'PurchaseDeclined':
        return decideOutcome(state, input)
      case 'CapturePurchase':
      case 'ReleasePurchase':
      case 'ExtendPurchase':
      case 'RefundPurchase':
        return decideMerchantAction(state, input)
      case 'PlanCompleted':
        return decideCompletion(state, input)
      case 'OpenDispute':
      case 'WithdrawDispute':
      case 'AcceptDispute':
      case 'SubmitDisputeEvidence':
      case 'DecideDispute':
        return decideDisputeCommand(state, input)
      case 'PaymentChargedBack':
      case 'ChargeBackDecided':
        return decideChargeBack(state, input)
      case 'ClockTicked':
        return decideTick(state, input)
    }
  },
  evolve: (state, fact) => checkedMove(state, fact, evolve(state, fact)),
  dueAt: (state) => {
    const times = [isOpen(state.status) ? state.expiresAt : null, nextEvidenceDueAt(state)].filter((at) => at !== null)
    return times.length === 0 ? null : Math.min(...times)
  },
}

function decideTick(state: PurchaseState, tick: ClockTicked): readonly PurchaseEvent[] {
  return [...decideExpiry(state, tick), ...decideOverdueDisputes(state, tick)]
}

function decideCompletion(state: PurchaseState, news: PlanCompleted): readonly PurchaseEvent[] {
  if (state.status !== 'CAPTURED') return []
  const { consumerId, purchaseId, planId, merchantId } = news
  const meta = childMeta(SOURCE, news, 'PurchaseCompleted')
  return [{ type: 'PurchaseCompleted', meta, consumerId, purchaseId, planId, merchantId }]
}

function evolve(state: PurchaseState, fact: PurchaseFact): PurchaseState {
  switch (fact.type) {
    case 'PurchaseRequested': {
      const { type: _type, meta, purchaseId: _purchaseId, ...order } = fact
      return { ...state, status: 'PENDING', order: { ...order, requestedAt: meta.occurredAt } }
    }
    case 'PurchaseAuthorised':
      return { ...state, status: 'AUTHORISED', planId: fact.planId, expiresAt: fact.expiresAt, early: null }
    case 'PurchaseRejected':
      return { ...state, status: 'REJECTED', reasons: fact.reasons, early: null }
    case 'PurchaseCaptured': {
      const { captureId, amountMinor, meta } = fact
      const capture = { captureId, amountMinor, refundedMinor: 0, capturedAt: meta.occurredAt }
      const next = { ...state, capturedMinor: fact.capturedMinor, captures: [...state.captures, capture] }
      return { ...next, status: statusAfter(next, 'CAPTURED') }
    }
    case 'PurchaseReleased': {
      const next = { ...state, releasedMinor: fact.releasedMinor, releaseIds: [...state.releaseIds, fact.releaseId] }
      return { ...next, status: statusAfter(next, fact.cause) }
    }
    case 'PurchaseExtended':
      return { ...state, expiresAt: fact.expiresAt }
    case 'PurchaseRefunded': {
      const captures = applyRefund(state.captures, fact.captureId, fact.amountMinor)
      const { refundedMinor, refundedItems } = fact
      return { ...state, refundedMinor, refundedItems, captures, refundIds: [...state.refundIds, fact.refundId] }
    }
    case 'PurchaseCompleted':
      return { ...state, status: 'COMPLETED' }
    case 'DisputeOpened':
    case 'DisputeEvidenceSubmitted':
    case 'DisputeDecided':
      return { ...state, disputes: evolveDisputes(state.disputes, fact) }
    case 'PurchaseCommandRefused':
      return state
    case 'PlanAuthorised':
    case 'PlanCancelled':
    case 'PurchaseDeclined':
      return { ...state, early: outcomeOf(fact) }
  }
}

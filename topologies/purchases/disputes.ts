/**
 * Disputes of a purchase: what may be disputed, what a dispute says, and how one ends.
 *
 * Invariant: refunded + disputed and not decided <= captured, so that a dispute that is lost can always be refunded.
 */
import { deriveId } from '#domain/ids.ts'
import { sumMinor } from '#domain/money.ts'
import type {
  DisputeCause,
  DisputeDecided,
  DisputeOpened,
  DisputeState,
  Envelope,
  PurchaseEvent,
  PurchaseOrder,
  PurchaseRefunded,
  PurchaseState,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { type DisputeFact, disputeAfter } from './dispute-machine.ts'
import { SOURCE } from './refusal.ts'

/** Days a merchant has to answer a dispute. */
export const EVIDENCE_DAYS = 14

/** A purchase that is known and has a plan. */
export type Disputable = PurchaseState & { readonly order: PurchaseOrder; readonly planId: string }
type Cause = { readonly meta: Envelope }

const DAY_MS = 86_400_000

/** True while a dispute is not decided. */
export function isUndecided({ status }: DisputeState): boolean {
  return status === 'OPEN' || status === 'UNDER_REVIEW'
}

/** Captured, and neither refunded nor disputed; minor units. */
export function disputableMinor(state: PurchaseState): number {
  const disputed = state.disputes.filter(isUndecided).map(({ amountMinor }) => amountMinor)
  return state.capturedMinor - state.refundedMinor - sumMinor(disputed)
}

/** When the next answer of the merchant is due (business time, ms); null where none is. */
export function nextEvidenceDueAt(state: PurchaseState): number | null {
  const times = state.disputes.filter(({ status }) => status === 'OPEN').map(({ evidenceDueAt }) => evidenceDueAt)
  return times.length === 0 ? null : Math.min(...times)
}

/** The disputes after a fact. @throws StreamsError TRANSITION_ILLEGAL */
export function evolveDisputes(disputes: readonly DisputeState[], fact: DisputeFact): readonly DisputeState[] {
  if (fact.type === 'DisputeOpened') {
    const { disputeId, origin, amountMinor, evidenceDueAt, chargeBackId } = fact
    const before = disputes.find((known) => known.disputeId === disputeId)?.status ?? 'NEW'
    const status = disputeAfter(before, fact, 'OPEN')
    return [...disputes, { disputeId, origin, status, amountMinor, evidenceDueAt, chargeBackId }]
  }
  const after = fact.type === 'DisputeDecided' ? fact.outcome : 'UNDER_REVIEW'
  return disputes.map((dispute) =>
    dispute.disputeId === fact.disputeId ? { ...dispute, status: disputeAfter(dispute.status, fact, after) } : dispute,
  )
}

/** What a dispute is about. */
export type NewDispute = Pick<
  DisputeOpened,
  'disputeId' | 'origin' | 'reason' | 'note' | 'amountMinor' | 'chargeBackId'
>

/** The event that opens a dispute. The caller has checked that the amount can be disputed. */
export function opened(state: Disputable, cause: Cause, dispute: NewDispute): DisputeOpened {
  const { currency, terms, payoutAccount } = state.order
  return {
    type: 'DisputeOpened',
    meta: childMeta(SOURCE, cause, 'DisputeOpened', dispute.disputeId),
    ...headOf(state),
    ...dispute,
    currency,
    evidenceDueAt: cause.meta.occurredAt + EVIDENCE_DAYS * DAY_MS,
    terms,
    payoutAccount,
  }
}

/** Ends a dispute; where the merchant lost it, what was disputed is refunded in the same step. */
export function decided(
  state: Disputable,
  cause: Cause,
  dispute: DisputeState,
  end: { readonly won: boolean; readonly cause: DisputeCause },
): readonly PurchaseEvent[] {
  const { currency, terms, payoutAccount } = state.order
  const { disputeId, origin, amountMinor } = dispute
  const decision: DisputeDecided = {
    type: 'DisputeDecided',
    meta: childMeta(SOURCE, cause, 'DisputeDecided', disputeId),
    ...headOf(state),
    disputeId,
    origin,
    outcome: end.won ? 'WON' : 'LOST',
    cause: end.cause,
    amountMinor,
    currency,
    terms,
    payoutAccount,
  }
  return end.won ? [decision] : [decision, reversal(state, cause, dispute)]
}

function reversal(state: Disputable, cause: Cause, { disputeId, amountMinor }: DisputeState): PurchaseRefunded {
  const { product, currency, terms, payoutAccount } = state.order
  return {
    type: 'PurchaseRefunded',
    meta: childMeta(SOURCE, cause, 'PurchaseRefunded', disputeId),
    ...headOf(state),
    refundId: deriveId('ref', disputeId),
    captureId: null,
    product,
    amountMinor,
    currency,
    refundedMinor: state.refundedMinor + amountMinor,
    capturedMinor: state.capturedMinor,
    terms,
    payoutAccount,
    reason: 'dispute lost',
    disputeId,
    items: [],
    refundedItems: state.refundedItems,
  }
}

function headOf({ order, purchaseId, planId }: Disputable) {
  return { consumerId: order.consumerId, purchaseId, planId, merchantId: order.merchantId }
}

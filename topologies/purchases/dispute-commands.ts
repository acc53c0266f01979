/** What consumer, merchant and operator may do with a dispute, each with its refusals; and the merchant's deadline. */
import { msToDate } from '#domain/calendar.ts'
import { formatMinor } from '#domain/money.ts'
import type {
  AcceptDispute,
  ClockTicked,
  DecideDispute,
  DisputeState,
  OpenDispute,
  PurchaseEvent,
  PurchaseState,
  SubmitDisputeEvidence,
  WithdrawDispute,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { type Disputable, decided, disputableMinor, isUndecided, opened } from './disputes.ts'
import { ILLEGAL_DETAIL } from './lifecycle.ts'
import { refused, SOURCE } from './refusal.ts'

/** Commands about one dispute. */
type AboutDispute = WithdrawDispute | AcceptDispute | SubmitDisputeEvidence | DecideDispute
type DisputeCommand = OpenDispute | AboutDispute
type Refusal = readonly [code: string, detail: string]

/** Days after its last capture in which a purchase can be disputed. */
const DISPUTE_DAYS = 120
const DAY_MS = 86_400_000

/** The outcome of a command, and what follows from it. */
export function decideDisputeCommand(state: PurchaseState, command: DisputeCommand): readonly PurchaseEvent[] {
  const unknown = whyUnknown(state, command)
  if (unknown !== null) return [refused(command, ...unknown)]
  const purchase = state as Disputable
  if (command.type === 'OpenDispute') return openDispute(purchase, command)
  const dispute = state.disputes.find(({ disputeId }) => disputeId === command.disputeId)
  if (dispute === undefined) {
    return [refused(command, 'DISPUTE_UNKNOWN', `The purchase has no dispute ${command.disputeId}.`)]
  }
  const refusal = whyNot(dispute, command)
  return refusal === null ? act(purchase, dispute, command) : [refused(command, ...refusal)]
}

/** The merchant loses each dispute that it did not answer in time. */
export function decideOverdueDisputes(state: PurchaseState, tick: ClockTicked): readonly PurchaseEvent[] {
  const overdue = state.disputes.filter(({ status, evidenceDueAt }) => status === 'OPEN' && evidenceDueAt <= tick.time)
  const events: PurchaseEvent[] = []
  let refundedMinor = state.refundedMinor
  for (const dispute of overdue) {
    const before = { ...(state as Disputable), refundedMinor }
    events.push(...decided(before, tick, dispute, { won: false, cause: 'NO_EVIDENCE' }))
    refundedMinor += dispute.amountMinor
  }
  return events
}

function whyUnknown({ order }: PurchaseState, command: DisputeCommand): Refusal | null {
  if (order === null || order.consumerId !== command.consumerId) {
    return ['PURCHASE_UNKNOWN', ILLEGAL_DETAIL.PURCHASE_UNKNOWN]
  }
  if ('merchantId' in command && order.merchantId !== command.merchantId) {
    return ['MERCHANT_MISMATCH', 'The purchase belongs to another merchant.']
  }
  return null
}

function openDispute(state: Disputable, command: OpenDispute): readonly PurchaseEvent[] {
  const { disputeId, reason, note } = command
  const most = disputableMinor(state)
  const amountMinor = command.amountMinor ?? most
  const refusal = whyNotOpen(state, command, most)
  if (refusal !== null) return [refused(command, ...refusal)]
  return [opened(state, command, { disputeId, origin: 'CONSUMER', reason, note, amountMinor, chargeBackId: null })]
}

function whyNotOpen(state: Disputable, command: OpenDispute, most: number): Refusal | null {
  const { amountMinor, disputeId, meta } = command
  if (state.disputes.some((known) => known.disputeId === disputeId)) {
    return ['DISPUTE_EXISTS', `The dispute ${disputeId} was opened already.`]
  }
  if (amountMinor !== null && !(Number.isSafeInteger(amountMinor) && amountMinor > 0)) {
    return ['AMOUNT_INVALID', 'The amount must be a whole number of minor units above 0.']
  }
  if (most <= 0) {
    return ['NOTHING_TO_DISPUTE', 'Nothing of the purchase is captured that is not refunded or disputed already.']
  }
  if (amountMinor !== null && amountMinor > most) {
    const { currency } = state.order
    return ['DISPUTE_OVER_CAPTURED', `At most ${formatMinor(most, currency)} ${currency} can be disputed.`]
  }
  const until = Math.max(...state.captures.map(({ capturedAt }) => capturedAt)) + DISPUTE_DAYS * DAY_MS
  if (meta.occurredAt < until) return null
  return ['DISPUTE_TOO_LATE', `The purchase could be disputed until ${msToDate(until)}. Write to the merchant.`]
}

function whyNot(dispute: DisputeState, command: AboutDispute): Refusal | null {
  if (!isUndecided(dispute)) {
    return ['DISPUTE_CLOSED', `The dispute was decided: the merchant has ${dispute.status.toLowerCase()} it.`]
  }
  const isOfNetwork = dispute.origin === 'NETWORK'
  if (isOfNetwork && (command.type === 'DecideDispute' || command.type === 'WithdrawDispute')) {
    return ['DISPUTE_OF_NETWORK', 'The card network decides on this dispute; wait for what it says.']
  }
  const isLate = dispute.status === 'OPEN' && command.meta.occurredAt >= dispute.evidenceDueAt
  if (!isLate || command.type !== 'SubmitDisputeEvidence') return null
  return ['DISPUTE_EVIDENCE_LATE', `Evidence was due by ${msToDate(dispute.evidenceDueAt)}.`]
}

function act(state: Disputable, dispute: DisputeState, command: AboutDispute): readonly PurchaseEvent[] {
  switch (command.type) {
    case 'WithdrawDispute':
      return decided(state, command, dispute, { won: true, cause: 'WITHDRAWN' })
    case 'AcceptDispute':
      return decided(state, command, dispute, { won: false, cause: 'ACCEPTED' })
    case 'DecideDispute':
      return decided(state, command, dispute, { won: command.merchantWins, cause: 'OPERATOR' })
    case 'SubmitDisputeEvidence': {
      const { consumerId, merchantId } = state.order
      const { purchaseId, planId } = state
      const { disputeId, origin } = dispute
      const ids = { consumerId, purchaseId, planId, merchantId, disputeId, origin }
      const meta = childMeta(SOURCE, command, 'DisputeEvidenceSubmitted')
      return [{ type: 'DisputeEvidenceSubmitted', meta, ...ids, evidence: command.evidence }]
    }
  }
}

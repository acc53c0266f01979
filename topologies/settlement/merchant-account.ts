/**
 * The account of one merchant: lines gather by the day they are settled, a tick of that day closes it, and what is owed
 * goes out as a payout.
 *
 * Invariants: payable = the open days' totals + the carried debt; a day is settled once; a merchant has one currency.
 */
import { dateToMs } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import { sumMinor } from '#domain/money.ts'
import {
  type ClockTicked,
  childMeta,
  type OpenPayout,
  type OpenSettlement,
  type PayoutReported,
  type PayoutRequested,
  type SettlementClosed,
  type SettlementEvent,
  type SettlementLineAdded,
  type SettlementLineKind,
  type SettlementState,
} from '#schemas'
import { type Decider, StreamsError } from '#streams'
import { closeDay } from './close.ts'
import { linesOf, type MoneyMoved, settleOnOf } from './lines.ts'
import { evolvePayouts, payoutAnswered, payoutRequestId, payoutsToRetry } from './payouts.ts'
import { NO_TOTALS, withAmount } from './totals.ts'

/** What the topology hears: captures, refunds and disputes, answers of the gateway, and time. */
export type SettlementInput = MoneyMoved | PayoutReported | ClockTicked
/** What it says: facts for `settlement.events`, requests for `payout.requests`. */
export type SettlementOutput = SettlementEvent | PayoutRequested

/** The rules of one merchant's settlement; the key is the merchant id. */
export const merchantAccount: Decider<SettlementState, SettlementInput, SettlementOutput> = {
  initial: (merchantId) => ({
    merchantId,
    currency: null,
    payoutAccount: null,
    payableMinor: 0,
    carriedMinor: 0,
    heldMinor: 0,
    closedThrough: null,
    openDays: [],
    payouts: [],
  }),
  keyOf: (input) => (input.type === 'ClockTicked' ? null : input.merchantId),
  decide: (state, input) => {
    switch (input.type) {
      case 'PurchaseCaptured':
      case 'PurchaseRefunded':
      case 'DisputeOpened':
      case 'DisputeDecided':
        return addLines(state, input)
      case 'PayoutReported':
        return payoutAnswered(state, input)
      case 'ClockTicked':
        return settleDue(state, input)
    }
  },
  evolve,
  dueAt: (state) => {
    const [day] = state.openDays
    const failures = state.payouts.flatMap((payout) => (payout.failedAt === null ? [] : [payout.failedAt + 1]))
    const due = day === undefined ? failures : [dateToMs(day.settleOn), ...failures]
    return due.length === 0 ? null : Math.min(...due)
  },
}

function addLines(state: SettlementState, event: MoneyMoved): SettlementLineAdded[] {
  assertCurrency(state, event)
  const settleOn = settleOnOf(event, state.closedThrough)
  const ids = {
    captureId: 'captureId' in event ? event.captureId : null,
    refundId: 'refundId' in event ? event.refundId : null,
    disputeId: 'disputeId' in event ? event.disputeId : null,
  }
  let { payableMinor, heldMinor } = state
  return linesOf(event).map((line) => {
    payableMinor = sumMinor([payableMinor, line.amountMinor])
    if (isHeld(line.kind)) heldMinor = sumMinor([heldMinor, -line.amountMinor])
    return {
      type: 'SettlementLineAdded',
      meta: childMeta('settlement', event, 'SettlementLineAdded', line.kind),
      merchantId: event.merchantId,
      lineId: deriveId('lin', event.meta.id, line.kind),
      kind: line.kind,
      amountMinor: line.amountMinor,
      currency: event.currency,
      purchaseId: event.purchaseId,
      ...ids,
      settleOn,
      settlementId: settlementIdOf(event.merchantId, settleOn),
      payableMinor,
      heldMinor,
      payoutAccount: event.payoutAccount,
    }
  })
}

function settleDue(state: SettlementState, tick: ClockTicked): SettlementOutput[] {
  const events: SettlementOutput[] = []
  let account = state
  for (const day of state.openDays.filter((open) => open.settleOn <= tick.date)) {
    const closed = settleDay(account, day, tick)
    events.push(...closed)
    account = closed.reduce(evolve, account)
  }
  const retries = payoutsToRetry(state, tick.time).map((payout) => payoutRequested(state, payout, tick))
  return [...events, ...retries]
}

function settleDay(state: SettlementState, day: OpenSettlement, tick: ClockTicked): SettlementOutput[] {
  const { settleOn, ...totals } = day
  const { merchantId } = state
  const { currency, payoutAccount } = known(state)
  const closing = closeDay(day, state.carriedMinor)
  const settlementId = settlementIdOf(merchantId, settleOn)
  const closed: SettlementClosed = {
    type: 'SettlementClosed',
    meta: childMeta('settlement', tick, 'SettlementClosed', settlementId),
    merchantId,
    settlementId,
    settledOn: settleOn,
    currency,
    ...totals,
    ...closing,
    payoutAccount,
    payableMinor: sumMinor([state.payableMinor, -closing.payoutMinor]),
  }
  if (closing.payoutMinor === 0) return [closed]
  const payout = { settlementId, amountMinor: closing.payoutMinor, payoutAccount, attempt: 1, failedAt: null }
  return [closed, payoutRequested(state, payout, tick)]
}

function payoutRequested(state: SettlementState, payout: OpenPayout, tick: ClockTicked): PayoutRequested {
  const requestId = payoutRequestId(payout.settlementId, payout.attempt)
  return {
    type: 'PayoutRequested',
    meta: childMeta('settlement', tick, 'PayoutRequested', requestId),
    requestId,
    merchantId: state.merchantId,
    settlementId: payout.settlementId,
    payoutAccount: payout.payoutAccount,
    amountMinor: payout.amountMinor,
    currency: known(state).currency,
  }
}

function evolve(state: SettlementState, event: SettlementOutput): SettlementState {
  switch (event.type) {
    case 'SettlementLineAdded': {
      const { currency, payoutAccount, payableMinor, heldMinor } = event
      return { ...state, currency, payoutAccount, payableMinor, heldMinor, openDays: withLine(state.openDays, event) }
    }
    case 'SettlementClosed': {
      const openDays = state.openDays.filter((day) => day.settleOn !== event.settledOn)
      const { carriedMinor, payableMinor, settledOn: closedThrough } = event
      return { ...state, carriedMinor, payableMinor, closedThrough, openDays }
    }
    case 'PayoutRequested':
    case 'PayoutPaid':
    case 'PayoutFailed':
      return { ...state, payouts: evolvePayouts(state.payouts, event) }
  }
}

function withLine(days: readonly OpenSettlement[], line: SettlementLineAdded): readonly OpenSettlement[] {
  const fresh: OpenSettlement = { settleOn: line.settleOn, ...NO_TOTALS, lineCount: 0 }
  const day = days.find((open) => open.settleOn === line.settleOn) ?? fresh
  const grown = { ...withAmount(day, line.kind, line.amountMinor), lineCount: day.lineCount + 1 }
  return [...days.filter((open) => open !== day), grown].sort((a, b) => (a.settleOn < b.settleOn ? -1 : 1))
}

/** What a merchant does not get yet, and what it gets of that. */
function isHeld(kind: SettlementLineKind): boolean {
  return kind === 'HOLDBACK' || kind === 'RELEASE'
}

function settlementIdOf(merchantId: string, settleOn: string): string {
  return deriveId('set', merchantId, settleOn)
}

/** A merchant with lines has a currency and an account; without lines nothing is ever due. */
function known(state: SettlementState): { currency: string; payoutAccount: string } {
  const { currency, payoutAccount } = state
  if (currency === null || payoutAccount === null) throw new Error(`${state.merchantId} has nothing to settle.`)
  return { currency, payoutAccount }
}

/** @throws StreamsError SETTLEMENT_CURRENCY_MIXED: a payout has one currency, so the merchant's records wait. */
function assertCurrency(state: SettlementState, event: MoneyMoved): void {
  if (state.currency === null || state.currency === event.currency) return
  throw new StreamsError(
    'SETTLEMENT_CURRENCY_MIXED',
    `Merchant ${event.merchantId} settles in ${state.currency}, and ${event.type} ${event.meta.id} is in ` +
      `${event.currency}. Onboard a second merchant for the other currency and discard this record.`,
  )
}

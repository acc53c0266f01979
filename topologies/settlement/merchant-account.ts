/**
 * The account of one merchant: lines gather by the day they are settled, a tick of that day closes it, and what is owed
 * goes out as a payout.
 *
 * Invariants: payable = the open days' totals + the carried debt; held = what was held back and not released; a day is
 * settled once; a merchant has one currency.
 */
import { sumMinor } from '#domain/money.ts'
import { dayBegins, dayIn } from '#domain/zone-day.ts'
import {
  type ClockTicked,
  type CorrectSettlement,
  childMeta,
  type Envelope,
  type MerchantStatusChanged,
  type OpenPayout,
  type OpenSettlement,
  type PayoutHeld,
  type PayoutReported,
  type PayoutRequested,
  type SettlementClosed,
  type SettlementEvent,
  type SettlementLineAdded,
  type SettlementState,
} from '#schemas'
import { type Decider, StreamsError } from '#streams'
import { bookMoney, settlementIdOf } from './book.ts'
import { closeDay } from './close.ts'
import { correct } from './corrections.ts'
import type { MoneyMoved } from './lines.ts'
import { evolvePayouts, heldPayouts, payoutAnswered, payoutRequestId, payoutsToRetry } from './payouts.ts'
import { evolveReserves, releaseDue } from './reserves.ts'
import { NO_TOTALS, withAmount } from './totals.ts'

/** What the topology hears: what moves money, corrections, answers of the gateway, the merchant's status, and time. */
export type SettlementInput = MoneyMoved | CorrectSettlement | PayoutReported | MerchantStatusChanged | ClockTicked
/** Stays inside: whether the merchant is suspended. */
type SuspensionNoted = { readonly type: 'SuspensionNoted'; readonly suspended: boolean }
/** What it says: facts for `settlement.events`, requests for `payout.requests`; `SuspensionNoted` never leaves it. */
export type SettlementOutput = SettlementEvent | PayoutRequested | SuspensionNoted

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
    reserves: [],
    timeZone: 'UTC',
    suspended: false,
  }),
  keyOf: (input) => (input.type === 'ClockTicked' ? null : input.merchantId),
  decide: (state, input) => {
    switch (input.type) {
      case 'PurchaseCaptured':
      case 'PurchaseRefunded':
      case 'DisputeOpened':
      case 'DisputeDecided':
        assertCurrency(state, input)
        return bookMoney(state, input)
      case 'CorrectSettlement':
        return correct(state, input)
      case 'PayoutReported':
        return payoutAnswered(state, input)
      case 'MerchantStatusChanged':
        return noteStatus(state, input)
      case 'ClockTicked':
        return settleDue(state, input)
    }
  },
  evolve,
  dueAt: ({ openDays: [day], reserves: [reserve], payouts, timeZone, suspended }) => {
    const days = [day?.settleOn, reserve?.releaseOn].filter((date) => date !== undefined)
    const failures = payouts.flatMap(({ failedAt }) => (failedAt === null || suspended ? [] : [failedAt + 1]))
    const due = [...days.map((date) => dayBegins(timeZone, date)), ...failures]
    return due.length === 0 ? null : Math.min(...due)
  },
}

/** A suspended merchant is paid nothing; what waited goes out when it is reinstated, or closed. */
function noteStatus(state: SettlementState, event: MerchantStatusChanged): SettlementOutput[] {
  const suspended = event.status === 'SUSPENDED'
  if (suspended === state.suspended) return []
  const freed = suspended ? [] : heldPayouts(state).map((payout) => payoutRequested(state, payout, event))
  return [{ type: 'SuspensionNoted', suspended }, ...freed]
}

function settleDue(state: SettlementState, tick: ClockTicked): SettlementOutput[] {
  const events: SettlementOutput[] = []
  let account = state
  const follow = (more: readonly SettlementOutput[]) => {
    events.push(...more)
    account = more.reduce(evolve, account)
  }
  const today = dayIn(state.timeZone, tick.time)
  if (state.reserves.length > 0) follow(releaseDue(state, tick, known(state)))
  for (const day of account.openDays.filter((open) => open.settleOn <= today)) follow(settleDay(account, day, tick))
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
  const amountMinor = closing.payoutMinor
  if (state.suspended) return [closed, payoutHeld(state, { settlementId, amountMinor, payoutAccount }, tick)]
  const payout = { settlementId, amountMinor, payoutAccount, attempt: 1, failedAt: null, held: false }
  return [closed, payoutRequested(state, payout, tick)]
}

function payoutHeld(
  state: SettlementState,
  payout: Pick<PayoutHeld, 'settlementId' | 'amountMinor' | 'payoutAccount'>,
  tick: ClockTicked,
): PayoutHeld {
  const { merchantId } = state
  const meta = childMeta('settlement', tick, 'PayoutHeld', payout.settlementId)
  const { currency } = known(state)
  return { type: 'PayoutHeld', meta, merchantId, ...payout, currency, reason: 'MERCHANT_SUSPENDED' }
}

function payoutRequested(
  state: SettlementState,
  payout: OpenPayout,
  cause: { readonly meta: Envelope },
): PayoutRequested {
  const requestId = payoutRequestId(payout.settlementId, payout.attempt)
  return {
    type: 'PayoutRequested',
    meta: childMeta('settlement', cause, 'PayoutRequested', requestId),
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
      const { currency, payoutAccount, payableMinor, heldMinor, timeZone } = event
      const openDays = withLine(state.openDays, event)
      const reserves = evolveReserves(state.reserves, event)
      return { ...state, currency, payoutAccount, payableMinor, heldMinor, timeZone, openDays, reserves }
    }
    case 'SettlementClosed': {
      const openDays = state.openDays.filter((day) => day.settleOn !== event.settledOn)
      const { carriedMinor, payableMinor, settledOn: closedThrough } = event
      return { ...state, carriedMinor, payableMinor, closedThrough, openDays }
    }
    case 'PayoutRequested':
    case 'PayoutPaid':
    case 'PayoutFailed':
    case 'PayoutHeld':
      return { ...state, payouts: evolvePayouts(state.payouts, event) }
    case 'SuspensionNoted':
      return { ...state, suspended: event.suspended }
    case 'SettlementCommandRefused':
      return state
  }
}

function withLine(days: readonly OpenSettlement[], line: SettlementLineAdded): readonly OpenSettlement[] {
  const fresh: OpenSettlement = { settleOn: line.settleOn, ...NO_TOTALS, lineCount: 0 }
  const day = days.find((open) => open.settleOn === line.settleOn) ?? fresh
  const grown = { ...withAmount(day, line.kind, line.amountMinor), lineCount: day.lineCount + 1 }
  return [...days.filter((open) => open !== day), grown].sort((a, b) => (a.settleOn < b.settleOn ? -1 : 1))
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

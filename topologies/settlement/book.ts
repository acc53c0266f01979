/** Booking lines: each says what is owed to the merchant, and held from it, after it. */
import { addDays } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import { sumMinor } from '#domain/money.ts'
import { childMeta, type Envelope, type SettlementLineAdded, type SettlementState } from '#schemas'
import { dayOf, type Line, linesOf, type MoneyMoved, settlementTerms, settleOnOf } from './lines.ts'

/** What a line names and when it is settled. */
type Named = Pick<
  SettlementLineAdded,
  'purchaseId' | 'captureId' | 'refundId' | 'disputeId' | 'note' | 'releaseOn' | 'settleOn' | 'timeZone'
>

/** A line that is to be booked. `key` tells it from others of the same kind and cause. */
export type Booking = Line & Named & { readonly key: string }

/** Whose lines, in which currency, and where the money goes. */
type Of = Pick<SettlementLineAdded, 'currency' | 'payoutAccount'>

/** A line that names nothing but itself. */
export const NAMELESS = {
  purchaseId: null,
  captureId: null,
  refundId: null,
  disputeId: null,
  note: null,
  releaseOn: null,
} as const

/** What a merchant does not get yet, and what it gets of that. */
function isHeld(kind: SettlementLineAdded['kind']): boolean {
  return kind === 'HOLDBACK' || kind === 'RELEASE'
}

/** The id of the settlement of a day. */
export function settlementIdOf(merchantId: string, settleOn: string): string {
  return deriveId('set', merchantId, settleOn)
}

/** Books lines one after the other. */
export function book(
  state: SettlementState,
  cause: { readonly meta: Envelope },
  bookings: readonly Booking[],
  { currency, payoutAccount }: Of,
): SettlementLineAdded[] {
  const { merchantId } = state
  let { payableMinor, heldMinor } = state
  return bookings.map(({ key, ...line }) => {
    payableMinor = sumMinor([payableMinor, line.amountMinor])
    if (isHeld(line.kind)) heldMinor = sumMinor([heldMinor, -line.amountMinor])
    return {
      type: 'SettlementLineAdded',
      meta: childMeta('settlement', cause, 'SettlementLineAdded', key),
      merchantId,
      lineId: deriveId('lin', cause.meta.id, key),
      ...line,
      ...{ currency, settlementId: settlementIdOf(merchantId, line.settleOn), payableMinor, heldMinor, payoutAccount },
    }
  })
}

/** The lines of a capture, a refund or a dispute. */
export function bookMoney(state: SettlementState, event: MoneyMoved): SettlementLineAdded[] {
  const settleOn = settleOnOf(event, state.closedThrough)
  const { timeZone, holdbackDays } = settlementTerms(event.terms)
  const ids = {
    purchaseId: event.purchaseId,
    captureId: 'captureId' in event ? event.captureId : null,
    refundId: 'refundId' in event ? event.refundId : null,
    disputeId: 'disputeId' in event ? event.disputeId : null,
  }
  const bookings = linesOf(event).map((line): Booking => {
    const isReserve = line.kind === 'HOLDBACK' && event.type === 'PurchaseCaptured'
    const releaseOn = isReserve ? addDays(dayOf(event), holdbackDays) : null
    return { ...line, ...ids, note: null, releaseOn, settleOn, timeZone, key: line.kind }
  })
  return book(state, event, bookings, event)
}

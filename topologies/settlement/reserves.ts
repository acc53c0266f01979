/** Reserves: a share of each capture is held back for some days, and a tick of the day releases it. */
import { dayIn } from '#domain/zone-day.ts'
import type { ClockTicked, Reserve, SettlementLineAdded, SettlementState } from '#schemas'
import { type Booking, book, NAMELESS } from './book.ts'
import { notBefore } from './lines.ts'

/** The lines that release what has been held for long enough; each names its purchase and capture. */
export function releaseDue(
  state: SettlementState,
  tick: ClockTicked,
  of: { readonly currency: string; readonly payoutAccount: string },
): SettlementLineAdded[] {
  const { timeZone, closedThrough } = state
  const today = dayIn(timeZone, tick.time)
  const due = state.reserves.filter(({ releaseOn }) => releaseOn <= today)
  const bookings = due.map(({ purchaseId, captureId, amountMinor, releaseOn }): Booking => {
    const settleOn = notBefore(releaseOn, closedThrough)
    const line = { kind: 'RELEASE', amountMinor, ...NAMELESS, purchaseId, captureId, settleOn, timeZone } as const
    return { ...line, key: `RELEASE ${captureId}` }
  })
  return book(state, tick, bookings, of)
}

/** The reserves after a line: one that holds back adds one, one that releases takes it away. */
export function evolveReserves(reserves: readonly Reserve[], line: SettlementLineAdded): readonly Reserve[] {
  const { kind, purchaseId, captureId, amountMinor, releaseOn, disputeId } = line
  if (purchaseId === null || captureId === null || disputeId !== null) return reserves
  if (kind === 'RELEASE') return reserves.filter((reserve) => reserve.captureId !== captureId)
  if (kind !== 'HOLDBACK' || releaseOn === null) return reserves
  const added = [...reserves, { purchaseId, captureId, amountMinor: -amountMinor, releaseOn }]
  return added.sort((a, b) => (a.releaseOn < b.releaseOn ? -1 : a.releaseOn > b.releaseOn ? 1 : 0))
}

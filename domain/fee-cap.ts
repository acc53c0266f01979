/**
 * What a lender may charge one consumer in default fees over ALL contracts in twelve months that roll with the date.
 * The caps of a scheme (late-fees.ts of the plans) are of one order; both hold, and the tighter one decides.
 */
import { addMonths } from './calendar.ts'
import { sumMinor } from './money.ts'

/** A fee that was charged, and what of it was reversed since. */
export type ChargedFee = { readonly on: string; readonly amountMinor: number; readonly reversedMinor: number }

/** At most so much in so many months, counted back from the day of the charge. */
export type RollingCap = { readonly totalMinor: number; readonly months: number }

/** What may still be charged on the date `today`; never below 0. A fee of the same date a year ago has left. */
export function roomUnder(cap: RollingCap, charged: readonly ChargedFee[], today: string): number {
  const since = addMonths(today, -cap.months)
  const inside = charged.filter(({ on }) => on > since && on <= today)
  return Math.max(0, cap.totalMinor - sumMinor(inside.map((fee) => fee.amountMinor - fee.reversedMinor)))
}

/** The fee that lands on the tightest of the caps: what was wanted, or what room there is. */
export function feeWithin(wantedMinor: number, roomsMinor: readonly number[]): number {
  return Math.max(0, Math.min(wantedMinor, ...roomsMinor))
}

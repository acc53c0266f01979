import { sumMinor } from '#domain/money.ts'

/** What one day adds up to; all 0 or above. */
export type DayTotals = { readonly salesMinor: number; readonly returnsMinor: number; readonly feesMinor: number }

/** What is paid, what of the debt it repays, and the debt carried on (0 or below). */
export type Closing = {
  readonly debtRepaidMinor: number
  readonly payoutMinor: number
  readonly carriedMinor: number
}

/**
 * payout = sales − returns − fees − repaid debt. Where that is below 0, nothing is paid and the debt is carried to the
 * next settlement, which nets it first (DOMAIN §10).
 */
export function closeDay(day: DayTotals, carriedMinor: number): Closing {
  const net = sumMinor([day.salesMinor, -day.returnsMinor, -day.feesMinor])
  const debtRepaidMinor = Math.max(0, Math.min(-carriedMinor, net))
  const payoutMinor = Math.max(0, net - debtRepaidMinor)
  return { debtRepaidMinor, payoutMinor, carriedMinor: sumMinor([carriedMinor, net, -payoutMinor]) }
}

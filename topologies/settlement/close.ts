import { sumMinor } from '#domain/money.ts'
import { type DayTotals, netMinor } from './totals.ts'

/** What is paid, what of the debt it repays, and the debt carried on (0 or below). */
export type Closing = {
  readonly debtRepaidMinor: number
  readonly payoutMinor: number
  readonly carriedMinor: number
}

/**
 * payout = sales − returns − fees − tax − holdback + release − repaid debt ± corrections. Where that is below 0,
 * nothing is paid and the debt is carried to the next settlement, which nets it first (DOMAIN §10).
 */
export function closeDay(day: DayTotals, carriedMinor: number): Closing {
  const net = netMinor(day)
  const debtRepaidMinor = Math.max(0, Math.min(-carriedMinor, net))
  const payoutMinor = Math.max(0, net - debtRepaidMinor)
  return { debtRepaidMinor, payoutMinor, carriedMinor: sumMinor([carriedMinor, net, -payoutMinor]) }
}

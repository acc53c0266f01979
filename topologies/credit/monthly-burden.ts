/** What a month of a purchase costs, where it is paid back monthly. */
import { monthlySchedule } from '#domain/monthly-schedule.ts'
import type { PurchaseApproved, RequestPurchase } from '#schemas'

type Bought = Pick<RequestPurchase | PurchaseApproved, 'amountMinor' | 'monthly' | 'meta'>

/** The largest instalment, interest included, as if all were captured on the day of the decision; null: not monthly. */
export function largestInstalment({ amountMinor, monthly, meta }: Bought): number | null {
  if (monthly === null) return null
  const schedule = monthlySchedule({
    ...{ principalMinor: amountMinor, instalments: monthly.instalments, seedDate: meta.businessDate },
    ...{ interest: monthly.interest as 'NONE', ratePpm: monthly.ratePpm, dayCount: monthly.dayCount as 'ACTUAL_365' },
  })
  return Math.max(...schedule.map((one) => one.amountMinor))
}

/**
 * The largest purchase of which a month costs at most so much: where this one does, itself or more. Instalments go with
 * the amount, so that the same share of both is taken, rounded down.
 */
export function amountForMonth(bought: Bought, roomMinor: number): number {
  const instalment = largestInstalment(bought) ?? bought.amountMinor
  if (instalment === 0) return bought.amountMinor
  const scaled = Number((BigInt(bought.amountMinor) * BigInt(roomMinor)) / BigInt(instalment))
  return instalment <= roomMinor ? Math.max(bought.amountMinor, scaled) : Math.min(bought.amountMinor - 1, scaled)
}

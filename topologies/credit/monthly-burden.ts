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
 * A purchase of which a month costs at most so much: where this one does, itself or more; else one nearly as large as
 * can be. Instalments go with the amount, so that the same share of both is taken; but what is left over by rounding is
 * in the last one, so that what comes out is looked at again.
 */
export function amountForMonth(bought: Bought, roomMinor: number): number {
  const instalment = largestInstalment(bought) ?? bought.amountMinor
  if (instalment === 0) return bought.amountMinor
  const scaled = shareOf(bought.amountMinor, roomMinor, instalment)
  return instalment <= roomMinor ? Math.max(bought.amountMinor, scaled) : fitting(bought, roomMinor, instalment)
}

function fitting(bought: Bought, roomMinor: number, instalment: number): number {
  let [amountMinor, costs] = [bought.amountMinor, instalment]
  while (amountMinor > 0 && costs > roomMinor) {
    amountMinor = Math.min(amountMinor - 1, shareOf(amountMinor, roomMinor, costs))
    costs = largestInstalment({ ...bought, amountMinor }) ?? amountMinor
  }
  return amountMinor
}

/** The amount in the proportion of the room to what a month costs, rounded down. */
function shareOf(amountMinor: number, roomMinor: number, costs: number): number {
  return Number((BigInt(amountMinor) * BigInt(roomMinor)) / BigInt(costs))
}

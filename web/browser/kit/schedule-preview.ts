import { addDays } from './dates.ts'

/** A payment of a plan that is not made yet. */
export type PlannedPayment = {
  readonly date: string
  readonly amountMinor: number
  /** Interest in it. */
  readonly interestMinor?: number
}

const PAY_IN_4_DAYS = [0, 14, 28, 42]
const PAY_IN_30_DAYS = 30

/**
 * How a purchase made today would be paid back: the rule of the platform, told before anybody agrees to it. Pay in 4:
 * equal parts rounded half-up, the rest on the last; with a larger first payment what is left is split so. Pay in 30:
 * all of it, 30 days after the shop ships, here today.
 */
export function previewSchedule(
  product: string,
  amountMinor: number,
  today: string,
  firstPaymentMinor: number | null = null,
): PlannedPayment[] {
  if (product === 'PAY_IN_30') return [{ date: addDays(today, PAY_IN_30_DAYS), amountMinor }]
  const count = PAY_IN_4_DAYS.length
  const parts =
    firstPaymentMinor === null
      ? split(amountMinor, count)
      : [firstPaymentMinor, ...split(amountMinor - firstPaymentMinor, count - 1)]
  return PAY_IN_4_DAYS.map((days, index) => ({ date: addDays(today, days), amountMinor: parts[index] ?? 0 }))
}

function split(amountMinor: number, count: number): readonly number[] {
  const rounded = Math.floor((2 * amountMinor + count) / (2 * count))
  const part = rounded * (count - 1) > amountMinor ? rounded - 1 : rounded
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? amountMinor - part * (count - 1) : part))
}

/**
 * The annual percentage rate of the United States: the actuarial method of Regulation Z, Appendix J (12 CFR 1026). Time
 * is counted in unit-periods back from each payment; the rate of one unit-period times those of a year is the rate.
 * A down payment is not part of the amount financed: leave it out of the payments and of the advances.
 */
import { addDays, addMonths, daysBetween, earlier } from './calendar.ts'
import { rootOf } from './root.ts'

/** What time is counted in: months, half months (the 1st and the 16th) or days (7 a week, 28 for four weeks). */
export type UnitPeriod = { readonly months: number } | { readonly days: number } | 'HALF_MONTH'

/** Money on a date, minor units. */
export type DatedAmount = { readonly on: string; readonly amountMinor: number }

/** A credit: what was advanced, what is paid, and the unit-period its payments are counted in. */
export type ActuarialCredit = {
  readonly advances: readonly DatedAmount[]
  readonly payments: readonly DatedAmount[]
  readonly unit: UnitPeriod
}

/** Whole unit-periods and the fraction of one before them. */
type Term = { readonly full: number; readonly fraction: number }

/** The rate in basis points (9.69 % is 969), rounded half-up. 0 where the credit costs nothing. */
export function actuarialRateBps(credit: ActuarialCredit): number {
  const start = credit.advances.map(({ on }) => on).reduce(earlier)
  const flows = [
    ...credit.advances.map(({ on, amountMinor }) => ({ amountMinor, term: termBetween(start, on, credit.unit) })),
    ...credit.payments.map(({ on, amountMinor }) => ({
      amountMinor: -amountMinor,
      term: termBetween(start, on, credit.unit),
    })),
  ]
  const worth = (rate: number) =>
    flows.reduce((sum, { amountMinor, term }) => sum + amountMinor * discount(rate, term), 0)
  return Math.round(rootOf(worth) * unitPeriodsOfYear(credit.unit) * 10_000)
}

/**
 * The rate, in basis points, of one payment within a year that is counted in days: charge ÷ amount × 365 ÷ days. A
 * charge of 3 on 100 for 30 days is 36.50 %.
 */
export function singlePaymentRateBps(amountMinor: number, chargeMinor: number, days: number): number {
  return Math.round((chargeMinor / amountMinor) * (365 / days) * 10_000)
}

/** Appendix J (b)(8): 1 ÷ ((1 + f·i) (1 + i)^t). */
function discount(rate: number, { full, fraction }: Term): number {
  return 1 / ((1 + fraction * rate) * (1 + rate) ** full)
}

/** Appendix J (b)(5): unit-periods are counted back from the later date; what is left is a fraction of one. */
function termBetween(from: string, to: string, unit: UnitPeriod): Term {
  if (unit === 'HALF_MONTH') return halfMonths(from, to)
  if ('days' in unit) {
    const days = daysBetween(from, to)
    return { full: Math.floor(days / unit.days), fraction: (days % unit.days) / unit.days }
  }
  const months = wholeMonths(from, to)
  const full = Math.floor(months / unit.months)
  const days = daysBetween(from, addMonths(to, -months))
  return { full, fraction: ((months % unit.months) * 30 + days) / (unit.months * 30) }
}

/** Half months back from the 1st or the 16th; the days before count 15 to the half month. */
function halfMonths(from: string, to: string): Term {
  let full = 0
  let date = to
  for (let before = halfMonthBefore(date); before >= from; before = halfMonthBefore(date)) {
    date = before
    full += 1
  }
  return { full, fraction: daysBetween(from, date) / 15 }
}

function halfMonthBefore(date: string): string {
  return date.endsWith('-16') ? addDays(date, -15) : addDays(addMonths(date, -1), 15)
}

function wholeMonths(from: string, to: string): number {
  let months = 0
  while (addMonths(to, -(months + 1)) >= from) months += 1
  return months
}

/** 12 months, 24 half months; weeks count as 52, 26 or 13 to the year, other days as 365. */
function unitPeriodsOfYear(unit: UnitPeriod): number {
  if (unit === 'HALF_MONTH') return 24
  if ('months' in unit) return 12 / unit.months
  return (unit.days % 7 === 0 ? 364 : 365) / unit.days
}

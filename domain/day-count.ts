/**
 * What a balance earns over a period. Rates are whole parts per million a year (9.4822 % is 94 822), so that neither
 * rate nor interest ever passes through a fraction.
 */
import { daysBetween } from './calendar.ts'
import { scaleMinor } from './money.ts'

/** How a year is counted: every month 30 days of 360, or the days of the calendar of 365. */
export type DayCount = 'THIRTY_360' | 'ACTUAL_365'

/** Parts per million in a whole. */
export const PPM = 1_000_000

/** Days of the year that a day count divides by. */
export const daysOfYear: Readonly<Record<DayCount, number>> = { THIRTY_360: 360, ACTUAL_365: 365 }

/** A period of a schedule: its dates, and how many months it is meant to be. */
export type Period = { readonly from: string; readonly to: string; readonly months: number }

/**
 * The days of a period. A month of 30/360 has 30 days wherever its last day was cut, because its dates are counted from
 * the seed and not from each other.
 */
export function periodDays(period: Period, dayCount: DayCount): number {
  return dayCount === 'THIRTY_360' ? period.months * 30 : daysBetween(period.from, period.to)
}

/** Interest of a balance over so many days, rounded half-up to the minor unit. */
export function interestMinor(balanceMinor: number, ratePpm: number, days: number, dayCount: DayCount): number {
  return scaleMinor(balanceMinor, ratePpm * days, PPM * daysOfYear[dayCount])
}

/**
 * What a monthly credit costs, as its consumer is told before agreeing: interest, all that is to be paid, and the
 * annual rate. In US dollars that is the APR of Regulation Z, in all other currencies the effective annual rate.
 */
import { actuarialRateBps } from './actuarial-rate.ts'
import { addMonths } from './calendar.ts'
import { effectiveRateBps } from './effective-rate.ts'
import { safeMinor, sumMinor } from './money.ts'
import { type MonthlyInstalment, type MonthlyTerms, monthlySchedule } from './monthly-schedule.ts'

/** How an annual rate is worked out. */
export type RateMethod = 'ACTUARIAL' | 'EFFECTIVE'

/** Minor units; the rate in hundredths of a percent. */
export type MonthlyCost = {
  readonly interestMinor: number
  readonly totalMinor: number
  readonly rateBps: number
  readonly rateMethod: RateMethod
}

/** The method that the law of a currency's home wants; ours for the others: the effective rate, which is higher. */
function rateMethodOf(currency: string): RateMethod {
  return currency === 'USD' ? 'ACTUARIAL' : 'EFFECTIVE'
}

/** A schedule and what it costs. @throws RangeError MONEY_OVERFLOW where an amount is not a safe integer. */
export function monthlyOffer(
  terms: MonthlyTerms,
  currency: string,
): { readonly schedule: readonly MonthlyInstalment[]; readonly cost: MonthlyCost } {
  const schedule = monthlySchedule(terms)
  const interestMinor = sumMinor(schedule.map((one) => one.interestMinor))
  const totalMinor = safeMinor(terms.principalMinor + interestMinor)
  const rateMethod = rateMethodOf(currency)
  const rateBps = interestMinor === 0 ? 0 : rateOf(schedule, terms.principalMinor, rateMethod)
  return { schedule, cost: { interestMinor, totalMinor, rateBps, rateMethod } }
}

/**
 * Every month counts as one period, however many days it has: so do the equal months of Annex I, and 12 CFR
 * 1026.17(c)(3) lets a creditor disregard that months have different numbers of days.
 */
function rateOf(schedule: readonly MonthlyInstalment[], lentMinor: number, method: RateMethod): number {
  if (method === 'EFFECTIVE') {
    return effectiveRateBps({
      drawdowns: [{ after: {}, amountMinor: lentMinor }],
      payments: schedule.map(({ no, amountMinor }) => ({ after: { months: no }, amountMinor })),
    })
  }
  return actuarialRateBps({
    advances: [{ on: NOMINAL, amountMinor: lentMinor }],
    payments: schedule.map(({ no, amountMinor }) => ({ on: addMonths(NOMINAL, no), amountMinor })),
    unit: { months: 1 },
  })
}

/** Any first of a month. */
const NOMINAL = '2001-01-01'

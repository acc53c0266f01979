/**
 * The annual percentage rate of charge of the European Union and the United Kingdom: the effective annual rate that
 * makes what is lent worth what is paid (Directive 2008/48/EC Annex I, 2014/17/EU Annex I, FCA CONC App 1.2).
 */
import { rootOf } from './root.ts'

/**
 * Time after the first drawdown: whole months (a twelfth of a year each) or weeks (a fifty-second), and days beside
 * them where the interval is not whole. Those days are of the year before the whole periods (Annex I, remark (c) of
 * 2014/17/EU): of 366 where it holds a 29 February, else of 365.
 */
export type Interval = {
  readonly months?: number
  readonly weeks?: number
  readonly days?: number
  readonly daysOfYear?: 365 | 366
}

/** Money at a time after the first drawdown, minor units. */
export type TimedAmount = { readonly after: Interval; readonly amountMinor: number }

/** What is lent and what is paid: repayments and charges. */
export type EffectiveCredit = { readonly drawdowns: readonly TimedAmount[]; readonly payments: readonly TimedAmount[] }

/** The rate in basis points (12.96 % is 1 296), rounded half-up. 0 where the credit costs nothing. */
export function effectiveRateBps({ drawdowns, payments }: EffectiveCredit): number {
  const flows = [
    ...drawdowns.map(({ after, amountMinor }) => ({ amountMinor, years: yearsOf(after) })),
    ...payments.map(({ after, amountMinor }) => ({ amountMinor: -amountMinor, years: yearsOf(after) })),
  ]
  const worth = (rate: number) => flows.reduce((sum, flow) => sum + flow.amountMinor / (1 + rate) ** flow.years, 0)
  return Math.round(rootOf(worth) * 10_000)
}

function yearsOf({ months = 0, weeks = 0, days = 0, daysOfYear = 365 }: Interval): number {
  return months / 12 + weeks / 52 + days / daysOfYear
}

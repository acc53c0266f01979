/**
 * The interest in the instalments of a plan, as it goes along. Interest runs by the periods of the schedule:
 * - it is charged, and income, when the period's instalment falls due, or when an earlier payment pays it;
 * - on a declining balance it is worked out on the principal that is not due yet, when the period begins: late
 *   principal costs late fees and no interest, so that nobody pays more interest than was told;
 * - what is paid ahead saves the interest of the periods that have not begun (a monthly rest, as Apache Fineract calls
 *   it); flat interest follows the amount bought, and so refunds only;
 * - who pays all of it back owes interest to that day (Directive 2008/48/EC, Article 16; 15 U.S.C. 1615).
 */
import { daysBetween } from './calendar.ts'
import { type DayCount, interestMinor, periodDays } from './day-count.ts'
import { levelParts } from './level-parts.ts'
import { scaleMinor, splitMinor, sumMinor } from './money.ts'
import type { LevelSplit } from './refund.ts'

/** The interest of one period: `amountMinor` as charged or as it will be, and what of it was charged and paid. */
export type PeriodInterest = {
  readonly amountMinor: number
  readonly chargedMinor: number
  readonly paidMinor: number
  readonly from: string
  readonly to: string
  /** Whose schedule the period is of: each capture has its own. */
  readonly series: number
}

/** An instalment: its principal, what of it is paid, and its interest. */
export type InterestRow = {
  readonly amountMinor: number
  readonly paidMinor: number
  readonly interest: PeriodInterest | null
}

/** By which terms interest is worked out; see domain/monthly-schedule.ts. */
export type InterestTerms = { readonly interest: string; readonly ratePpm: number; readonly dayCount: string }

/** Interest that was charged and is not paid. */
export function interestOwed({ interest }: InterestRow): number {
  return interest === null ? 0 : interest.chargedMinor - interest.paidMinor
}

/** Interest that will be charged, as things stand. */
export function interestToCome({ interest }: InterestRow): number {
  return interest === null ? 0 : interest.amountMinor - interest.chargedMinor
}

/** All that is still to be paid of an instalment: principal, fees, and interest whether charged or still to come. */
export function toPayMinor(row: InterestRow & { readonly feesMinor: number; readonly feesPaidMinor: number }): number {
  const interest = interestOwed(row) + interestToCome(row)
  return sumMinor([row.amountMinor, -row.paidMinor, row.feesMinor, -row.feesPaidMinor, interest])
}

/** Interest that can be paid today: what was charged, and all of a period that has begun. */
export function interestPayable(row: InterestRow, today: string): number {
  const { interest } = row
  const begun = interest !== null && interest.from < today
  return interestOwed(row) + (begun ? interestToCome(row) : 0)
}

/** The row with its interest charged, so far as it was not. */
export function charged<R extends InterestRow>(row: R): R {
  return withInterest(row, ({ amountMinor }) => ({ chargedMinor: amountMinor }))
}

/** The row without interest to come. */
export function withoutMore<R extends InterestRow>(row: R): R {
  return withInterest(row, ({ chargedMinor }) => ({ amountMinor: chargedMinor }))
}

/** The row without any interest: what was charged is no more, what was paid of it goes back. */
function withoutInterest<R extends InterestRow>(row: R): R {
  return withInterest(row, () => ({ amountMinor: 0, chargedMinor: 0, paidMinor: 0 }))
}

/**
 * The rows with the interest of the periods that have not begun worked out anew, from the principal as it stands. It
 * only falls: a refund that moves principal between instalments makes none of them dearer.
 */
export function foreseen<R extends InterestRow>(rows: readonly R[], terms: InterestTerms | null, today: string): R[] {
  return workedOut(rows, terms, today).map((row, index) => {
    const before = rows[index]?.interest?.amountMinor ?? 0
    return withInterest(row, ({ amountMinor }) => ({ amountMinor: Math.min(before, amountMinor) }))
  })
}

/** The rows of a plan whose interest was stopped: it runs again with the periods that begin from today on. */
export function resumed<R extends InterestRow>(rows: readonly R[], terms: InterestTerms | null, today: string): R[] {
  return workedOut(rows, terms, today)
}

function workedOut<R extends InterestRow>(rows: readonly R[], terms: InterestTerms | null, today: string): R[] {
  if (terms === null) return [...rows]
  return rows.map((row) => {
    const { interest } = row
    if (interest === null || interest.from < today || interest.chargedMinor > 0 || interest.series === 0) return row
    const series = rows.filter((other) => other.interest?.series === interest.series)
    return withInterest(row, () => ({ amountMinor: periodInterest(series, row, terms) }))
  })
}

/** The rows as if all principal were paid back on a day: no interest runs after it, and none that was paid ahead. */
export function endedOn<R extends InterestRow>(rows: readonly R[], on: string): R[] {
  return rows.map((row) =>
    withInterest(row, ({ amountMinor, chargedMinor, paidMinor, from, to }) => {
      const accrued = to <= on ? amountMinor : accruedMinor(amountMinor, from, to, on)
      const charges = Math.min(chargedMinor, accrued)
      return { amountMinor: accrued, chargedMinor: charges, paidMinor: Math.min(paidMinor, charges) }
    }),
  )
}

/** A refund whose principal has been taken off the rows. */
export type RefundedOn = {
  readonly today: string
  readonly terms: InterestTerms | null
  /** Whether all that was captured is refunded with it. */
  readonly isFull: boolean
}

/** Rows after a refund, and what of the interest that was charged it reverses: no more owed, and paid back. */
export type AfterRefund<R extends InterestRow> = {
  readonly rows: R[]
  readonly reducedMinor: number
  readonly returnedMinor: number
}

/**
 * Interest after a refund. What was charged stays: the money was lent so long. Where all is refunded there was no sale,
 * and no credit for it: all interest is reversed (Directive 2008/48/EC, Article 15).
 */
export function interestAfterRefund<R extends InterestRow>(
  rows: readonly R[],
  { today, terms, isFull }: RefundedOn,
): AfterRefund<R> {
  const owes = rows.some((row) => row.amountMinor > row.paidMinor)
  const after = isFull ? rows.map(withoutInterest) : owes ? foreseen(rows, terms, today) : endedOn(rows, today)
  const fewer = (of: (row: InterestRow) => number) => sumMinor(rows.map(of)) - sumMinor(after.map(of))
  return { rows: after, reducedMinor: fewer(interestOwed), returnedMinor: fewer((row) => row.interest?.paidMinor ?? 0) }
}

/**
 * How what is left of a plan is made equal again: on a declining balance principal is split so that the payments are
 * level. Undefined where equal principal does that, and where the instalments are of several captures.
 */
export function levelSplit(
  rows: readonly InterestRow[],
  terms: InterestTerms | null,
  today: string,
): LevelSplit | undefined {
  if (terms === null || terms.interest !== 'DECLINING') return undefined
  return (amountMinor, places) => {
    const among = places.map((place) => rows[place]?.interest ?? null)
    const isOne = among.every((interest) => interest !== null && interest.series === among[0]?.series)
    if (!isOne) return splitMinor(amountMinor, places.length)
    const { ratePpm } = terms
    const dayCount = terms.dayCount as DayCount
    const interest = among.map((period) => {
      if (period === null || period.from < today) return () => period?.amountMinor ?? 0
      const days = periodDays({ ...period, months: 1 }, dayCount)
      return (balanceMinor: number) => interestMinor(balanceMinor, ratePpm, days, dayCount)
    })
    return levelParts(amountMinor, interest)
  }
}

/** Principal and interest that pay everything back on a day. */
export function payoffMinor(rows: readonly InterestRow[], on: string): number {
  const principal = rows.map((row) => row.amountMinor - row.paidMinor)
  // What was paid ahead for days that will not come counts for the rest.
  const interest = endedOn(rows, on).map(
    ({ interest: ended }, index) => (ended?.amountMinor ?? 0) - (rows[index]?.interest?.paidMinor ?? 0),
  )
  return Math.max(0, sumMinor([...principal, ...interest]))
}

/** Of the interest of a period what has accrued by a day in it: its share of the days, rounded half-up. */
function accruedMinor(amountMinor: number, from: string, to: string, on: string): number {
  return scaleMinor(amountMinor, Math.max(0, daysBetween(from, on)), daysBetween(from, to))
}

function periodInterest(series: readonly InterestRow[], row: InterestRow, terms: InterestTerms): number {
  const { ratePpm } = terms
  const dayCount = terms.dayCount as DayCount
  const days = (one: InterestRow) => (one.interest === null ? 0 : periodDays({ ...one.interest, months: 1 }, dayCount))
  const owed = (all: readonly InterestRow[]) => sumMinor(all.map((one) => one.amountMinor - one.paidMinor))
  if (terms.interest === 'DECLINING') {
    const from = row.interest?.from ?? ''
    const later = series.filter(({ interest }) => interest !== null && interest.from >= from)
    return interestMinor(owed(later), ratePpm, days(row), dayCount)
  }
  if (terms.interest !== 'FLAT' || owed(series) === 0) return 0
  const bought = sumMinor(series.map((one) => one.amountMinor))
  const all = interestMinor(bought, ratePpm, sumMinor(series.map(days)), dayCount)
  return splitMinor(all, series.length)[series.indexOf(row)] ?? 0
}

function withInterest<R extends InterestRow>(row: R, change: (interest: PeriodInterest) => Partial<PeriodInterest>): R {
  return row.interest === null ? row : { ...row, interest: { ...row.interest, ...change(row.interest) } }
}

/**
 * Monthly instalments: without interest, with flat interest (on the amount, whatever was paid), or with interest on the
 * declining balance (the level payment of an annuity).
 */
import { addMonths } from './calendar.ts'
import { type DayCount, daysOfYear, interestMinor, PPM, periodDays } from './day-count.ts'
import { divideHalfUp, splitMinor, sumMinor } from './money.ts'

/** How many instalments a monthly plan may have, and what it may cost a year at most, parts per million (ours). */
export const MONTHLY_INSTALMENTS_MAX = 36
export const MONTHLY_RATE_MAX_PPM = 360_000

/** How interest is worked out. */
export type InterestMethod = 'NONE' | 'FLAT' | 'DECLINING'

/** The terms of a monthly plan. */
export type MonthlyTerms = {
  readonly principalMinor: number
  readonly instalments: number
  /** The day all due dates are counted from; the first is a month later. */
  readonly seedDate: string
  readonly interest: InterestMethod
  /** Parts per million a year; not read without interest. */
  readonly ratePpm: number
  readonly dayCount: DayCount
}

/** One payment of the schedule; its amount is principal and interest. */
export type MonthlyInstalment = {
  readonly no: number
  /** When the period of its interest begins; it ends on the due date. */
  readonly from: string
  readonly dueDate: string
  readonly amountMinor: number
  readonly principalMinor: number
  readonly interestMinor: number
}

/** A due date, and the days of interest from the one before it. */
type Due = { readonly from: string; readonly dueDate: string; readonly days: number }

/**
 * The schedule. Its principal sums to the amount; what rounding leaves is on the LAST instalment.
 * @throws RangeError where there is no instalment, or the amount is not a safe integer.
 */
export function monthlySchedule(terms: MonthlyTerms): MonthlyInstalment[] {
  const parts = splitMinor(terms.principalMinor, terms.instalments)
  const dues = parts.map((_, index) => dueOf(terms, index + 1))
  if (terms.interest === 'DECLINING') return declining(terms, dues)
  const days = terms.interest === 'FLAT' ? sumMinor(dues.map((due) => due.days)) : 0
  const interest = splitMinor(interestMinor(terms.principalMinor, terms.ratePpm, days, terms.dayCount), parts.length)
  return dues.map((due, index) => instalment(index + 1, due, parts[index] ?? 0, interest[index] ?? 0))
}

function dueOf({ seedDate, dayCount }: MonthlyTerms, no: number): Due {
  const period = { from: addMonths(seedDate, no - 1), to: addMonths(seedDate, no), months: 1 }
  return { from: period.from, dueDate: period.to, days: periodDays(period, dayCount) }
}

/**
 * The level payment, rounded half-up. Rounding each interest can leave the last payment further off than it need be:
 * then the level is moved by what each instalment would have to take of that, if this brings the last one nearer.
 */
function declining(terms: MonthlyTerms, dues: readonly Due[]): MonthlyInstalment[] {
  const level = levelPaymentMinor(terms, dues)
  const schedule = atLevel(terms, dues, level)
  const moved = level + divideHalfUp(lastOff(schedule, level), terms.instalments)
  const other = atLevel(terms, dues, moved)
  return Math.abs(lastOff(other, moved)) < Math.abs(lastOff(schedule, level)) ? other : schedule
}

function atLevel(terms: MonthlyTerms, dues: readonly Due[], levelMinor: number): MonthlyInstalment[] {
  let balance = terms.principalMinor
  return dues.map((due, index) => {
    const interest = interestMinor(balance, terms.ratePpm, due.days, terms.dayCount)
    const isLast = index === dues.length - 1
    const principal = isLast ? balance : Math.max(0, Math.min(balance, levelMinor - interest))
    balance -= principal
    return instalment(index + 1, due, principal, interest)
  })
}

function lastOff(schedule: readonly MonthlyInstalment[], levelMinor: number): number {
  return (schedule.at(-1)?.amountMinor ?? levelMinor) - levelMinor
}

/**
 * The annuity: principal = level × Σ 1 / Π(1 + r), each r that of its period. Both sides are multiplied by all
 * factors, so that the division comes last and nothing is rounded before it.
 */
function levelPaymentMinor({ principalMinor, ratePpm, dayCount }: MonthlyTerms, dues: readonly Due[]): number {
  const whole = BigInt(PPM * daysOfYear[dayCount])
  let grown = BigInt(principalMinor)
  let annuity = 0n
  let power = 1n
  for (const { days } of dues) {
    const factor = whole + BigInt(ratePpm) * BigInt(days)
    power *= whole
    grown *= factor
    annuity = annuity * factor + power
  }
  return divideHalfUp(grown, annuity)
}

function instalment(no: number, { from, dueDate }: Due, principalMinor: number, interest: number): MonthlyInstalment {
  const amountMinor = sumMinor([principalMinor, interest])
  return { no, from, dueDate, amountMinor, principalMinor, interestMinor: interest }
}

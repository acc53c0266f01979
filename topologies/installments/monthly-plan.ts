/** Pay monthly: the schedule of what is captured, and the interest that is charged as its days come. */
import { charged, interestOwed, interestToCome } from '#domain/instalment-interest.ts'
import { sumMinor } from '#domain/money.ts'
import { monthlySchedule, type MonthlyTerms as ScheduleTerms } from '#domain/monthly-schedule.ts'
import type { Instalment, InterestCharged, MonthlyTerms, PlanState } from '#schemas'
import { type Cause, planEvent } from './plan-event.ts'
import { instalmentOf, openInstalment } from './plan-rows.ts'

/** Where a schedule begins: with which number, as the schedule of which capture. */
type Place = { readonly after: number; readonly series: number }

/** The terms of a plan as the schedule of an amount wants them; its dates count from the day of the capture. */
export function scheduleTerms(terms: MonthlyTerms, principalMinor: number, seedDate: string): ScheduleTerms {
  const { instalments, interest, ratePpm, dayCount } = terms
  return { principalMinor, instalments, seedDate, interest, ratePpm, dayCount } as ScheduleTerms
}

/** The instalments of an amount; the first is due a month after the date it is captured on. */
export function monthlyInstalments(
  terms: MonthlyTerms,
  amountMinor: number,
  on: string,
  { after, series }: Place,
): Instalment[] {
  return monthlySchedule(scheduleTerms(terms, amountMinor, on)).map((one): Instalment => {
    const { no, from, dueDate: to, principalMinor, interestMinor } = one
    const interest = { amountMinor: interestMinor, chargedMinor: 0, paidMinor: 0, from, to, series }
    const row = openInstalment(after + no, to, principalMinor)
    return { ...row, interest: terms.interest === 'NONE' ? null : interest }
  })
}

/** Why interest is charged: its day has come, or a payment comes before it; then to the day, where it pays all. */
export type ChargeCause = 'DUE' | 'PAID_EARLY' | 'PAID_OFF'

/**
 * Says that interest is owed from now on; nothing where none is. `rows` are the plan's, with it charged. Below 0 where
 * interest was paid ahead for days that will not come.
 */
export function chargeInterest(
  plan: PlanState,
  cause: Cause,
  why: ChargeCause,
  rows: readonly Instalment[],
  ...parts: readonly number[]
): readonly InterestCharged[] {
  const amountMinor = interestChargedOn(rows) - interestChargedOn(plan.instalments)
  if (amountMinor === 0) return []
  const fields = { amountMinor, cause: why, instalments: rows.map(instalmentOf) }
  return [planEvent(plan, cause, 'InterestCharged', fields, ...parts)]
}

/** Charges the interest of the rows that `isDue` names. */
export function chargeDue(
  plan: PlanState,
  cause: Cause,
  isDue: (row: Instalment) => boolean,
  ...parts: readonly number[]
): readonly InterestCharged[] {
  const rows = plan.instalments.map((row) => (isDue(row) && interestToCome(row) > 0 ? charged(row) : row))
  return chargeInterest(plan, cause, 'DUE', rows, ...parts)
}

/** Interest charged, paid or not, over all instalments. */
export function interestChargedOn(rows: readonly Instalment[]): number {
  return sumMinor(rows.map(({ interest }) => interest?.chargedMinor ?? 0))
}

/** Interest charged and not paid, over all instalments. */
export function interestOwedOn(rows: readonly Instalment[]): number {
  return sumMinor(rows.map(interestOwed))
}

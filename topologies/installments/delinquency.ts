/**
 * What days do to a plan: an instalment falls due and is asked for, is overdue two days later, costs late fees by the
 * scheme, and counts in a range of days late. Days count from the later of its due date and the day it was asked for:
 * nobody is late because the clock was. While the plan is paused nothing of this happens, and no day counts.
 */
import { later, msToDate } from '#domain/calendar.ts'
import { daysLate, isPaused, lateOn, nextRangeFrom, rangeOf } from '#domain/delinquency.ts'
import { deriveId } from '#domain/ids.ts'
import { inTurn } from '#domain/in-turn.ts'
import { sumMinor } from '#domain/money.ts'
import type { ConsumerFees, InstalmentState, PlanState } from '#schemas'
import { feesOwed, owedMinor } from './balance.ts'
import { withinLaw } from './consumer-fees.ts'
import { type LateFeeSchemeName, type NextFee, nextLateFee } from './late-fees.ts'
import { chargeDue } from './monthly-plan.ts'
import { type Cause, type PlanRule, planEvent } from './plan-event.ts'
import { instalmentOf } from './plan-rows.ts'
import { evolvePlan } from './plan-state.ts'

/** Days after which an instalment that was asked for and is not paid is overdue. */
export const GRACE_DAYS = 2

/** Asks, once, for each instalment whose day has come, and charges its interest. */
export function askWhatIsDue(cause: Cause, today: string): PlanRule {
  return eachInstalment(today, (plan, row) => {
    if (!isUnasked(row) || row.dueDate > today) return []
    const { no, dueDate } = row
    const { paymentMethodId } = plan.order
    const charges = chargeDue(plan, cause, (other) => other.no === no, no)
    const fields = { instalmentNo: no, dueDate, amountMinor: owedMinor(row), paymentMethodId, atCheckout: false }
    return [...charges, planEvent(charges.reduce(evolvePlan, plan), cause, 'InstalmentDue', fields, no)]
  })
}

/** Marks, once, each instalment that was asked for in vain. */
export function markOverdue(cause: Cause, today: string): PlanRule {
  return eachInstalment(today, (plan, row) => {
    const from = overdueFrom(plan, row)
    if (from === null || from > today) return []
    const late = daysLate(row.dueDate, today, plan.pauses)
    const fields = { instalmentNo: row.no, dueDate: row.dueDate, overdueMinor: owedMinor(row), daysLate: late }
    return [planEvent(plan, cause, 'InstalmentOverdue', fields, row.no)]
  })
}

/** Charges the late fee whose moment has come: one an instalment at a time, and no more than the law allows in all. */
export function chargeLateFees(cause: Cause, nowMs: number, all: ConsumerFees): PlanRule {
  const today = msToDate(nowMs)
  return eachInstalment(today, (plan, row) => {
    const fee = nextFee(plan, row)
    if (fee === null || fee.fromMs > nowMs) return []
    const { rule } = fee
    const amountMinor = withinLaw(plan, fee.amountMinor, today, all)
    if (amountMinor === 0) return []
    const feeId = deriveId('fee', plan.planId, plan.fees.length + 1)
    const instalments = plan.instalments.map((other) =>
      instalmentOf(other === row ? { ...row, feesMinor: row.feesMinor + amountMinor } : other),
    )
    const fields = { instalmentNo: row.no, feeId, amountMinor, scheme: plan.rules.lateFeeScheme, rule, instalments }
    return [planEvent(plan, cause, 'LateFeeCharged', fields, feeId)]
  })
}

/** Notes, once a range, that an instalment is so late that it counts in another one; on a charged-off plan as well. */
export function trackDelinquency(cause: Cause, today: string): PlanRule {
  const rule = eachRow((plan, row) => {
    const since = lateSince(row)
    if (since === null) return []
    const late = daysLate(since, today, plan.pauses)
    const range = rangeOf(late)?.name ?? null
    if (range === null || range === row.delinquency) return []
    const { no, dueDate } = row
    const fields = { instalmentNo: no, dueDate, daysLate: late, range, overdueMinor: owedMinor(row) }
    return [planEvent(plan, cause, 'InstalmentDelinquent', fields, no, range)]
  })
  return (plan) => (isTracked(plan) && !isPaused(plan.pauses, today) ? rule(plan) : [])
}

type RowRule = (plan: PlanState, row: InstalmentState) => ReturnType<PlanRule>

/** The rule for each instalment of a running plan that is not paused. */
function eachInstalment(today: string, rule: RowRule): PlanRule {
  const all = eachRow(rule)
  return (plan) => (isRunning(plan) && !isPaused(plan.pauses, today) ? all(plan) : [])
}

/** The rule for each instalment in turn: each sees what the ones before it did. */
function eachRow(rule: RowRule): PlanRule {
  return (plan) => {
    const rules = plan.instalments.map(({ no }) => (current: PlanState) => {
      const row = current.instalments.find((candidate) => candidate.no === no)
      return row === undefined ? [] : rule(current, row)
    })
    return inTurn(plan, evolvePlan, rules)
  }
}

/** Whether lateness is still counted. */
export function isTracked({ status }: PlanState): boolean {
  return status === 'AUTHORISED' || status === 'CHARGED_OFF'
}

/** Whether the plan is being paid back. */
export function isRunning(plan: PlanState): boolean {
  return plan.status === 'AUTHORISED'
}

/** Whether something is owed that was not asked for yet. */
export function isUnasked(row: InstalmentState): boolean {
  return row.askedOn === null && owedMinor(row) > 0
}

/** The date on which an instalment becomes overdue; null where it is, or where nothing but fees is asked for. */
export function overdueFrom(plan: PlanState, row: InstalmentState): string | null {
  const since = lateSince(row)
  return since === null || row.status !== 'DUE' ? null : lateOn(since, GRACE_DAYS, plan.pauses)
}

/** The date on which an instalment counts in the next range of days late. */
export function nextRangeOn(plan: PlanState, row: InstalmentState): string | null {
  const since = lateSince(row)
  if (since === null) return null
  const days = row.delinquency === null ? 1 : nextRangeFrom(row.delinquency)
  return days === null ? null : lateOn(since, days, plan.pauses)
}

/** The next late fee of an instalment; null where there is none. */
export function nextFee(plan: PlanState, row: InstalmentState): NextFee | null {
  const dueOn = lateSince(row)
  if (dueOn === null) return null
  return nextLateFee({
    scheme: plan.rules.lateFeeScheme as LateFeeSchemeName,
    orderMinor: plan.capturedMinor,
    currency: plan.order.currency,
    feesCharged: plan.feesCharged,
    feesMinor: sumMinor(plan.instalments.map(({ feesMinor }) => feesMinor)),
    feeSteps: row.feeSteps,
    feeOn: row.feeOn,
    dueOn,
    pauses: plan.pauses,
  })
}

/** The date from which days late count; null where nothing was asked for, or only fees are owed any more. */
export function lateSince(row: InstalmentState): string | null {
  const { askedOn, dueDate } = row
  if (askedOn === null || owedMinor(row) === feesOwed(row)) return null
  return later(dueDate, askedOn)
}

/**
 * What days do to a plan: an instalment falls due and is asked for, is overdue two days later, and costs late fees by
 * the scheme. Days count from the later of its due date and the day it was asked for: nobody is late because the clock
 * was.
 */
import { addDays, dateToMs, daysBetween } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import { inTurn } from '#domain/in-turn.ts'
import { sumMinor } from '#domain/money.ts'
import type { InstalmentState, PlanState } from '#schemas'
import { owedMinor, principalOwed } from './balance.ts'
import { type LateFeeSchemeName, type NextFee, nextLateFee } from './late-fees.ts'
import { type Cause, type PlanRule, planEvent } from './plan-event.ts'
import { evolvePlan, instalmentOf } from './plan-state.ts'

/** Days after which an instalment that was asked for and is not paid is overdue. */
const GRACE_DAYS = 2

/** Asks, once, for each instalment whose day has come. */
export function askWhatIsDue(cause: Cause, today: string): PlanRule {
  return eachInstalment((plan, row) => {
    if (!isUnasked(row) || row.dueDate > today) return []
    const { no, dueDate } = row
    const { paymentMethodId } = plan.order
    const fields = { instalmentNo: no, dueDate, amountMinor: owedMinor(row), paymentMethodId, atCheckout: false }
    return [planEvent(plan, cause, 'InstalmentDue', fields, no)]
  })
}

/** Marks, once, each instalment that was asked for in vain. */
export function markOverdue(cause: Cause, today: string): PlanRule {
  return eachInstalment((plan, row) => {
    const from = overdueFrom(row)
    if (from === null || from > today) return []
    const daysLate = daysBetween(row.dueDate, today)
    const fields = { instalmentNo: row.no, dueDate: row.dueDate, overdueMinor: owedMinor(row), daysLate }
    return [planEvent(plan, cause, 'InstalmentOverdue', fields, row.no)]
  })
}

/** Charges the late fee whose moment has come: one an instalment at a time. */
export function chargeLateFees(cause: Cause, nowMs: number): PlanRule {
  return eachInstalment((plan, row) => {
    const fee = nextFee(plan, row)
    if (fee === null || fee.fromMs > nowMs) return []
    const { amountMinor, rule } = fee
    const feeId = deriveId('fee', plan.planId, plan.feesCharged + 1)
    const instalments = plan.instalments.map((other) =>
      instalmentOf(other === row ? { ...row, feesMinor: row.feesMinor + amountMinor } : other),
    )
    const fields = { instalmentNo: row.no, feeId, amountMinor, scheme: plan.rules.lateFeeScheme, rule, instalments }
    return [planEvent(plan, cause, 'LateFeeCharged', fields, feeId)]
  })
}

/** The moment (ms) at which time itself changes the plan next; null while it does not. */
export function wakesAt(plan: PlanState): number | null {
  if (!isRunning(plan)) return null
  const moments = plan.instalments.flatMap((row) => {
    if (isUnasked(row)) return [dateToMs(row.dueDate)]
    const from = overdueFrom(row)
    const fee = nextFee(plan, row)
    return [...(from === null ? [] : [dateToMs(from)]), ...(fee === null ? [] : [fee.fromMs])]
  })
  return moments.length === 0 ? null : Math.min(...moments)
}

/** The rule for each instalment of a running plan in turn: each sees what the ones before it did. */
function eachInstalment(rule: (plan: PlanState, row: InstalmentState) => ReturnType<PlanRule>): PlanRule {
  return (plan) => {
    if (!isRunning(plan)) return []
    const rules = plan.instalments.map(({ no }) => (current: PlanState) => {
      const row = current.instalments.find((candidate) => candidate.no === no)
      return row === undefined ? [] : rule(current, row)
    })
    return inTurn(plan, evolvePlan, rules)
  }
}

function isRunning(plan: PlanState): boolean {
  return plan.status === 'AUTHORISED'
}

function isUnasked(row: InstalmentState): boolean {
  return row.askedOn === null && owedMinor(row) > 0
}

/** The date on which an instalment becomes overdue; null where it is, or where its principal is not asked for. */
function overdueFrom(row: InstalmentState): string | null {
  if (row.askedOn === null || row.status !== 'DUE' || principalOwed(row) === 0) return null
  return addDays(lateSince(row, row.askedOn), GRACE_DAYS)
}

function nextFee(plan: PlanState, row: InstalmentState): NextFee | null {
  if (row.askedOn === null || principalOwed(row) === 0) return null
  return nextLateFee({
    scheme: plan.rules.lateFeeScheme as LateFeeSchemeName,
    orderMinor: plan.capturedMinor,
    currency: plan.order.currency,
    feesCharged: plan.feesCharged,
    feesMinor: sumMinor(plan.instalments.map(({ feesMinor }) => feesMinor)),
    feeSteps: row.feeSteps,
    feeOn: row.feeOn,
    dueOn: lateSince(row, row.askedOn),
  })
}

function lateSince(row: InstalmentState, askedOn: string): string {
  return row.dueDate > askedOn ? row.dueDate : askedOn
}

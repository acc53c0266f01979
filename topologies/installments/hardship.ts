/** Hardship: what is past due is paid in equal monthly parts from a new date, and that can be undone. */
import { sumMinor } from '#domain/money.ts'
import type { PlanState, StartHardship, UndoHardship } from '#schemas'
import { principalOwed } from './balance.ts'
import { chargeDue } from './monthly-plan.ts'
import { type PlanRule, planEvent } from './plan-event.ts'
import { type Refusal, whyNotRunning } from './plan-refusal.ts'
import { instalmentOf } from './plan-rows.ts'
import { evolvePlan } from './plan-state.ts'
import { reAgeRows } from './replay.ts'
import { rework } from './rework.ts'

/** Ours: nobody is given more than two years. */
const PARTS_MAX = 24

/** Re-ages what is past due, or says why not. */
export function startHardship(plan: PlanState, command: StartHardship): ReturnType<PlanRule> | Refusal {
  const { hardshipId, firstDue, parts, meta } = command
  const on = meta.businessDate
  const stopped = whyNotRunning(plan)
  if (stopped !== null) return stopped
  if (parts < 1 || parts > PARTS_MAX) return ['HARDSHIP_PARTS_INVALID', `Give 1 to ${PARTS_MAX} parts, not ${parts}.`]
  if (firstDue <= on) return ['HARDSHIP_DATE_INVALID', `The first new payment must be due after ${on}.`]
  const pastDue = plan.instalments.filter((row) => row.dueDate < on && principalOwed(row) > 0)
  const amountMinor = sumMinor(pastDue.map(principalOwed))
  if (amountMinor === 0) return ['NOTHING_PAST_DUE', `Nothing of plan ${plan.planId} is past due.`]
  // What of it was not asked for (the plan was paused) has its interest charged now: it is past due like the rest.
  const charges = chargeDue(plan, command, (row) => row.dueDate < on && principalOwed(row) > 0)
  const before = charges.reduce(evolvePlan, plan)
  const reAged = reAgeRows(before.instalments, { on, firstDue, parts, terms: plan.order.monthly })
  const fields = { hardshipId, amountMinor, firstDue, parts, instalments: reAged.map(instalmentOf) }
  return [...charges, planEvent(before, command, 'PlanReaged', fields)]
}

/** Undoes a re-age: payments made since then are worked in where they would have gone. */
export function undoHardship(plan: PlanState, command: UndoHardship): ReturnType<PlanRule> | Refusal {
  const { hardshipId, meta } = command
  const stopped = whyNotRunning(plan)
  if (stopped !== null) return stopped
  const isKnown = plan.history.some(({ kind, id }) => kind === 'RE_AGE' && id === hardshipId)
  if (!isKnown) return ['HARDSHIP_UNKNOWN', `Plan ${plan.planId} has no hardship plan ${hardshipId}, or it was undone.`]
  const undone = { reworkId: meta.id, undoneId: hardshipId, paymentId: null, amountMinor: 0 }
  return rework(plan, command, { ...undone, cause: 'HARDSHIP_UNDONE' })
}

/** Holding a plan while a reported return or problem is looked into: domain/delinquency.ts says for how long. */
import { addDays } from '#domain/calendar.ts'
import { overlapping, pauseDays } from '#domain/delinquency.ts'
import type { PausePlan, PlanState } from '#schemas'
import { type PlanRule, planEvent } from './plan-event.ts'
import { type Refusal, whyNotRunning } from './plan-refusal.ts'

/** Pauses the plan from today on, or says why not. */
export function pausePlan(plan: PlanState, command: PausePlan): ReturnType<PlanRule> | Refusal {
  const { pauseId, reason, meta } = command
  const stopped = whyNotRunning(plan)
  if (stopped !== null) return stopped
  const days = pauseDays[reason as keyof typeof pauseDays]
  if (days === undefined) return ['PAUSE_REASON_UNKNOWN', `${reason} is no reason for a pause; give RETURN or PROBLEM.`]
  const from = meta.businessDate
  const until = addDays(from, days)
  const other = overlapping(plan.pauses, { from, until })
  if (other !== undefined) {
    return ['PAUSE_OVERLAPS', `The plan is paused from ${other.from} until ${other.until} already; ask again after it.`]
  }
  return [planEvent(plan, command, 'PlanPaused', { pauseId, reason, from, until })]
}

import type { PlanState } from '#schemas'

/** Why a command about a plan is refused: a stable code, and what to do instead. */
export type Refusal = readonly [code: string, detail: string]

/** Why nothing can be asked of a plan that is not being paid back; null where it is. */
export function whyNotRunning({ status, capturedMinor, planId }: PlanState): Refusal | null {
  if (status === 'AUTHORISED' && capturedMinor > 0) return null
  return ['PLAN_NOT_RUNNING', `Plan ${planId} is not being paid back: nothing was captured, or it has ended.`]
}

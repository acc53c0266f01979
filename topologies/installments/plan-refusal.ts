import type { PlanState } from '#schemas'

/** Why a command about a plan is refused: a stable code, and what to do instead. */
export type Refusal = readonly [code: string, detail: string]

/** Whether what the plan owes was given up: it is in no balance any more. */
export function isBadDebt({ status }: PlanState): boolean {
  return status === 'CHARGED_OFF' || status === 'WRITTEN_OFF'
}

/** Why nothing can be asked of a plan that is not being paid back; null where it is. */
export function whyNotRunning({ status, capturedMinor, planId }: PlanState): Refusal | null {
  if (status === 'AUTHORISED' && capturedMinor > 0) return null
  if (status === 'WRITTEN_OFF') return ['WRITE_OFF_IS_FINAL', `Plan ${planId} was written off, and that is final.`]
  if (status === 'CHARGED_OFF') return ['PLAN_CHARGED_OFF', `Plan ${planId} is charged off; undo that first.`]
  return ['PLAN_NOT_RUNNING', `Plan ${planId} is not being paid back: nothing was captured, or it has ended.`]
}

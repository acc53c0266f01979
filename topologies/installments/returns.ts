/** Money that goes back: to the payments that paid, the last one first, never more than each brought in. */
import { deriveId } from '#domain/ids.ts'
import { inTurn } from '#domain/in-turn.ts'
import type { PlanPayment, PlanState, ReturnCause } from '#schemas'
import { type Cause, type PlanRule, planEvent } from './plan-event.ts'
import { evolvePlan } from './plan-state.ts'
import { keptOf } from './rework.ts'

/** Part of a return: to which payment, how much. */
type ReturnPart = { readonly paymentId: string; readonly amountMinor: number }

/** Splits a return over the payments, last payment first. */
function returnParts(payments: readonly PlanPayment[], amountMinor: number): ReturnPart[] {
  let left = amountMinor
  return payments.toReversed().flatMap((payment) => {
    const { paymentId } = payment
    const part = Math.min(left, keptOf(payment))
    left -= part
    return part > 0 ? [{ paymentId, amountMinor: part }] : []
  })
}

/** Sends back what `amountOf` finds in the plan: one ReturnDue a payment that is touched, none where it is 0. */
export function sendBack(cause: Cause, why: ReturnCause, amountOf: (plan: PlanState) => number): PlanRule {
  return (plan) =>
    inTurn(
      plan,
      evolvePlan,
      returnParts(plan.payments, amountOf(plan)).map((part) => (current) => {
        const returnId = deriveId('ret', plan.planId, cause.meta.id, why, part.paymentId)
        return [planEvent(current, cause, 'ReturnDue', { returnId, cause: why, ...part }, why, part.paymentId)]
      }),
    )
}

/** Undoing a payment that did not come in after all: what it paid is owed again. */
import type { PlanState, UndoPayment } from '#schemas'
import type { PlanRule } from './plan-event.ts'
import { type Refusal, whyNotRunning } from './plan-refusal.ts'
import { keptOf, rework } from './rework.ts'

/** Works the plan out again without what is left of the payment, or says why not. Ids are for one undoing each. */
export function undoPayment(plan: PlanState, command: UndoPayment): ReturnType<PlanRule> | Refusal {
  const { paymentId, meta } = command
  const stopped = plan.status === 'COMPLETED' ? null : whyNotRunning(plan)
  if (stopped !== null) return stopped
  const payment = plan.payments.find((known) => known.paymentId === paymentId)
  if (payment === undefined) return ['PAYMENT_UNKNOWN', `Plan ${plan.planId} has no payment ${paymentId}.`]
  const amountMinor = keptOf(payment)
  if (amountMinor === 0) return ['PAYMENT_GONE', `Nothing is left of payment ${paymentId}: it went back or was undone.`]
  return rework(plan, command, { reworkId: meta.id, cause: 'PAYMENT_UNDONE', undoneId: null, paymentId, amountMinor })
}

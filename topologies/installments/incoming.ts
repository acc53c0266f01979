/** Money that comes in for a plan. */
import type { Prepayment } from '#domain/allocation.ts'
import type { PaymentSucceeded, PlanState } from '#schemas'
import { allocatePayment } from './allocation.ts'
import { openMinor } from './balance.ts'
import { type PlanRule, planEvent } from './plan-event.ts'
import { instalmentOf } from './plan-rows.ts'

/**
 * Takes a payment in, once. Before the first capture nothing is owed, so it is kept as deposit, as far as a capture
 * could still use it; afterwards it pays instalments. What has no place is excess, and goes back.
 */
export function takePayment(payment: PaymentSucceeded): PlanRule {
  return (plan) => {
    if (plan.payments.some(({ paymentId }) => paymentId === payment.paymentId)) return []
    const { instalmentNo, paymentId, amountMinor } = payment
    const depositMinor = Math.min(amountMinor, depositRoomMinor(plan))
    const { instalments, ...allocated } = allocatePayment(plan.instalments, {
      amountMinor: amountMinor - depositMinor,
      instalmentNo,
      today: payment.meta.businessDate,
      prepayment: (payment.prepayment ?? plan.rules.prepayment) as Prepayment,
    })
    const paid = { instalmentNo, paymentId, amountMinor, depositMinor, ...allocated }
    return [planEvent(plan, payment, 'InstalmentPaid', { ...paid, instalments: instalments.map(instalmentOf) })]
  }
}

function depositRoomMinor(plan: PlanState): number {
  const isBeforeCapture = plan.capturedMinor === 0 && (plan.status === 'PROPOSED' || plan.status === 'AUTHORISED')
  return isBeforeCapture ? Math.max(0, openMinor(plan) - plan.depositMinor) : 0
}

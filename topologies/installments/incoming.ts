/** Money that comes in for a plan. */
import type { Prepayment } from '#domain/allocation.ts'
import type { PaymentSucceeded, PlanState } from '#schemas'
import { allocatePayment } from './allocation.ts'
import { openMinor } from './balance.ts'
import { chargeInterest } from './monthly-plan.ts'
import { type PlanRule, planEvent } from './plan-event.ts'
import { instalmentOf } from './plan-rows.ts'
import { evolvePlan } from './plan-state.ts'

/**
 * Takes a payment in, once. Before the first capture nothing is owed, so it is kept as deposit, as far as a capture
 * could still use it; afterwards it pays instalments. What has no place is excess, and goes back.
 */
export function takePayment(payment: PaymentSucceeded): PlanRule {
  return (plan) => {
    if (plan.payments.some(({ paymentId }) => paymentId === payment.paymentId)) return []
    const { instalmentNo, paymentId, amountMinor, prepayment } = payment
    const depositMinor = Math.min(amountMinor, depositRoomMinor(plan))
    // Nothing is taken on a plan that was written off: all of it goes back.
    const payable = plan.status === 'WRITTEN_OFF' ? [] : plan.instalments
    const { instalments, paysOff, charged, ...allocated } = allocatePayment(payable, {
      amountMinor: amountMinor - depositMinor,
      instalmentNo,
      today: payment.meta.businessDate,
      prepayment: (prepayment ?? plan.rules.prepayment) as Prepayment,
      // Interest runs while the plan does.
      terms: plan.status === 'AUTHORISED' ? plan.order.monthly : null,
    })
    const isOpen = plan.status === 'AUTHORISED'
    const charges = isOpen ? chargeInterest(plan, payment, paysOff ? 'PAID_OFF' : 'PAID_EARLY', charged) : []
    const recovered = asRecovery(plan, allocated)
    const rows = payable === plan.instalments ? instalments : plan.instalments
    const paid = { instalmentNo, paymentId, amountMinor, depositMinor, prepayment, ...allocated, ...recovered }
    const fields = { ...paid, instalments: rows.map(instalmentOf) }
    return [...charges, planEvent(charges.reduce(evolvePlan, plan), payment, 'InstalmentPaid', fields)]
  }
}

function depositRoomMinor(plan: PlanState): number {
  const isBeforeCapture = plan.capturedMinor === 0 && (plan.status === 'PROPOSED' || plan.status === 'AUTHORISED')
  return isBeforeCapture ? Math.max(0, openMinor(plan) - plan.depositMinor) : 0
}

type Amounts = { readonly principalMinor: number; readonly interestMinor: number; readonly feeMinor: number }

/** On a plan that is charged off nothing is outstanding: what comes in is a recovery. */
function asRecovery(
  plan: PlanState,
  { principalMinor, interestMinor, feeMinor }: Amounts,
): Amounts & { recoveryMinor: number } {
  if (plan.status !== 'CHARGED_OFF') return { principalMinor, interestMinor, feeMinor, recoveryMinor: 0 }
  const recoveryMinor = principalMinor + interestMinor + feeMinor
  return { principalMinor: 0, interestMinor: 0, feeMinor: 0, recoveryMinor }
}

/** What the merchant does to a plan: captures, releases, refunds; and how a plan ends. */
import { formatMinor } from '#domain/money.ts'
import type { RefundPolicyName } from '#domain/refund.ts'
import type { Instalment, PlanState, PurchaseCaptured, PurchaseRefunded, PurchaseReleased } from '#schemas'
import { StreamsError } from '#streams'
import { openMinor, owedMinor } from './balance.ts'
import { type Cause, type PlanRule, planEvent } from './plan-event.ts'
import { isBadDebt } from './plan-refusal.ts'
import { instalmentOf } from './plan-rows.ts'
import { allocateRefund, type RefundAllocation } from './refunds.ts'
import { scheduleCapture } from './schedule.ts'

/** Makes the instalments real. @throws StreamsError PLAN_OUT_OF_STEP where more is captured than is open. */
export function capture(captured: PurchaseCaptured): PlanRule {
  return (plan) => {
    if (plan.movements.includes(captured.captureId)) return []
    const { captureId, amountMinor } = captured
    assertRoom(plan, `capture ${captureId}`, amountMinor, openMinor(plan))
    const { instalments, depositAppliedMinor } = scheduleCapture(plan, amountMinor, captured.meta.businessDate)
    const fields = { captureId, amountMinor, depositAppliedMinor, instalments: instalments.map(instalmentOf) }
    return [planEvent(plan, captured, 'PlanScheduled', fields)]
  }
}

/** Gives up what was not captured. @throws StreamsError PLAN_OUT_OF_STEP where more is released than is open. */
export function release(released: PurchaseReleased): PlanRule {
  return (plan) => {
    if (plan.movements.includes(released.releaseId)) return []
    const { releaseId, cause, amountMinor } = released
    assertRoom(plan, `release ${releaseId}`, amountMinor, openMinor(plan))
    return [planEvent(plan, released, 'PlanReleased', { releaseId, cause, amountMinor })]
  }
}

/** Works a refund in. @throws StreamsError PLAN_OUT_OF_STEP where more is refunded than was captured. */
export function refund(refunded: PurchaseRefunded): PlanRule {
  return (plan) => {
    if (plan.movements.includes(refunded.refundId)) return []
    const { refundId, amountMinor } = refunded
    assertRoom(plan, `refund ${refundId}`, amountMinor, plan.capturedMinor - plan.refundedMinor)
    const policy = plan.rules.refundPolicy as RefundPolicyName
    const today = refunded.meta.businessDate
    const isFull = plan.refundedMinor + amountMinor === plan.capturedMinor
    const terms = plan.order.monthly
    const { instalments, ...amounts } = allocateRefund(plan.instalments, { amountMinor, today, policy, terms, isFull })
    const recovered = isBadDebt(plan) ? asRecovery(amounts) : { recoveryMinor: 0 }
    const rows = instalments.map(instalmentOf)
    const fields = { refundId, amountMinor, ...amounts, ...recovered, policy, instalments: rows }
    return [planEvent(plan, refunded, 'RefundAllocated', fields)]
  }
}

/** On a plan that was given up nothing is outstanding: what comes off its debt is a recovery. */
function asRecovery({ reducedMinor, interestReducedMinor }: Omit<RefundAllocation<Instalment>, 'instalments'>) {
  return { reducedMinor: 0, interestReducedMinor: 0, recoveryMinor: reducedMinor + interestReducedMinor }
}

/** Deposit that no capture can use any more. */
export function surplusDepositMinor(plan: PlanState): number {
  return Math.max(0, plan.depositMinor - openMinor(plan))
}

/** Nothing was captured and nothing can be: there is no plan. */
export function cancelReleased(cause: Cause): PlanRule {
  return (plan) => {
    const isAlive = plan.status === 'PROPOSED' || plan.status === 'AUTHORISED'
    if (!isAlive || plan.capturedMinor > 0 || openMinor(plan) > 0) return []
    const { checkoutId, amountMinor } = plan.order
    return [planEvent(plan, cause, 'PlanCancelled', { checkoutId, amountMinor, cause: 'RELEASED', declineCode: null })]
  }
}

/** Nothing is open and nothing is owed: the plan is done. */
export function complete(cause: Cause): PlanRule {
  return (plan) => {
    const owes = plan.instalments.some((row) => owedMinor(row) > 0)
    const isDone = plan.capturedMinor > 0 && openMinor(plan) === 0 && !owes
    const isOpen = plan.status === 'AUTHORISED' || plan.status === 'CHARGED_OFF'
    return isOpen && isDone ? [planEvent(plan, cause, 'PlanCompleted', {})] : []
  }
}

/**
 * The purchases topology allows no such movement, and one topic keeps its order: so this is a defect. The record is
 * parked, and the money stays as it is until someone has looked.
 */
function assertRoom(plan: PlanState, movement: string, amountMinor: number, roomMinor: number): void {
  if (amountMinor <= roomMinor) return
  const { currency } = plan.order
  const amounts = `${formatMinor(amountMinor, currency)} of at most ${formatMinor(roomMinor, currency)} ${currency}`
  throw new StreamsError(
    'PLAN_OUT_OF_STEP',
    `${movement} moves ${amounts} on plan ${plan.planId}; compare purchase.events with plan.events, ` +
      'then replay or discard the parked record.',
  )
}

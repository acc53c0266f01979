/** How a plan comes to be: proposed for an approved purchase, authorised once its first payment is in. */
import type { PaymentFailed, PlanOrder, PlanRules, PlanState, PurchaseApproved } from '#schemas'
import { type Cause, type PlanRule, planEvent } from './plan-event.ts'
import { proposedSchedule } from './schedule.ts'

/** Remembers the approval, and the rules the plan will live by: the product's, where the merchant chose no others. */
export function openPlan(approved: PurchaseApproved, product: PlanRules): PlanRule {
  const rules = { ...product, refundPolicy: approved.terms.refundPolicy ?? product.refundPolicy }
  return () => [{ type: 'PlanOpened', order: orderOf(approved), rules }]
}

/** Proposes the schedule; nothing is owed yet. */
export function propose(cause: Cause): PlanRule {
  return (plan) => {
    const { product, amountMinor, paymentMethodId } = plan.order
    const instalments = scheduleOf(plan)
    return [planEvent(plan, cause, 'PlanProposed', { product, amountMinor, instalments, paymentMethodId })]
  }
}

/** Asks for the payment at checkout, where the product has one. */
export function askAtCheckout(cause: Cause): PlanRule {
  return (plan) => {
    const amountMinor = firstPaymentMinor(plan)
    if (amountMinor === 0) return []
    const { paymentMethodId, approvedOn } = plan.order
    const fields = { instalmentNo: 1, dueDate: approvedOn, amountMinor, paymentMethodId, atCheckout: true }
    return [planEvent(plan, cause, 'InstalmentDue', fields, 1)]
  }
}

/** The plan can carry the purchase once its first payment is in, or at once where it needs none. */
export function authorise(cause: Cause): PlanRule {
  return (plan) => {
    const isCarried = plan.payments.length > 0 || firstPaymentMinor(plan) === 0
    if (plan.status !== 'PROPOSED' || !isCarried) return []
    const { checkoutId, merchantName, merchantReference, product, amountMinor, terms, payoutAccount } = plan.order
    const fields = { checkoutId, merchantName, merchantReference, product, amountMinor, terms, payoutAccount }
    return [planEvent(plan, cause, 'PlanAuthorised', fields)]
  }
}

/** Without its first payment there is no plan. Later failures change nothing here: the days decide who is late. */
export function cancelUnpaid(failed: PaymentFailed): PlanRule {
  return (plan) => {
    if (plan.status !== 'PROPOSED' || !failed.atCheckout) return []
    const { checkoutId, amountMinor } = plan.order
    const fields = { checkoutId, amountMinor, cause: 'FIRST_PAYMENT_FAILED', declineCode: failed.declineCode }
    return [planEvent(plan, failed, 'PlanCancelled', fields)]
  }
}

/** What is charged while the purchase is authorised: a quarter of pay in 4 or what was agreed, nothing of pay in 30. */
function firstPaymentMinor(plan: PlanState): number {
  return plan.order.product === 'PAY_IN_4' ? (scheduleOf(plan)[0]?.amountMinor ?? 0) : 0
}

function scheduleOf(plan: PlanState) {
  const { product, amountMinor, approvedOn, firstPaymentMinor } = plan.order
  return proposedSchedule(product, amountMinor, approvedOn, firstPaymentMinor)
}

function orderOf(approved: PurchaseApproved): PlanOrder {
  const { consumerId, merchantId, merchantName, merchantReference, purchaseId, checkoutId } = approved
  const { product, currency, amountMinor, paymentMethodId, terms, payoutAccount } = approved
  return {
    ...{ consumerId, merchantId, merchantName, merchantReference, purchaseId, checkoutId },
    ...{ product, currency, amountMinor, paymentMethodId, terms, payoutAccount },
    approvedOn: approved.meta.businessDate,
    firstPaymentMinor: approved.firstPaymentMinor,
  }
}

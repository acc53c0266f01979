/** How a plan comes to be: proposed for an approved purchase, authorised once its first payment is in. */
import { monthlyOffer } from '#domain/credit-cost.ts'
import type { PaymentFailed, PlanOrder, PlanRules, PlanState, PurchaseApproved } from '#schemas'
import { monthlyInstalments, scheduleTerms } from './monthly-plan.ts'
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
    const { product, amountMinor, paymentMethodId, monthly, approvedOn, currency } = plan.order
    const instalments = scheduleOf(plan)
    const cost = monthly === null ? null : monthlyOffer(scheduleTerms(monthly, amountMinor, approvedOn), currency).cost
    const fields = { product, amountMinor, instalments, paymentMethodId, monthly, cost }
    return [planEvent(plan, cause, 'PlanProposed', fields)]
  }
}

/** So that no sum of a plan (amount, interest, fees, what comes in and goes back) can leave the safe integers. */
const PLAN_AMOUNT_MAX_MINOR = Math.floor(Number.MAX_SAFE_INTEGER / 8)

/** Whether the money of a plan for this purchase can be counted. */
export function canBeCounted({ amountMinor, monthly }: PurchaseApproved): boolean {
  if (amountMinor > PLAN_AMOUNT_MAX_MINOR) return false
  // No schedule has more interest than one in which nothing is paid before its end.
  const months = monthly === null ? 0 : monthly.instalments
  const interest = BigInt(amountMinor) * BigInt(monthly?.ratePpm ?? 0) * BigInt(months + 1)
  return BigInt(amountMinor) + interest / 12_000_000n <= BigInt(PLAN_AMOUNT_MAX_MINOR)
}

/** Ends a plan before it begins, because its amounts are too large to be counted. */
export function refuseOverflow(cause: Cause): PlanRule {
  return (plan) => {
    const { checkoutId, amountMinor } = plan.order
    const fields = { checkoutId, amountMinor, cause: 'AMOUNT_OVERFLOW', declineCode: null }
    return [planEvent(plan, cause, 'PlanCancelled', fields)]
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

/** What is charged while the purchase is authorised: a quarter of pay in 4 or what was agreed, else nothing. */
function firstPaymentMinor(plan: PlanState): number {
  return plan.order.product === 'PAY_IN_4' ? (scheduleOf(plan)[0]?.amountMinor ?? 0) : 0
}

function scheduleOf(plan: PlanState) {
  const { product, amountMinor, approvedOn, firstPaymentMinor, monthly } = plan.order
  if (monthly !== null) return monthlyInstalments(monthly, amountMinor, approvedOn, { after: 0, series: 1 })
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
    monthly: approved.monthly,
  }
}

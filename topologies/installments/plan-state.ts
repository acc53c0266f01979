/** What a plan remembers, and how each of its events changes that. */
import type { LateFeeCharged, PlanEvent, PlanOrder, PlanRules, PlanState } from '#schemas'
import { withMovement } from './history.ts'
import { withRow, withRows } from './plan-rows.ts'
import { evolveServicing, isServicing } from './servicing-state.ts'

/**
 * Begins a plan. Kept in the plan's state only, never written to a topic: PlanProposed does not carry all that later
 * events need of the approval.
 */
export type PlanOpened = { readonly type: 'PlanOpened'; readonly order: PlanOrder; readonly rules: PlanRules }

/** All that can happen to a plan. */
export type PlanFact = PlanEvent | PlanOpened

/** Whether a fact is an event for the topic. */
export function isPlanEvent(fact: PlanFact): fact is PlanEvent {
  return fact.type !== 'PlanOpened'
}

const NO_ORDER: PlanOrder = {
  consumerId: '',
  merchantId: '',
  merchantName: '',
  merchantReference: null,
  purchaseId: '',
  checkoutId: '',
  product: 'PAY_IN_4',
  currency: '',
  amountMinor: 0,
  paymentMethodId: '',
  terms: {
    feeBps: 0,
    feeFixedMinor: 0,
    settlementDays: 0,
    refundPolicy: null,
    authorisationDays: null,
    settlement: null,
    monthly: [],
  },
  payoutAccount: '',
  approvedOn: '1970-01-01',
  firstPaymentMinor: null,
  monthly: null,
}

const NO_RULES: PlanRules = { lateFeeScheme: '', refundPolicy: '', prepayment: '', depositSurplus: '' }

/** A plan nothing is known of yet. */
export function newPlan(planId: string): PlanState {
  return {
    planId,
    status: 'NEW',
    order: NO_ORDER,
    rules: NO_RULES,
    capturedMinor: 0,
    releasedMinor: 0,
    refundedMinor: 0,
    depositMinor: 0,
    depositAppliedMinor: 0,
    instalments: [],
    payments: [],
    feesCharged: 0,
    movements: [],
    pauses: [],
    dateMoves: 0,
    history: [],
    fees: [],
    chargedOffMinor: 0,
    recoveredMinor: 0,
    fraudOn: null,
    chargeOffUndoneOn: null,
  }
}

/** The plan after a fact. The balance an event carries is not read: it follows from what is folded here. */
export function evolvePlan(plan: PlanState, fact: PlanFact): PlanState {
  const after = evolved(plan, fact)
  const history = withMovement(plan.history, fact)
  return history === plan.history ? after : { ...after, history }
}

function evolved(plan: PlanState, fact: PlanFact): PlanState {
  switch (fact.type) {
    case 'PlanOpened':
      return { ...plan, order: fact.order, rules: fact.rules }
    case 'PlanProposed':
      return { ...plan, status: 'PROPOSED' }
    case 'PlanAuthorised':
      return { ...plan, status: 'AUTHORISED' }
    case 'PlanCancelled':
      return { ...plan, status: 'CANCELLED', releasedMinor: plan.order.amountMinor - plan.capturedMinor }
    case 'PlanCompleted':
      return { ...plan, status: 'COMPLETED' }
    case 'InstalmentDue':
      return fact.atCheckout
        ? plan
        : withRow(plan, fact.instalmentNo, { status: 'DUE', askedOn: fact.meta.businessDate })
    case 'InstalmentOverdue':
      return withRow(plan, fact.instalmentNo, { status: 'OVERDUE' })
    case 'InterestCharged':
      return withRows(plan, fact.instalments)
    case 'LateFeeCharged':
      return afterFee(withRows(plan, fact.instalments), fact)
    default:
      return isServicing(fact) ? evolveServicing(plan, fact) : evolveMoney(plan, fact)
  }
}

type MoneyEvent = Extract<
  PlanEvent,
  { type: 'PlanScheduled' | 'InstalmentPaid' | 'RefundAllocated' | 'PlanReleased' | 'ReturnDue' }
>

function evolveMoney(plan: PlanState, event: MoneyEvent): PlanState {
  switch (event.type) {
    case 'PlanScheduled':
      return {
        ...withRows(plan, event.instalments),
        capturedMinor: plan.capturedMinor + event.amountMinor,
        depositMinor: plan.depositMinor - event.depositAppliedMinor,
        depositAppliedMinor: plan.depositAppliedMinor + event.depositAppliedMinor,
        movements: [...plan.movements, event.captureId],
      }
    case 'InstalmentPaid': {
      const payment = {
        paymentId: event.paymentId,
        collectedMinor: event.amountMinor,
        returnedMinor: 0,
        chargedBackMinor: 0,
      }
      const depositMinor = plan.depositMinor + event.depositMinor
      const recoveredMinor = plan.recoveredMinor + event.recoveryMinor
      const payments = [...plan.payments, payment]
      return { ...withRows(plan, event.instalments), depositMinor, recoveredMinor, payments }
    }
    case 'RefundAllocated':
      return {
        ...withRows(plan, event.instalments),
        refundedMinor: plan.refundedMinor + event.amountMinor,
        recoveredMinor: plan.recoveredMinor + event.recoveryMinor,
        movements: [...plan.movements, event.refundId],
      }
    case 'PlanReleased':
      return {
        ...plan,
        releasedMinor: plan.releasedMinor + event.amountMinor,
        movements: [...plan.movements, event.releaseId],
      }
    case 'ReturnDue': {
      const payments = plan.payments.map((payment) =>
        payment.paymentId === event.paymentId
          ? { ...payment, returnedMinor: payment.returnedMinor + event.amountMinor }
          : payment,
      )
      const depositMinor = plan.depositMinor - (event.cause === 'DEPOSIT' ? event.amountMinor : 0)
      return { ...plan, payments, depositMinor }
    }
  }
}

function afterFee(plan: PlanState, fee: LateFeeCharged): PlanState {
  const { instalmentNo, feeId, currency, amountMinor, meta } = fee
  const on = meta.businessDate
  const steps = plan.instalments.find((row) => row.no === instalmentNo)?.feeSteps ?? 0
  const fees = [...plan.fees, { feeId, instalmentNo, currency, on, amountMinor, reversedMinor: 0 }]
  const change = { feeSteps: steps + 1, feeOn: on }
  return { ...withRow(plan, instalmentNo, change), feesCharged: plan.feesCharged + 1, fees }
}

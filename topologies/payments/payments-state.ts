/** What is remembered of the payments of one plan, and how each fact changes that. */
import { sumMinor } from '#domain/money.ts'
import type {
  ChargeBackState,
  ChargeRequested,
  OwedInstalment,
  PaymentEvent,
  PaymentRequest,
  PaymentState,
  PlanPayments,
  ReturnState,
} from '#schemas'

/** What only the state keeps; never written to a topic. */
export type PaymentNote =
  /** The plan said what is owed on each instalment. */
  | {
      readonly type: 'OwedNoted'
      readonly consumerId: string
      readonly currency: string
      readonly owed: readonly OwedInstalment[]
    }
  /** Until this day nothing is charged. */
  | { readonly type: 'ChargesPaused'; readonly until: string }
  /** A payment begins; its first attempt is still to come. */
  | { readonly type: 'PaymentOpened'; readonly payment: PaymentState }
  /** The plan has taken the payment in. */
  | { readonly type: 'PaymentApplied'; readonly paymentId: string }
  /** Nothing is owed any more: the attempt that was to come is not made. */
  | { readonly type: 'PaymentCancelled'; readonly paymentId: string }
  /** A return begins; its first attempt is still to come. */
  | { readonly type: 'ReturnOpened'; readonly return: ReturnState }
  /** A return failed softly; another attempt follows. */
  | { readonly type: 'ReturnDelayed'; readonly returnId: string; readonly nextAttemptOn: string }

/** All that can happen to the payments of a plan. */
export type PaymentFact = PaymentRequest | PaymentEvent | PaymentNote

/** A plan of which nothing was heard yet. */
export function noPayments(planId: string): PlanPayments {
  return {
    planId,
    consumerId: '',
    currency: '',
    owed: [],
    payments: [],
    returns: [],
    pausedUntil: null,
    chargeBacks: [],
  }
}

/** Whether a fact is a request to the gateway. */
export function isPaymentRequest(fact: PaymentFact): fact is PaymentRequest {
  return fact.type === 'ChargeRequested' || fact.type === 'ReturnRequested'
}

const NOTES: Readonly<Record<PaymentNote['type'], true>> = {
  OwedNoted: true,
  ChargesPaused: true,
  PaymentOpened: true,
  PaymentApplied: true,
  PaymentCancelled: true,
  ReturnOpened: true,
  ReturnDelayed: true,
}

/** Whether a fact is an event for the topic. */
export function isPaymentEvent(fact: PaymentFact): fact is PaymentEvent {
  return !isPaymentRequest(fact) && !(fact.type in NOTES)
}

/** The payments after a fact. */
export function evolvePayments(plan: PlanPayments, fact: PaymentFact): PlanPayments {
  switch (fact.type) {
    case 'OwedNoted':
      return { ...plan, consumerId: fact.consumerId, currency: fact.currency, owed: fact.owed }
    case 'ChargesPaused':
      return { ...plan, pausedUntil: fact.until }
    case 'PaymentOpened':
      return { ...plan, payments: [...plan.payments, fact.payment] }
    case 'ChargeRequested':
      return afterRequest(plan, fact)
    case 'PaymentRerouted':
      return withPayment(plan, fact.paymentId, { gateway: fact.toGateway, requestId: fact.requestId })
    case 'PaymentDelayed':
      return withPayment(plan, fact.paymentId, { nextAttemptOn: fact.nextAttemptOn })
    case 'PaymentAttemptFailed':
      return withPayment(plan, fact.paymentId, { status: 'WAITING', nextAttemptOn: fact.nextAttemptOn })
    case 'PaymentSucceeded': {
      const { amountMinor, gatewayRef } = fact
      return withPayment(plan, fact.paymentId, { status: 'SUCCEEDED', amountMinor, gatewayRef })
    }
    case 'PaymentFailed':
      return withPayment(plan, fact.paymentId, { status: 'FAILED', nextAttemptOn: null })
    case 'PaymentApplied':
      return withPayment(plan, fact.paymentId, { status: 'APPLIED' })
    case 'PaymentCancelled':
      return withPayment(plan, fact.paymentId, { status: 'CANCELLED', nextAttemptOn: null })
    default:
      return evolveReturns(plan, fact)
  }
}

/** A payment over several plans was noted as on its way when it began: the request is of all its parts. */
function afterRequest(plan: PlanPayments, request: ChargeRequested): PlanPayments {
  const { paymentId, attempt, requestId, amountMinor, instalmentNo, gateway } = request
  if (plan.payments.some((payment) => payment.paymentId === paymentId && payment.groupId !== null)) return plan
  const reachesOver = amountMinor > owedOn(plan, instalmentNo)
  const sent = {
    attempt,
    requestId,
    amountMinor,
    gateway,
    reachesOver,
    status: 'IN_FLIGHT',
    nextAttemptOn: null,
  } as const
  return withPayment(plan, paymentId, sent)
}

type ReturnFact = Extract<
  PaymentFact,
  {
    type:
      | 'ReturnOpened'
      | 'ReturnRequested'
      | 'ReturnDelayed'
      | 'PaymentReturned'
      | 'PaymentReturnFailed'
      | 'PaymentMethodAdded'
      | 'PaymentChargedBack'
      | 'ChargeBackDecided'
      | 'PaymentCommandRefused'
  }
>

function evolveReturns(plan: PlanPayments, fact: ReturnFact): PlanPayments {
  switch (fact.type) {
    case 'ReturnOpened':
      return { ...plan, returns: [...plan.returns, fact.return] }
    case 'ReturnRequested': {
      const { attempt, requestId } = fact
      return withReturn(plan, fact.returnId, { attempt, requestId, status: 'IN_FLIGHT', nextAttemptOn: null })
    }
    case 'ReturnDelayed':
      return withReturn(plan, fact.returnId, { status: 'WAITING', nextAttemptOn: fact.nextAttemptOn })
    case 'PaymentReturned':
      return withReturn(plan, fact.returnId, { status: 'SUCCEEDED' })
    case 'PaymentReturnFailed':
      return withReturn(plan, fact.returnId, { status: 'FAILED' })
    case 'PaymentChargedBack': {
      const { chargeBackId, paymentId, purchaseId, amountMinor } = fact
      const chargeBack = { chargeBackId, paymentId, purchaseId, amountMinor, status: 'OPEN' } as const
      return { ...plan, chargeBacks: [...plan.chargeBacks, chargeBack] }
    }
    case 'ChargeBackDecided': {
      const status = fact.won ? 'WON' : 'LOST'
      const decided = (it: ChargeBackState) => (it.chargeBackId === fact.chargeBackId ? { ...it, status } : it)
      return { ...plan, chargeBacks: plan.chargeBacks.map(decided) } as PlanPayments
    }
    case 'PaymentMethodAdded':
    case 'PaymentCommandRefused':
      return plan
  }
}

/** What the plan owes on an instalment, principal and fees, as it last said. */
export function owedOn(plan: PlanPayments, instalmentNo: number): number {
  return plan.owed.find(({ no }) => no === instalmentNo)?.owedMinor ?? 0
}

/**
 * Whether money for an instalment is on its way: charged without an answer, or collected and not yet taken in by the
 * plan. Until then what the plan says is owed is too much.
 */
export function isBusy(plan: PlanPayments, instalmentNo: number): boolean {
  return plan.payments.some((payment) => {
    const concerns = payment.instalmentNo === instalmentNo || payment.reachesOver
    return concerns && (payment.status === 'IN_FLIGHT' || payment.status === 'SUCCEEDED')
  })
}

/**
 * What may still be charged: what the plan owes in all, less what is on its way for any instalment. A further capture
 * divides the debt anew, and money on its way for one instalment may by then be another one's.
 */
export function roomMinor(plan: PlanPayments): number {
  const onItsWay = plan.payments.filter(({ status }) => status === 'IN_FLIGHT' || status === 'SUCCEEDED')
  return sumMinor(plan.owed.map((it) => it.owedMinor)) - sumMinor(onItsWay.map((payment) => payment.amountMinor))
}

/** Whether the plan, or the instalments it reaches over to, still owes what a payment on its way is to bring in. */
export function isStillOwed(plan: PlanPayments, payment: PaymentState, today: string): boolean {
  const { instalmentNo, amountMinor, reachesOver, kind } = payment
  if (kind === 'AUTOPAY' && plan.pausedUntil !== null && today < plan.pausedUntil) return false
  return roomMinor(plan) >= 0 && (reachesOver || owedOn(plan, instalmentNo) >= amountMinor)
}

function withPayment(plan: PlanPayments, paymentId: string, change: Partial<PaymentState>): PlanPayments {
  const payments = plan.payments.map((payment) =>
    payment.paymentId === paymentId ? { ...payment, ...change } : payment,
  )
  return { ...plan, payments }
}

function withReturn(plan: PlanPayments, returnId: string, change: Partial<ReturnState>): PlanPayments {
  return { ...plan, returns: plan.returns.map((it) => (it.returnId === returnId ? { ...it, ...change } : it)) }
}

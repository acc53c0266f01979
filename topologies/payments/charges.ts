/** Collecting: payments begin, are charged when their day has come and nothing else is on its way, and end. */
import { PRIMARY_GATEWAY } from '#domain/gateway-names.ts'
import { gatewayAfter } from '#domain/gateway-routes.ts'
import { deriveId } from '#domain/ids.ts'
import { inTurn, type Rule } from '#domain/in-turn.ts'
import { sumMinor } from '#domain/money.ts'
import type {
  CardAttempts,
  ChargeRequested,
  ChargeSucceeded,
  Envelope,
  InstalmentPaid,
  PaymentFailed,
  PaymentMethodState,
  PaymentState,
  PlanPaused,
  PlanPayments,
} from '#schemas'
import { childMeta } from '#schemas'
import { freeFromMs, isClosed, isSameAmountOnly, verdictOn } from './card-attempts.ts'
import type { FundedDue, TracedFailure } from './look-up.ts'
import { evolvePayments, isBusy, owedOn, type PaymentFact, roomMinor } from './payments-state.ts'
import { firstDay, nextAttemptOn } from './retry-schedule.ts'
import type { PartAsked } from './split-payment.ts'

/** What facts follow from. */
export type Cause = { readonly meta: Envelope }

/** A rule about the payments of a plan: see domain/in-turn.ts. */
export type PaymentRule = Rule<PlanPayments, PaymentFact>

/** What a card that its network has closed is not asked for any more. */
const CLOSED = { declineCode: 'card_closed_by_network', declineClass: 'HARD' } as const

/** An entry on a bank account may be repeated with the same amount only. */
const OTHER_AMOUNT = { declineCode: 'amount_changed', declineClass: 'SOFT' } as const

/** What the gateway says to a platform that has no card to charge. */
const NO_METHOD = { declineCode: 'payment_method_missing', declineClass: 'HARD' } as const

/** Begins the payment of an instalment that fell due; without a card it has failed before its first attempt. */
export function openDue(due: FundedDue): PaymentRule {
  return (plan) => {
    const { instalmentNo, amountMinor, atCheckout, method, meta, planId, route = [] } = due
    const others = plan.payments.filter((payment) => payment.instalmentNo === instalmentNo)
    const isUnderWay = others.some(
      ({ kind, status }) => kind !== 'MANUAL' && (status === 'WAITING' || status === 'IN_FLIGHT'),
    )
    if (isUnderWay || plan.payments.some(({ causeId }) => causeId === meta.id)) return []
    const first = deriveId('pay', planId, instalmentNo)
    const isFirst = others.every(({ paymentId }) => paymentId !== first)
    const payment = newPayment({
      paymentId: isFirst ? first : deriveId('pay', planId, instalmentNo, meta.id),
      instalmentNo,
      kind: atCheckout ? 'CHECKOUT' : 'AUTOPAY',
      causeId: meta.id,
      token: method?.token ?? '',
      amountMinor,
      route,
      nextAttemptOn: meta.businessDate,
    })
    if (method !== null) return [{ type: 'PaymentOpened', payment }]
    return [{ type: 'PaymentOpened', payment }, failure(plan, due, payment, NO_METHOD)]
  }
}

/** A payment the consumer makes now. */
export type ByHand = {
  readonly meta: Envelope
  readonly paymentId: string
  readonly instalmentNo: number
  readonly amountMinor: number
  readonly route?: readonly string[]
}

/** Begins a payment by hand and charges it at once. */
export function chargeByHand(plan: PlanPayments, command: ByHand, method: PaymentMethodState): readonly PaymentFact[] {
  const { paymentId, instalmentNo, amountMinor, meta, route = [] } = command
  const payment = newPayment({
    ...{ paymentId, instalmentNo, amountMinor, kind: 'MANUAL', causeId: meta.id },
    ...{ commandId: meta.id, token: method.token, nextAttemptOn: meta.businessDate, route },
  })
  return [{ type: 'PaymentOpened', payment }, charge(plan, command, payment, amountMinor)]
}

/**
 * Begins the part of a payment over several plans that is this plan's. One charge brings all parts in, or none; the
 * first of them asks for it.
 */
export function chargePart(part: PartAsked): PaymentRule {
  return (plan) => {
    const { paymentId, instalmentNo, amountMinor, groupId, prepayment, method, parts, meta, route = [] } = part
    if (plan.payments.some((known) => known.paymentId === paymentId)) return []
    const isFirst = parts.length > 0
    const opened = newPayment({
      ...{ paymentId, instalmentNo, amountMinor, kind: 'MANUAL', causeId: meta.id, token: method.token },
      ...{ commandId: isFirst ? meta.id : null, nextAttemptOn: null, groupId, parts, prepayment },
      ...{ route, gateway: firstOf(route) },
    })
    const reachesOver = amountMinor > owedOn(plan, instalmentNo)
    const requestId = deriveId('req', groupId, 1)
    const payment: PaymentState = { ...opened, attempt: 1, requestId, status: 'IN_FLIGHT', reachesOver }
    const begun: PaymentFact = { type: 'PaymentOpened', payment }
    const allMinor = sumMinor(parts.map((one) => one.amountMinor))
    return isFirst ? [begun, charge(plan, part, { ...payment, attempt: 0 }, allMinor)] : [begun]
  }
}

/**
 * Charges what waits and whose day has come, where no other money for the instalment is on its way, and not so much
 * that with all that is on its way it would be more than the plan owes: what is owed now, late fees included. Where
 * nothing is owed any more, it is cancelled. While the plan is paused, nothing is charged.
 */
export function chargeWaiting(cause: Cause, today: string, attempts: CardAttempts): PaymentRule {
  return eachPayment((plan, payment) => {
    if (payment.status !== 'WAITING' || (plan.pausedUntil !== null && today < plan.pausedUntil)) return []
    const owedMinor = owedOn(plan, payment.instalmentNo)
    if (isBusy(plan, payment.instalmentNo) || owedMinor > Math.max(0, roomMinor(plan))) return []
    if (owedMinor === 0) return [{ type: 'PaymentCancelled', paymentId: payment.paymentId }]
    if ((payment.nextAttemptOn ?? today) > today) return []
    return allowed(plan, cause, { ...payment, amountMinor: owedMinor }, attempts)
  })
}

/** Charges the card, unless the rules of its network let that be later, or never. */
function allowed(
  plan: PlanPayments,
  cause: Cause,
  payment: PaymentState,
  attempts: CardAttempts,
): readonly PaymentFact[] {
  const { amountMinor, paymentId, kind } = payment
  if (kind !== 'AUTOPAY') return [charge(plan, cause, payment, amountMinor)]
  const before = plan.payments.find((one) => one.paymentId === paymentId)
  const isOther = payment.attempt > 0 && before?.amountMinor !== amountMinor
  if (isClosed(attempts, payment)) return [failure(plan, cause, payment, CLOSED)]
  if (isOther && isSameAmountOnly(attempts, payment)) return [failure(plan, cause, payment, OTHER_AMOUNT)]
  const on = firstDay(freeFromMs(withUnderWay(plan, attempts, cause), payment))
  if (on <= cause.meta.businessDate) return [charge(plan, cause, payment, amountMinor)]
  const meta = childMeta('payments', cause, 'PaymentDelayed', paymentId)
  return [{ type: 'PaymentDelayed', meta, ...headOf(plan, payment), amountMinor, nextAttemptOn: on }]
}

/** Also what this plan has charged in the same step, which is not counted yet. */
function withUnderWay(plan: PlanPayments, attempts: CardAttempts, { meta }: Cause): CardAttempts {
  const known = (one: PaymentState) =>
    attempts.attempts.some(({ paymentId, attempt }) => paymentId === one.paymentId && attempt === one.attempt)
  const fresh = plan.payments.filter((one) => one.status === 'IN_FLIGHT' && !known(one))
  return { ...attempts, attempts: [...attempts.attempts, ...fresh.map((one) => ({ ...one, atMs: meta.occurredAt }))] }
}

/** While the plan is paused the platform charges nothing by itself; the consumer may pay. */
export function pauseCharges({ until }: PlanPaused): PaymentRule {
  return () => [{ type: 'ChargesPaused', until }]
}

/** The platform charges nothing more by itself; the consumer may pay. */
export const stopCharges: PaymentRule = eachPayment((_plan, { status, kind, paymentId }) =>
  status === 'WAITING' && kind !== 'MANUAL' ? [{ type: 'PaymentCancelled', paymentId }] : [],
)

/** The gateway collected. What is not the result of the attempt under way is late or a repeat, and changes nothing. */
export function succeed(result: ChargeSucceeded): PaymentRule {
  return eachPayment((plan, payment) => {
    if (!isUnderWay(payment, result)) return []
    const { amountMinor, gatewayRef } = result
    const { gateway } = payment
    const meta = childMeta('payments', result, 'PaymentSucceeded', payment.paymentId)
    const { groupId, parts, prepayment } = payment
    const group = { groupId, parts, prepayment }
    return [{ type: 'PaymentSucceeded', meta, ...headOf(plan, payment), amountMinor, gatewayRef, gateway, ...group }]
  })
}

/**
 * The gateway could not collect. Where it certainly took nothing, for a reason of its own, the next one is asked; else
 * another attempt follows where the schedule has one and something is still owed.
 */
export function fail(result: TracedFailure, attempts: CardAttempts): PaymentRule {
  return eachPayment((plan, payment) => {
    if (!isUnderWay(payment, result)) return []
    const { gateway } = payment
    const next = result.technical && result.reroute ? gatewayAfter(payment.route, gateway ?? '') : null
    return next === null ? failHere(plan, payment, result, attempts) : reroute(plan, payment, result, next)
  })
}

/** The same attempt and amount, asked of another gateway under an id of its own. */
function reroute(
  plan: PlanPayments,
  payment: PaymentState,
  result: TracedFailure,
  toGateway: string,
): readonly PaymentFact[] {
  const { paymentId, attempt, groupId, parts, amountMinor, gateway } = payment
  const requestId = deriveId('req', groupId ?? paymentId, attempt, toGateway)
  const meta = childMeta('payments', result, 'PaymentRerouted', paymentId)
  const head = { ...headOf(plan, payment), amountMinor, declineCode: result.declineCode, requestId }
  const moved: PaymentFact = { type: 'PaymentRerouted', meta, ...head, fromGateway: gateway ?? '', toGateway }
  if (groupId !== null && parts.length === 0) return [moved]
  const allMinor = groupId === null ? amountMinor : sumMinor(parts.map((one) => one.amountMinor))
  const again = { ...payment, gateway: toGateway, requestId, attempt: attempt - 1 }
  return [moved, charge(plan, result, again, allMinor, requestId)]
}

function failHere(
  plan: PlanPayments,
  payment: PaymentState,
  result: TracedFailure,
  attempts: CardAttempts,
): readonly PaymentFact[] {
  const { declineCode, declineClass, meta, network, networkCode } = result
  const { kind, attempt, amountMinor, gateway } = payment
  const verdict = verdictOn(attempts, payment, result)
  const next = nextAttemptOn({ kind, declineClass, attempt, today: meta.businessDate, verdict })
  if (next === null || owedOn(plan, payment.instalmentNo) === 0) {
    const isForGood = verdict !== null && 'refused' in verdict && verdict.refused !== 'BUDGET_SPENT'
    return [failure(plan, result, payment, { ...result, isForGood })]
  }
  const failed = { ...headOf(plan, payment), amountMinor, declineCode, declineClass, gateway, network, networkCode }
  const childOf = childMeta('payments', result, 'PaymentAttemptFailed', payment.paymentId)
  return [{ type: 'PaymentAttemptFailed', meta: childOf, ...failed, nextAttemptOn: next }]
}

/**
 * The plan has taken a payment in. Where the platform's own payment left something owed (a late fee or a capture came
 * while it was on its way), the rest is collected as well.
 */
export function apply(paid: InstalmentPaid): PaymentRule {
  return eachPayment((_plan, payment) => {
    if (payment.paymentId !== paid.paymentId || payment.status !== 'SUCCEEDED') return []
    const { paymentId, instalmentNo, token, route } = payment
    const applied: PaymentFact = { type: 'PaymentApplied', paymentId }
    const instalment = paid.instalments.find(({ no }) => no === instalmentNo)
    const isAsked = instalment?.status === 'DUE' || instalment?.status === 'OVERDUE'
    if (payment.kind !== 'AUTOPAY' || !isAsked) return [applied]
    const rest = newPayment({
      ...{ paymentId: deriveId('pay', paid.planId, instalmentNo, paymentId), instalmentNo, kind: 'AUTOPAY' },
      ...{ causeId: paid.meta.id, token, amountMinor: 0, nextAttemptOn: paid.meta.businessDate, route },
    })
    return [applied, { type: 'PaymentOpened', payment: rest }]
  })
}

/** Asks a gateway for the next attempt: the first one of the payment's route, or the next one of the same attempt. */
function charge(
  plan: PlanPayments,
  cause: Cause,
  payment: PaymentState,
  amountMinor: number,
  rerouted: string | null = null,
): ChargeRequested {
  const { paymentId, instalmentNo, token, kind, route } = payment
  const attempt = payment.attempt + 1
  const gateway = rerouted === null ? firstOf(route) : (payment.gateway ?? firstOf(route))
  return {
    type: 'ChargeRequested',
    meta: childMeta('payments', cause, 'ChargeRequested', paymentId, attempt),
    requestId: rerouted ?? deriveId('req', paymentId, attempt),
    consumerId: plan.consumerId,
    paymentId,
    planId: plan.planId,
    instalmentNo,
    attempt,
    token,
    amountMinor,
    currency: plan.currency,
    // The gateway must know whether the consumer is there: at checkout, and whenever they pay by hand.
    atCheckout: kind !== 'AUTOPAY',
    gateway,
    mayFailOver: gatewayAfter(route, gateway) !== null,
  }
}

type Decline = Pick<PaymentFailed, 'declineCode' | 'declineClass'> & {
  readonly network?: string | null
  readonly networkCode?: string | null
  /** The card's network forbids to charge it again. */
  readonly isForGood?: boolean
}

function failure(plan: PlanPayments, cause: Cause, payment: PaymentState, decline: Decline): PaymentFailed {
  const { declineCode, declineClass, network = null, networkCode = null, isForGood = false } = decline
  const meta = childMeta('payments', cause, 'PaymentFailed', payment.paymentId)
  const { amountMinor, kind, groupId, parts, gateway } = payment
  const failed = {
    ...headOf(plan, payment),
    amountMinor,
    declineCode,
    declineClass,
    groupId,
    parts,
    gateway,
    network,
    networkCode,
  }
  const isOver = isForGood || declineClass === 'HARD'
  const nextAction = kind === 'CHECKOUT' ? 'NONE' : isOver ? 'USE_ANOTHER_CARD' : 'PAY_BY_HAND'
  return { type: 'PaymentFailed', meta, ...failed, atCheckout: kind === 'CHECKOUT', nextAction }
}

function headOf(plan: PlanPayments, { paymentId, instalmentNo, attempt }: PaymentState) {
  const { consumerId, planId, currency } = plan
  return { consumerId, paymentId, planId, instalmentNo, attempt, currency }
}

function firstOf(route: readonly string[]): string {
  return route[0] ?? PRIMARY_GATEWAY
}

function isUnderWay(payment: PaymentState, result: ChargeSucceeded | TracedFailure): boolean {
  return payment.requestId === result.requestId && payment.status === 'IN_FLIGHT'
}

type NewPayment = Pick<
  PaymentState,
  'paymentId' | 'instalmentNo' | 'kind' | 'causeId' | 'token' | 'amountMinor' | 'nextAttemptOn'
>

type Group = Pick<PaymentState, 'commandId' | 'groupId' | 'parts' | 'prepayment' | 'route' | 'gateway'>

const ALONE: Group = { commandId: null, groupId: null, parts: [], prepayment: null, route: [], gateway: null }

/** A payment whose first attempt is still to come. */
export function newPayment(payment: NewPayment & Partial<Group>): PaymentState {
  const untried = { attempt: 0, requestId: '', status: 'WAITING', reachesOver: false, gatewayRef: null } as const
  return { ...ALONE, ...payment, ...untried }
}

/** The rule for each payment in turn: each sees what the ones before it did. */
function eachPayment(rule: (plan: PlanPayments, payment: PaymentState) => readonly PaymentFact[]): PaymentRule {
  return (plan) =>
    inTurn(
      plan,
      evolvePayments,
      plan.payments.map(({ paymentId }) => (current: PlanPayments) => {
        const payment = current.payments.find((candidate) => candidate.paymentId === paymentId)
        return payment === undefined ? [] : rule(current, payment)
      }),
    )
}

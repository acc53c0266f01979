/**
 * One payment over several plans: how an amount of the consumer's choice is placed over all that they owe, by the rule
 * of domain/allocation.ts. It is one charge; each plan gets its part of it, or none does.
 */
import { type Debt, type Prepayment, placePayment } from '#domain/allocation.ts'
import { deriveId } from '#domain/ids.ts'
import { formatMinor, sumMinor } from '#domain/money.ts'
import type { OwedInstalment, PaymentMethodState, PaymentPart, PayPlans, PlanPayments } from '#schemas'
import { isBusy, roomMinor } from './payments-state.ts'
import type { RefusalCode } from './refusal.ts'

/** What one plan is told to begin. */
export type PartAsked = PaymentPart & {
  readonly type: 'PartAsked'
  readonly meta: PayPlans['meta']
  readonly consumerId: string
  readonly groupId: string
  readonly prepayment: string
  readonly method: PaymentMethodState
  /** On the first part, which asks the gateway for all of them; none on the others. */
  readonly parts: readonly PaymentPart[]
  /** The gateways for the charge, in order; the primary one where it is left out. */
  readonly route?: readonly string[]
}

/** A payment over several plans that cannot be made. */
export type SplitRefused = {
  readonly type: 'SplitRefused'
  readonly meta: PayPlans['meta']
  /** Its own id: it is of no one plan, and nothing is remembered of it but the answer. */
  readonly planId: string
  readonly command: PayPlans
  readonly code: RefusalCode
  readonly detail: string
}

type PlanDebt = Debt & { readonly plan: PlanPayments; readonly no: number }

/**
 * The parts of a payment over these plans, the first one LAST: its charge and its outcome then follow all others.
 * Or why it is refused, as a whole.
 */
export function splitPayment(
  command: PayPlans,
  plans: readonly PlanPayments[],
  method: PaymentMethodState | null,
): readonly (PartAsked | SplitRefused)[] {
  const inCurrency = plans.filter(({ currency }) => currency === command.currency)
  const debts = inCurrency.flatMap((plan) => plan.owed.map((row) => debtOf(plan, row)))
  const today = command.meta.businessDate
  const prepayment = command.prepayment as Prepayment
  const { shares } = placePayment(debts, { amountMinor: Math.max(0, command.amountMinor), today, prepayment })
  const byPlan = [...Map.groupBy(shares, ({ debt }) => debt.plan)]
  const parts = byPlan.map(([plan, own], index): PaymentPart => {
    const paymentId = index === 0 ? command.paymentId : deriveId('pay', command.paymentId, plan.planId)
    const amountMinor = sumMinor(own.map((share) => share.feesMinor + share.interestMinor + share.principalMinor))
    return { paymentId, planId: plan.planId, instalmentNo: own[0]?.debt.no ?? 0, amountMinor }
  })
  const reached = shares.map(({ debt }) => debt)
  const refused = whyNot(command, { plans, debts, reached, parts, method })
  if (refused !== null) return [refused]
  const { meta, consumerId, paymentId: groupId } = command
  const asked = parts.map((part, index): PartAsked => {
    const rest = { groupId, prepayment, method: method as PaymentMethodState, parts: index === 0 ? parts : [] }
    return { type: 'PartAsked', meta, consumerId, ...part, ...rest }
  })
  return asked.toReversed()
}

function debtOf(plan: PlanPayments, { no, owedMinor, dueDate, overdue, feesMinor }: OwedInstalment): PlanDebt {
  return { plan, no, dueDate, overdue, feesMinor, interestMinor: 0, principalMinor: owedMinor - feesMinor }
}

type Found = {
  readonly plans: readonly PlanPayments[]
  readonly debts: readonly PlanDebt[]
  readonly reached: readonly PlanDebt[]
  readonly parts: readonly PaymentPart[]
  readonly method: PaymentMethodState | null
}

function whyNot(command: PayPlans, { plans, debts, reached, parts, method }: Found): SplitRefused | null {
  const refuse = (code: RefusalCode, detail: string): SplitRefused => {
    return { type: 'SplitRefused', meta: command.meta, planId: command.paymentId, command, code, detail }
  }
  const { amountMinor, currency, paymentMethodId } = command
  if (method === null) {
    return refuse('PAYMENT_METHOD_UNKNOWN', `There is no payment method ${paymentMethodId}; add it first.`)
  }
  if (amountMinor < 1) {
    return refuse('AMOUNT_INVALID', `${amountMinor} cannot be paid; give an amount of 1 minor unit or more.`)
  }
  const other = plans.find((plan) => plan.owed.length > 0 && plan.currency !== currency)
  if (other !== undefined && (debts.length === 0 || command.planIds.includes(other.planId))) {
    return refuse('CURRENCY_MISMATCH', `Plan ${other.planId} is in ${other.currency}, not in ${currency}.`)
  }
  const owedMinor = sumMinor(debts.map((debt) => debt.feesMinor + debt.principalMinor))
  if (owedMinor === 0) return refuse('NOTHING_OWED', `Nothing is owed in ${currency} on the plans named.`)
  if (amountMinor > owedMinor) {
    const most = `${formatMinor(owedMinor, currency)} ${currency}`
    return refuse('AMOUNT_TOO_LARGE', `${most} is owed on the plans named; pay that or less.`)
  }
  const meets = reached.some(({ plan, no }) => isBusy(plan, no))
  const isBeyond = parts.some((part) => {
    const plan = plans.find(({ planId }) => planId === part.planId)
    return plan === undefined || part.amountMinor > roomMinor(plan)
  })
  if (!meets && !isBeyond) return null
  return refuse('PAYMENT_IN_FLIGHT', 'A payment for one of these is on its way; try again when it is in or has failed.')
}

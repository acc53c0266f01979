/**
 * The plan of a purchase: schedule, payments, refunds and late fees, as rules that are asked in turn.
 *
 * Invariants: instalments sum to captured - refunded; no amount goes below 0; all that came in is applied, or deposit,
 * or sent back; the balance of every event follows from the events before it.
 *
 * Order between topics is not given, yet all that concerns a plan follows from what the plan itself has said: a payment
 * from its InstalmentDue, a capture from its PlanAuthorised. So money for a plan that is not known is a defect and is
 * parked (PLAN_UNKNOWN). A failed payment of an unknown plan moves nothing and is ignored. What may come in any order:
 * payments, captures, releases, refunds and days among each other.
 */
import type { Prepayment } from '#domain/allocation.ts'
import { deriveId } from '#domain/ids.ts'
import { inTurn } from '#domain/in-turn.ts'
import type { RefundPolicyName } from '#domain/refund.ts'
import type {
  ClockTicked,
  ConsumerFees,
  CreditEvent,
  PaymentEvent,
  PlanCommand,
  PlanRules,
  PlanState,
  PurchaseEvent,
} from '#schemas'
import { type BesideOptions, type Decider, type StoreHandle, StreamsError } from '#streams'
import { chargeOff } from './bad-debt.ts'
import { owedBackMinor } from './balance.ts'
import { evolveFees, feesLookedAt, noFees } from './consumer-fees.ts'
import { askWhatIsDue, chargeLateFees, markOverdue, trackDelinquency } from './delinquency.ts'
import { takePayment } from './incoming.ts'
import type { LateFeeSchemeName } from './late-fees.ts'
import { cancelReleased, capture, complete, refund, release, surplusDepositMinor } from './movements.ts'
import { isPlanCommand, rulesForCommand } from './plan-commands.ts'
import type { PlanRule } from './plan-event.ts'
import { checkedMove } from './plan-machine.ts'
import { evolvePlan, newPlan, type PlanFact } from './plan-state.ts'
import { askAtCheckout, authorise, canBeCounted, cancelUnpaid, openPlan, propose, refuseOverflow } from './proposal.ts'
import { sendBack } from './returns.ts'
import { chargeBack } from './rework.ts'
import type { DepositSurplus } from './schedule.ts'
import { wakesAt } from './wakes.ts'

/** All that a plan hears. */
export type PlanInput = PlanCommand | CreditEvent | PurchaseEvent | PaymentEvent | ClockTicked

/** The product's settings; frozen in each plan when it is proposed. */
export type PlanPolicy = PlanRules & {
  readonly lateFeeScheme: LateFeeSchemeName
  readonly refundPolicy: RefundPolicyName
  readonly prepayment: Prepayment
  readonly depositSurplus: DepositSurplus
}

/** Fees of Afterpay Australia; refunds off the last instalment; what is paid too much goes to the next one. */
export const defaultPolicy: PlanPolicy = {
  lateFeeScheme: 'AFTERPAY_AU',
  refundPolicy: 'LAST_FIRST',
  prepayment: 'NEXT',
  depositSurplus: 'LAST_INSTALMENT',
}

/** The decider of plans, for new plans with this policy. */
export function planDecider(policy: PlanPolicy = defaultPolicy): Decider<PlanState, PlanInput, PlanFact> {
  return {
    initial: newPlan,
    evolve: evolveChecked,
    keyOf: planIdOf,
    dueAt: wakesAt,
    decide: (plan, input) => decideWith(plan, input, noFees(plan.order.consumerId), policy),
  }
}

/** What a plan must know of the consumer's other plans: the late fees that a law counts together. */
export function feesBeside(
  store: StoreHandle<string, ConsumerFees>,
  policy: PlanPolicy = defaultPolicy,
): BesideOptions<PlanState, PlanInput, PlanFact, ConsumerFees> {
  return {
    store,
    initial: noFees,
    keyOf: (plan, input) => (LOOKING.includes(input.type) ? feesLookedAt(plan) : null),
    decide: (plan, input, fees) => decideWith(plan, input, fees, policy),
    evolve: evolveFees,
  }
}

/** What can lead to a late fee or take one back. */
const LOOKING: readonly PlanInput['type'][] = ['ClockTicked', 'WaiveLateFee', 'ReverseLateFee']

function decideWith(plan: PlanState, input: PlanInput, fees: ConsumerFees, policy: PlanPolicy): readonly PlanFact[] {
  return inTurn(plan, evolveChecked, rulesFor(plan, input, policy, fees))
}

function evolveChecked(plan: PlanState, fact: PlanFact): PlanState {
  return checkedMove(plan, fact, evolvePlan(plan, fact))
}

function planIdOf(input: PlanInput): string | null {
  switch (input.type) {
    case 'PurchaseApproved':
      return deriveId('pln', input.purchaseId)
    case 'PurchaseCaptured':
    case 'PurchaseReleased':
    case 'PurchaseRefunded':
    case 'PaymentSucceeded':
    case 'PaymentFailed':
    case 'PaymentChargedBack':
      return input.planId
    default:
      return isPlanCommand(input) ? input.planId : null
  }
}

function rulesFor(plan: PlanState, input: PlanInput, policy: PlanPolicy, fees: ConsumerFees): readonly PlanRule[] {
  if (input.type === 'PurchaseApproved') {
    if (plan.status !== 'NEW') return []
    if (!canBeCounted(input)) return [openPlan(input, policy), refuseOverflow(input)]
    return [openPlan(input, policy), propose(input), askAtCheckout(input), authorise(input)]
  }
  if (plan.status === 'NEW') return rulesForUnknown(plan, input)
  switch (input.type) {
    case 'PaymentSucceeded':
      return [takePayment(input), sendBack(input, 'OVERPAYMENT', owedBackMinor), authorise(input), complete(input)]
    case 'PaymentFailed':
      return [cancelUnpaid(input)]
    case 'PaymentChargedBack':
      return [chargeBack(input), sendBack(input, 'OVERPAYMENT', owedBackMinor)]
    case 'PurchaseCaptured': {
      const asks = askWhatIsDue(input, input.meta.businessDate)
      return [capture(input), sendBack(input, 'DEPOSIT', surplusDepositMinor), asks, complete(input)]
    }
    case 'PurchaseReleased': {
      const ends = [cancelReleased(input), complete(input)]
      return [release(input), sendBack(input, 'DEPOSIT', surplusDepositMinor), ...ends]
    }
    case 'PurchaseRefunded':
      return [refund(input), sendBack(input, 'REFUND', owedBackMinor), complete(input)]
    case 'ClockTicked':
      return rulesForDay(input, fees)
    default:
      return isPlanCommand(input) ? rulesForCommand(input) : []
  }
}

function rulesForDay(tick: ClockTicked, fees: ConsumerFees): readonly PlanRule[] {
  const { date, time } = tick
  const late = [markOverdue(tick, date), trackDelinquency(tick, date), chargeLateFees(tick, time, fees)]
  return [askWhatIsDue(tick, date), ...late, chargeOff(tick, date)]
}

/** @throws StreamsError PLAN_UNKNOWN for what moves money. */
function rulesForUnknown(plan: PlanState, input: PlanInput): readonly PlanRule[] {
  // Whoever writes a command has seen the plan: one for an unknown plan has no plan to answer for it.
  if (input.type === 'PaymentFailed' || input.type === 'ClockTicked' || isPlanCommand(input)) return []
  throw new StreamsError(
    'PLAN_UNKNOWN',
    `${input.type} ${input.meta.id} is about plan ${plan.planId}, which no PurchaseApproved has begun; ` +
      'find out why, discard the parked record, and write it again once the plan is known.',
  )
}

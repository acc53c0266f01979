/**
 * The payments of one plan: scheduled ones, ones by hand and returns, together, because they must not collect the same
 * money.
 *
 * Invariants: at most one charge is on its way for an instalment; all that is on its way is never more than the plan
 * owed when the last of it was sent; a charge is never more than was owed when it was sent
 * (but for a payment by hand, which may reach over to other instalments while nothing of them is on its way); a hard
 * decline is never tried again.
 *
 * Order between topics is not given. Plan events of an unknown plan begin it; a result of an unknown payment, or of
 * another attempt than the one under way, is late or repeated and changes nothing.
 */
import { dateToMs, later } from '#domain/calendar.ts'
import { inTurn } from '#domain/in-turn.ts'
import type { CardAttempts, ClockTicked, PlanPayments } from '#schemas'
import type { BesideOptions, Decider, StoreHandle } from '#streams'
import { attemptsAfter, noAttempts } from './card-attempts.ts'
import { chargeBackDecided, chargedBack } from './charge-backs.ts'
import {
  apply,
  chargePart,
  chargeWaiting,
  fail,
  openDue,
  type PaymentRule,
  pauseCharges,
  stopCharges,
  succeed,
} from './charges.ts'
import type { LookedUp } from './look-up.ts'
import { noteDue, noteOverdue, noteOwed } from './owed.ts'
import { payByHand, refuseSplit } from './pay-by-hand.ts'
import { evolvePayments, noPayments, type PaymentFact } from './payments-state.ts'
import { openReturn, requestReturns, returned, returnFailed } from './returns.ts'

/** All that the payments of a plan hear. */
export type PaymentInput = LookedUp | ClockTicked

/** The decider of the payments of a plan. */
export const planPayments: Decider<PlanPayments, PaymentInput, PaymentFact> = {
  initial: noPayments,
  evolve: evolvePayments,
  keyOf: (input) => ('planId' in input ? input.planId : null),
  decide: (plan, input) => decideWith(plan, input, noAttempts(plan.consumerId)),
  dueAt: nextAttemptMs,
}

/** Beside the payments of a plan: what card networks count, over all plans of its consumer. */
export function cardAttemptsBeside(
  store: StoreHandle<string, CardAttempts>,
): BesideOptions<PlanPayments, PaymentInput, PaymentFact, CardAttempts> {
  const ofInput = (input: PaymentInput) => ('consumerId' in input ? input.consumerId : '')
  return {
    store,
    initial: noAttempts,
    keyOf: ({ consumerId }, input) => consumerId || ofInput(input) || null,
    decide: decideWith,
    evolve: attemptsAfter,
  }
}

function decideWith(plan: PlanPayments, input: PaymentInput, attempts: CardAttempts): readonly PaymentFact[] {
  return inTurn(plan, evolvePayments, rulesFor(input, attempts))
}

function rulesFor(input: PaymentInput, attempts: CardAttempts): readonly PaymentRule[] {
  const today = input.meta.businessDate
  const chargeNow = chargeWaiting(input, today, attempts)
  switch (input.type) {
    case 'InstalmentDue':
      return [noteDue(input), openDue(input), chargeNow]
    case 'PayInstalment':
      return [payByHand(input)]
    case 'PartAsked':
      return [chargePart(input)]
    case 'SplitRefused':
      return [refuseSplit(input)]
    case 'InstalmentOverdue':
      return [noteOverdue(input)]
    case 'ReportChargeBack':
      return [chargedBack(input)]
    case 'DecideChargeBack':
      return [chargeBackDecided(input)]
    case 'ChargeSucceeded':
      return [succeed(input)]
    case 'ChargeFailed':
      return [fail(input, attempts), chargeNow]
    case 'InstalmentPaid':
      return [noteOwed(input), apply(input), chargeNow]
    case 'PlanScheduled':
    case 'InterestCharged':
    case 'LateFeeCharged':
    case 'RefundAllocated':
    case 'InstalmentMoved':
    case 'PlanReaged':
    case 'PlanReworked':
    case 'LateFeeReversed':
    case 'PlanChargeOffUndone':
    case 'PlanWrittenOff':
    case 'PlanCancelled':
    case 'PlanCompleted':
      return [noteOwed(input), chargeNow]
    case 'PlanChargedOff':
      return [noteOwed(input), stopCharges]
    case 'PlanPaused':
      return [pauseCharges(input)]
    case 'ReturnDue':
      return [openReturn(input), requestReturns(input, today)]
    case 'ReturnSucceeded':
      return [returned(input)]
    case 'ReturnFailed':
      return [returnFailed(input)]
    case 'ClockTicked':
      return [chargeWaiting(input, input.date, attempts), requestReturns(input, input.date)]
    default:
      return []
  }
}

/** Business time (ms) of the next attempt of anything. */
function nextAttemptMs(plan: PlanPayments): number | null {
  const { payments, returns, pausedUntil } = plan
  const charges = payments.map(({ nextAttemptOn: on }) => (on === null ? null : later(on, pausedUntil ?? on)))
  const dates = [...charges, ...returns.map(({ nextAttemptOn }) => nextAttemptOn)].filter((on) => on !== null)
  return dates.length === 0 ? null : Math.min(...dates.map(dateToMs))
}

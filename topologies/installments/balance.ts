/** The money of a plan, read from its state. Every plan event carries it, so that no reader has to add up. */
import { interestOwed, toPayMinor } from '#domain/instalment-interest.ts'
import { sumMinor } from '#domain/money.ts'
import type { Instalment, PlanBalance, PlanState } from '#schemas'
import { isBadDebt } from './plan-refusal.ts'

/** Principal still owed on an instalment. */
export function principalOwed(instalment: Instalment): number {
  return instalment.amountMinor - instalment.paidMinor
}

/** Late fees still owed on an instalment. */
export function feesOwed(instalment: Instalment): number {
  return instalment.feesMinor - instalment.feesPaidMinor
}

/** All that is still to be paid on an instalment: principal, fees, and interest whether charged or still to come. */
export const owedMinor: (instalment: Instalment) => number = toPayMinor

/** Authorised, and neither captured nor released. */
export function openMinor(plan: PlanState): number {
  return plan.order.amountMinor - plan.capturedMinor - plan.releasedMinor
}

/** Captured principal, less refunds and payments; nothing before the first capture, and once it is given up. */
function outstandingMinor(plan: PlanState): number {
  return isBadDebt(plan) ? 0 : sumMinor(plan.instalments.map(principalOwed))
}

/** What the payments brought in and was not sent back: it is applied, or deposit, or owed back. */
function keptMinor(plan: PlanState): number {
  return sumMinor(plan.payments.map((it) => it.collectedMinor - it.returnedMinor - it.chargedBackMinor))
}

/** What was kept beyond deposit, principal, interest and fees: it belongs to the consumer and has to go back. */
export function owedBackMinor(plan: PlanState): number {
  const applied = sumMinor(plan.instalments.map(appliedMinor))
  return keptMinor(plan) - plan.depositMinor - applied
}

function appliedMinor({ paidMinor, feesPaidMinor, interest }: Instalment): number {
  return paidMinor + feesPaidMinor + (interest?.paidMinor ?? 0)
}

/** The balance that a plan event carries. */
export function balanceOf(plan: PlanState): PlanBalance {
  return {
    authorisedMinor: plan.order.amountMinor,
    capturedMinor: plan.capturedMinor,
    releasedMinor: plan.releasedMinor,
    refundedMinor: plan.refundedMinor,
    depositMinor: plan.depositMinor,
    holdMinor: Math.max(0, openMinor(plan) - plan.depositMinor),
    outstandingMinor: outstandingMinor(plan),
    feesMinor: isBadDebt(plan) ? 0 : sumMinor(plan.instalments.map(feesOwed)),
    paidMinor: keptMinor(plan),
    interestMinor: isBadDebt(plan) ? 0 : sumMinor(plan.instalments.map(interestOwed)),
  }
}

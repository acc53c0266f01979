/** Plans that are not paid: charged off by the day, recovered, written off; the steps of domain/hardship.ts. */
import { later } from '#domain/calendar.ts'
import { isPaused } from '#domain/delinquency.ts'
import { type BadDebtAction, type BadDebtStatus, badDebt, chargeOffOn } from '#domain/hardship.ts'
import { resumed, withoutMore } from '#domain/instalment-interest.ts'
import { sumMinor } from '#domain/money.ts'
import type { Instalment, InstalmentState, PlanCommand, PlanState, ReportFraud } from '#schemas'
import { balanceOf, feesOwed, openMinor, owedMinor, principalOwed } from './balance.ts'
import { lateSince } from './delinquency.ts'
import { interestOwedOn } from './monthly-plan.ts'
import { type Cause, type PlanRule, planEvent } from './plan-event.ts'
import type { Refusal } from './plan-refusal.ts'
import { asPaid, instalmentOf } from './plan-rows.ts'

/**
 * The date on which the plan is charged off; null where it is not late. What can still be captured is waited for: no
 * sale may come onto a debt that is given up.
 */
export function chargesOffOn(plan: PlanState): string | null {
  if (plan.status !== 'AUTHORISED' || openMinor(plan) > 0) return null
  const late = plan.instalments.map(lateSince).filter((since) => since !== null)
  const from = plan.chargeOffUndoneOn ?? ''
  const [oldest] = late.map((since) => later(since, from)).sort()
  if (oldest === undefined) return null
  return chargeOffOn(oldest, plan.fraudOn, plan.pauses)
}

/** Charges the plan off when its day has come. */
export function chargeOff(cause: Cause, today: string): PlanRule {
  return (plan) => {
    const on = chargesOffOn(plan)
    if (on === null || on > today || isPaused(plan.pauses, today)) return []
    const why = plan.fraudOn === null ? 'LATE' : 'FRAUD'
    // Interest does not run on a debt that is given up.
    const instalments = plan.instalments.map((row) => settledOf(withoutMore(instalmentOf(row))))
    return [planEvent(plan, cause, 'PlanChargedOff', { cause: why, ...owedOn(plan), instalments })]
  }
}

/** Notes that the purchase was a fraud, or says why not. */
export function reportFraud(plan: PlanState, command: ReportFraud): ReturnType<PlanRule> | Refusal {
  const { discoveredOn, meta } = command
  const refused = whyNot(plan, 'CHARGE_OFF')
  if (refused !== null) return refused
  if (plan.fraudOn !== null) return ['FRAUD_REPORTED_BEFORE', `The fraud was reported on ${plan.fraudOn} already.`]
  if (discoveredOn > meta.businessDate) {
    return ['FRAUD_DATE_INVALID', `A fraud cannot be discovered after today, ${meta.businessDate}.`]
  }
  return [planEvent(plan, command, 'FraudReported', { discoveredOn })]
}

/** Makes a charged-off plan owed again; what was recovered meanwhile paid it. */
export function undoChargeOff(plan: PlanState, command: PlanCommand): ReturnType<PlanRule> | Refusal {
  const refused = whyNot(plan, 'UNDO_CHARGE_OFF')
  if (refused !== null) return refused
  const { recoveredMinor, chargedOffMinor } = plan
  // The interest of the periods that are over stays forgone; it runs again with those that begin from today on.
  const rows = resumed(plan.instalments, plan.order.monthly, command.meta.businessDate)
  const instalments = rows.map((row) => (owedMinor(row) > 0 && row.status === 'PAID' ? reopened(row) : row))
  const fields = { ...owedOn(plan), recoveredMinor, chargedOffMinor, instalments: instalments.map(instalmentOf) }
  return [planEvent(plan, command, 'PlanChargeOffUndone', fields)]
}

/** Writes the plan off, for good. */
export function writeOff(plan: PlanState, command: PlanCommand): ReturnType<PlanRule> | Refusal {
  const refused = whyNot(plan, 'WRITE_OFF')
  if (refused !== null) return refused
  if (openMinor(plan) > 0) return ['PLAN_STILL_OPEN', 'A part of the purchase can still be captured; release it first.']
  const { outstandingMinor: principalMinor, feesMinor: feeMinor, interestMinor } = balanceOf(plan)
  return [planEvent(plan, command, 'PlanWrittenOff', { principalMinor, feeMinor, interestMinor })]
}

const WORDS: Readonly<Record<string, string>> = {
  WRITE_OFF_IS_FINAL: 'The plan was written off, and that is final.',
  NOT_CHARGED_OFF: 'The plan is not charged off.',
  CHARGED_OFF_ALREADY: 'The plan is charged off already.',
  NOT_WRITTEN_OFF: 'The plan is not written off.',
}

/** Why a step of bad debt cannot be taken; null where it can. */
function whyNot(plan: PlanState, action: BadDebtAction): Refusal | null {
  const status = statusOf(plan)
  if (status === null) return ['PLAN_NOT_RUNNING', `Plan ${plan.planId} owes nothing that could be given up.`]
  const outcome = badDebt[status][action]
  return 'refused' in outcome ? [outcome.refused, WORDS[outcome.refused] ?? ''] : null
}

function statusOf({ status, capturedMinor }: PlanState): BadDebtStatus | null {
  if (status === 'CHARGED_OFF' || status === 'WRITTEN_OFF') return status
  return status === 'AUTHORISED' && capturedMinor > 0 ? 'OPEN' : null
}

function settledOf(row: Instalment): Instalment {
  return owedMinor(row) === 0 ? asPaid(row) : row
}

function reopened(row: InstalmentState): InstalmentState {
  return { ...row, status: 'SCHEDULED' }
}

type Owed = { readonly principalMinor: number; readonly feeMinor: number; readonly interestMinor: number }

function owedOn({ instalments }: PlanState): Owed {
  return {
    principalMinor: sumMinor(instalments.map(principalOwed)),
    feeMinor: sumMinor(instalments.map(feesOwed)),
    interestMinor: interestOwedOn(instalments),
  }
}

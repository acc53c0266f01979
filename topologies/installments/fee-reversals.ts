/** Late fees that are taken back: waived as far as they are not paid, or reversed because they were a mistake. */
import { formatMinor, sumMinor } from '#domain/money.ts'
import type { PlanFee, PlanState, ReverseLateFee, WaiveLateFee } from '#schemas'
import { feesOwed, owedMinor } from './balance.ts'
import { type PlanRule, planEvent } from './plan-event.ts'
import { type Refusal, whyNotRunning } from './plan-refusal.ts'
import { asPaid, instalmentOf } from './plan-rows.ts'
import { takeFees } from './take-fees.ts'

type Outcome = ReturnType<PlanRule> | Refusal

/** Waives what is not paid of a fee, or a part of that. */
export function waiveFee(plan: PlanState, command: WaiveLateFee): Outcome {
  const found = feeOf(plan, command.feeId)
  if (!('fee' in found)) return found
  const { fee, unpaidMinor } = found
  const amountMinor = command.amountMinor ?? unpaidMinor
  if (amountMinor < 1 || amountMinor > unpaidMinor) {
    const most = `${formatMinor(unpaidMinor, fee.currency)} ${fee.currency}`
    return ['WAIVER_TOO_LARGE', `Of the fee ${most} are not paid; what is paid can only be reversed.`]
  }
  return reversed(plan, command, fee, { amountMinor, cause: 'WAIVED' })
}

/** Reverses a fee that was a mistake: what is owed of it is owed no more, and the rest goes back. */
export function reverseFee(plan: PlanState, command: ReverseLateFee): Outcome {
  const found = feeOf(plan, command.feeId)
  if (!('fee' in found)) return found
  const { fee } = found
  return reversed(plan, command, fee, { amountMinor: fee.amountMinor - fee.reversedMinor, cause: 'MISTAKE' })
}

type Reversal = { readonly amountMinor: number; readonly cause: 'WAIVED' | 'MISTAKE' }

function reversed(
  plan: PlanState,
  command: WaiveLateFee | ReverseLateFee,
  { feeId, instalmentNo, reversedMinor: beforeMinor }: PlanFee,
  reversal: Reversal,
): ReturnType<PlanRule> {
  const { rows, unpaidMinor, returnedMinor } = takeFees(plan.instalments, instalmentNo, reversal.amountMinor)
  const instalments = rows.map((row) => instalmentOf(owedMinor(row) === 0 ? asPaid(row) : row))
  const reversedMinor = beforeMinor + reversal.amountMinor
  const fields = { feeId, instalmentNo, ...reversal, unpaidMinor, returnedMinor, reversedMinor, instalments }
  return [planEvent(plan, command, 'LateFeeReversed', fields)]
}

/** A fee that can be taken back, and what of it is not paid: payments count for other fees first. */
function feeOf(plan: PlanState, feeId: string): { readonly fee: PlanFee; readonly unpaidMinor: number } | Refusal {
  const stopped = plan.status === 'COMPLETED' ? null : whyNotRunning(plan)
  if (stopped !== null) return stopped
  const fee = plan.fees.find((known) => known.feeId === feeId)
  if (fee === undefined) return ['FEE_UNKNOWN', `Plan ${plan.planId} has no late fee ${feeId}.`]
  const leftMinor = fee.amountMinor - fee.reversedMinor
  if (leftMinor === 0) return ['FEE_REVERSED_BEFORE', `The late fee ${feeId} was taken back before.`]
  return { fee, unpaidMinor: Math.min(leftMinor, sumMinor(plan.instalments.map(feesOwed))) }
}

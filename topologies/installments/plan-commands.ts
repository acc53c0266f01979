/** What may be asked of a plan: each command is done, or refused with a reason and changes nothing. */
import type { PlanCommand, PlanState } from '#schemas'
import { reportFraud, undoChargeOff, writeOff } from './bad-debt.ts'
import { owedBackMinor } from './balance.ts'
import { moveDate } from './date-moves.ts'
import { reverseFee, waiveFee } from './fee-reversals.ts'
import { startHardship, undoHardship } from './hardship.ts'
import { complete } from './movements.ts'
import { pausePlan } from './pauses.ts'
import { type PlanRule, planEvent } from './plan-event.ts'
import type { Refusal } from './plan-refusal.ts'
import { sendBack } from './returns.ts'
import { undoPayment } from './undo-payment.ts'

const TYPES = {
  MoveInstalmentDate: true,
  PausePlan: true,
  StartHardship: true,
  UndoHardship: true,
  ReportFraud: true,
  UndoChargeOff: true,
  WriteOffPlan: true,
  WaiveLateFee: true,
  ReverseLateFee: true,
  UndoPayment: true,
} as const satisfies Record<PlanCommand['type'], true>

/** Whether an input is a command about a plan. */
export function isPlanCommand<I extends { readonly type: string }>(input: I): input is Extract<I, PlanCommand> {
  return input.type in TYPES
}

/** The rules of a command. */
export function rulesForCommand(command: PlanCommand): readonly PlanRule[] {
  return [(plan) => decided(plan, command), sendBack(command, 'OVERPAYMENT', owedBackMinor), complete(command)]
}

function decided(plan: PlanState, command: PlanCommand): ReturnType<PlanRule> {
  const outcome = outcomeOf(plan, command)
  if (!isRefusal(outcome)) return outcome
  const [code, detail] = outcome
  return [planEvent(plan, command, 'PlanCommandRefused', { command: command.type, code, detail })]
}

function outcomeOf(plan: PlanState, command: PlanCommand): ReturnType<PlanRule> | Refusal {
  if (plan.order.consumerId !== command.consumerId) return ['PLAN_UNKNOWN', `There is no plan ${command.planId}.`]
  switch (command.type) {
    case 'MoveInstalmentDate':
      return moveDate(plan, command)
    case 'PausePlan':
      return pausePlan(plan, command)
    case 'StartHardship':
      return startHardship(plan, command)
    case 'UndoHardship':
      return undoHardship(plan, command)
    case 'ReportFraud':
      return reportFraud(plan, command)
    case 'UndoChargeOff':
      return undoChargeOff(plan, command)
    case 'WriteOffPlan':
      return writeOff(plan, command)
    case 'WaiveLateFee':
      return waiveFee(plan, command)
    case 'ReverseLateFee':
      return reverseFee(plan, command)
    case 'UndoPayment':
      return undoPayment(plan, command)
  }
}

function isRefusal(outcome: ReturnType<PlanRule> | Refusal): outcome is Refusal {
  return typeof outcome[0] === 'string'
}

/** Paying an instalment on another day: once an order, by the rules of domain/date-move.ts. */
import { type DateMoveRefusal, dateMoveRefusal } from '#domain/date-move.ts'
import type { MoveInstalmentDate, PlanState } from '#schemas'
import { type PlanRule, planEvent } from './plan-event.ts'
import { type Refusal, whyNotRunning } from './plan-refusal.ts'
import { instalmentOf } from './plan-rows.ts'

const WORDS: Readonly<Record<DateMoveRefusal, Refusal>> = {
  MOVED_BEFORE: ['DATE_MOVED_BEFORE', 'A payment date of this purchase was moved before; it can be done once.'],
  FIRST_OR_LAST: ['DATE_FIRST_OR_LAST', 'The first and the last payment stay where they are; move one between them.'],
  OVERDUE: ['DATE_OVERDUE', 'This payment is overdue; pay it now.'],
  TOO_LATE: ['DATE_TOO_LATE', 'This payment is due in less than 24 hours; pay it, or pay by another card.'],
}

/** Moves the date, or says why not. The new one keeps the order of the payments (ours: up to the day of the next). */
export function moveDate(plan: PlanState, command: MoveInstalmentDate): ReturnType<PlanRule> | Refusal {
  const { instalmentNo, dueDate, meta } = command
  const stopped = whyNotRunning(plan)
  if (stopped !== null) return stopped
  const index = plan.instalments.findIndex(({ no }) => no === instalmentNo)
  const row = plan.instalments[index]
  if (row === undefined) return ['INSTALMENT_UNKNOWN', `Plan ${plan.planId} has no instalment ${instalmentNo}.`]
  if (row.status === 'PAID') return ['INSTALMENT_PAID', `Instalment ${instalmentNo} is paid.`]
  const refused = dateMoveRefusal({
    no: index + 1,
    count: plan.instalments.length,
    dueDate: row.dueDate,
    isOverdue: row.status === 'OVERDUE',
    movedBefore: plan.dateMoves > 0,
    nowMs: meta.occurredAt,
  })
  if (refused !== null) return WORDS[refused]
  const last = plan.instalments[index + 1]?.dueDate ?? row.dueDate
  if (dueDate <= meta.businessDate || dueDate > last || dueDate === row.dueDate) {
    return [
      'DATE_OUT_OF_RANGE',
      `Give a new date after ${meta.businessDate} and not after ${last}, the next payment’s.`,
    ]
  }
  const instalments = plan.instalments.map((one) => instalmentOf(one === row ? { ...row, dueDate } : one))
  return [planEvent(plan, command, 'InstalmentMoved', { instalmentNo, fromDate: row.dueDate, dueDate, instalments })]
}

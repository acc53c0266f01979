/** Moving the date of a payment: what the consumer may do once an order. */
import { dateToMs } from './calendar.ts'

/** A payment date that is to be moved. */
export type DateMove = {
  readonly no: number
  /** How many instalments the plan has. */
  readonly count: number
  readonly dueDate: string
  readonly isOverdue: boolean
  /** Whether a date of this order was moved before. */
  readonly movedBefore: boolean
  /** The moment of the request (ms). */
  readonly nowMs: number
}

/** Why a date stays where it is. */
export type DateMoveRefusal = 'MOVED_BEFORE' | 'FIRST_OR_LAST' | 'OVERDUE' | 'TOO_LATE'

const DAY_MS = 86_400_000

/** Why the date may not be moved; null where it may. Less than 24 hours before its day begins it is too late. */
export function dateMoveRefusal(move: DateMove): DateMoveRefusal | null {
  if (move.movedBefore) return 'MOVED_BEFORE'
  if (move.no === 1 || move.no === move.count) return 'FIRST_OR_LAST'
  if (move.isOverdue) return 'OVERDUE'
  return dateToMs(move.dueDate) - move.nowMs < DAY_MS ? 'TOO_LATE' : null
}

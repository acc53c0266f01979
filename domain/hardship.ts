/** What is done for a plan that cannot be paid as agreed: re-age, charge-off, write-off, and what money after it is. */
import { addDays, addMonths, earlier } from './calendar.ts'
import { lateOn, type Pause } from './delinquency.ts'
import { splitMinor, sumMinor } from './money.ts'

/** A row of a plan: what was to be paid and what was. */
export type AgedInstalment = {
  readonly no: number
  readonly dueDate: string
  readonly amountMinor: number
  readonly paidMinor: number
  /** When it was closed with nothing more to pay; null while it is open. */
  readonly closedOn: string | null
}

/** A hardship plan: what is past due is paid in equal monthly parts from a new date. */
export type ReAging = { readonly on: string; readonly firstDue: string; readonly instalments: number }

/**
 * Re-ages what is past due on the date `on`: the old rows keep what was paid on them and close that day, the new ones
 * follow with the next numbers. Rows that are due later stay. To undo it, keep the rows it was given.
 */
export function reAge(rows: readonly AgedInstalment[], { on, firstDue, instalments }: ReAging): AgedInstalment[] {
  const isPastDue = (row: AgedInstalment) => row.dueDate < on && row.paidMinor < row.amountMinor
  const owedMinor = sumMinor(rows.filter(isPastDue).map((row) => row.amountMinor - row.paidMinor))
  if (owedMinor === 0) return [...rows]
  const closed = rows.map((row) => (isPastDue(row) ? { ...row, amountMinor: row.paidMinor, closedOn: on } : row))
  const next = Math.max(...rows.map(({ no }) => no)) + 1
  const added = splitMinor(owedMinor, instalments).map((amountMinor, index) => {
    return { no: next + index, dueDate: addMonths(firstDue, index), amountMinor, paidMinor: 0, closedOn: null }
  })
  return [...closed, ...added]
}

/** Days late after which a plan is charged off, and days from the discovery of a fraud. */
const CHARGE_OFF_DAYS = 120
const FRAUD_CHARGE_OFF_DAYS = 90

/** The day a plan is charged off: by its oldest unpaid due date, or by the discovery of a fraud, whichever is first. */
export function chargeOffOn(
  oldestDueDate: string,
  fraudDiscoveredOn: string | null,
  pauses: readonly Pause[] = [],
): string {
  const late = lateOn(oldestDueDate, CHARGE_OFF_DAYS, pauses)
  if (fraudDiscoveredOn === null) return late
  return earlier(late, addDays(fraudDiscoveredOn, FRAUD_CHARGE_OFF_DAYS))
}

/** Where a plan that went bad stands. */
export type BadDebtStatus = 'OPEN' | 'CHARGED_OFF' | 'WRITTEN_OFF'

/** What may be asked of such a plan. */
export type BadDebtAction = 'PAY' | 'CHARGE_OFF' | 'UNDO_CHARGE_OFF' | 'WRITE_OFF' | 'UNDO_WRITE_OFF' | 'BACKDATE'

/** What an action comes to: money is a payment or a recovery, a step leads to a status; else why it fails. */
export type BadDebtOutcome =
  | { readonly money: 'PAYMENT' | 'RECOVERY' }
  | { readonly status: BadDebtStatus }
  | { readonly refused: 'WRITE_OFF_IS_FINAL' | 'NOT_CHARGED_OFF' | 'CHARGED_OFF_ALREADY' | 'NOT_WRITTEN_OFF' }

const FINAL = { refused: 'WRITE_OFF_IS_FINAL' } as const

/** Which action leads where. Write-off is final: nothing is undone, dated back or paid after it. */
export const badDebt: Readonly<Record<BadDebtStatus, Readonly<Record<BadDebtAction, BadDebtOutcome>>>> = {
  OPEN: {
    PAY: { money: 'PAYMENT' },
    CHARGE_OFF: { status: 'CHARGED_OFF' },
    UNDO_CHARGE_OFF: { refused: 'NOT_CHARGED_OFF' },
    WRITE_OFF: { status: 'WRITTEN_OFF' },
    UNDO_WRITE_OFF: { refused: 'NOT_WRITTEN_OFF' },
    BACKDATE: { money: 'PAYMENT' },
  },
  CHARGED_OFF: {
    PAY: { money: 'RECOVERY' },
    CHARGE_OFF: { refused: 'CHARGED_OFF_ALREADY' },
    UNDO_CHARGE_OFF: { status: 'OPEN' },
    WRITE_OFF: { status: 'WRITTEN_OFF' },
    UNDO_WRITE_OFF: { refused: 'NOT_WRITTEN_OFF' },
    BACKDATE: { money: 'PAYMENT' },
  },
  WRITTEN_OFF: {
    PAY: FINAL,
    CHARGE_OFF: FINAL,
    UNDO_CHARGE_OFF: FINAL,
    WRITE_OFF: FINAL,
    UNDO_WRITE_OFF: FINAL,
    BACKDATE: FINAL,
  },
}

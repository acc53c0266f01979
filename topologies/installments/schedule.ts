/**
 * When what is to be paid: pay in 4 (a quarter each on days 0, 14, 28 and 42 from the approval), pay in 30 (one
 * payment 30 days after each capture), pay monthly (equal instalments, the first a month after each capture), and how
 * a capture makes a proposal real.
 */
import { addDays } from '#domain/calendar.ts'
import { foreseen } from '#domain/instalment-interest.ts'
import { scaleMinor, splitMinor, sumMinor } from '#domain/money.ts'
import type { Instalment, InstalmentState, MonthlyTerms, PlanOrder, PlanState, Product } from '#schemas'
import { owedMinor, principalOwed } from './balance.ts'
import { monthlyInstalments } from './monthly-plan.ts'
import { asPaid, freshRow, openInstalment } from './plan-rows.ts'

/** Days after the approval on which pay in 4 is due. */
const PAY_IN_4_DAYS: readonly number[] = [0, 14, 28, 42]
/** Days after its capture on which a payment of pay in 30 is due. */
const PAY_IN_30_DAYS = 30

/** Where a payment at checkout goes that is more than instalment 1 needs: on the last instalment, or back. */
export type DepositSurplus = 'LAST_INSTALMENT' | 'BACK_TO_CARD'

/**
 * The schedule an approved purchase would have if it were captured in full on the day of its approval.
 * `firstPaymentMinor`: what is paid at the checkout, where that is more than a quarter.
 */
export function proposedSchedule(
  product: Product,
  amountMinor: number,
  approvedOn: string,
  firstPaymentMinor: number | null = null,
): Instalment[] {
  if (product === 'PAY_IN_30') return [openInstalment(1, addDays(approvedOn, PAY_IN_30_DAYS), amountMinor)]
  const parts = partsOf({ amountMinor, firstPaymentMinor }, amountMinor)
  return PAY_IN_4_DAYS.map((days, index) => openInstalment(index + 1, addDays(approvedOn, days), parts[index] ?? 0))
}

/**
 * The parts of what is captured of a purchase in pay in 4: equal ones, or the share of a larger first payment that was
 * agreed, and what is left in equal parts.
 */
function partsOf(
  { amountMinor, firstPaymentMinor }: Pick<PlanOrder, 'amountMinor' | 'firstPaymentMinor'>,
  capturedMinor: number,
): readonly number[] {
  if (firstPaymentMinor === null || amountMinor === 0) return splitMinor(capturedMinor, PAY_IN_4_DAYS.length)
  const first = scaleMinor(capturedMinor, firstPaymentMinor, amountMinor)
  return [first, ...splitMinor(capturedMinor - first, PAY_IN_4_DAYS.length - 1)]
}

/** The instalments after a capture, and how much of the deposit the capture used. */
export type CapturedSchedule = { readonly instalments: InstalmentState[]; readonly depositAppliedMinor: number }

/** Works a capture made on the date `on` into the plan's instalments. */
export function scheduleCapture(plan: PlanState, amountMinor: number, on: string): CapturedSchedule {
  const { product, monthly } = plan.order
  if (monthly !== null) return captureMonthly(plan, monthly, amountMinor, on)
  return product === 'PAY_IN_4' ? capturePayIn4(plan, amountMinor, on) : capturePayIn30(plan, amountMinor, on)
}

/** Each capture has its own schedule, whose days and interest count from it, as in pay in 30. */
function captureMonthly(plan: PlanState, terms: MonthlyTerms, amountMinor: number, on: string): CapturedSchedule {
  const { instalments: before, depositMinor } = plan
  const series = 1 + Math.max(0, ...before.map(({ interest }) => interest?.series ?? 0))
  const added = monthlyInstalments(terms, amountMinor, on, { after: before.length, series }).map(freshRow)
  const depositAppliedMinor = Math.min(depositMinor, amountMinor)
  const paid = foreseen(placeInOrder(added, depositAppliedMinor), terms, on)
  return { instalments: [...before, ...paid.map((row) => settled(row, on))], depositAppliedMinor }
}

function capturePayIn30(plan: PlanState, amountMinor: number, on: string): CapturedSchedule {
  const next = openInstalment(plan.instalments.length + 1, addDays(on, PAY_IN_30_DAYS), amountMinor)
  const depositAppliedMinor = Math.min(plan.depositMinor, amountMinor)
  const added = settled({ ...freshRow(next), paidMinor: depositAppliedMinor }, on)
  return { instalments: [...plan.instalments, added], depositAppliedMinor }
}

/**
 * The captured total is split anew. What refunds took off stays off the instalment they took it from; what was paid is
 * placed anew, because the deposit that paid the last instalment down may be needed by the first one now.
 */
function capturePayIn4(plan: PlanState, amountMinor: number, on: string): CapturedSchedule {
  const before = partsOf(plan.order, plan.capturedMinor)
  const after = partsOf(plan.order, plan.capturedMinor + amountMinor)
  const rows = plan.instalments.length > 0 ? plan.instalments : emptyPayIn4(plan.order.approvedOn)
  const grown = rows.map((row, index) => ({
    ...row,
    amountMinor: row.amountMinor + (after[index] ?? 0) - (before[index] ?? 0),
  }))
  const unpaid = withoutNegatives(grown).map((row) => ({ ...row, paidMinor: 0 }))
  const paidMinor = sumMinor(rows.map((row) => row.paidMinor))
  const usedMinor = Math.min(plan.depositAppliedMinor, paidMinor)
  const depositAppliedMinor = depositFor(plan, unpaid, usedMinor, paidMinor)
  const first = placeDeposit(unpaid, usedMinor + depositAppliedMinor)
  const all = placeInOrder(first, paidMinor - usedMinor)
  return { instalments: all.map((row) => settled(row, on)), depositAppliedMinor }
}

/** How much of the deposit this capture may use: never more than is captured and unpaid. */
function depositFor(plan: PlanState, unpaid: InstalmentState[], usedMinor: number, paidMinor: number): number {
  const room = sumMinor(unpaid.map(principalOwed)) - paidMinor
  const wanted =
    plan.rules.depositSurplus === 'BACK_TO_CARD' ? Math.max(0, (unpaid[0]?.amountMinor ?? 0) - usedMinor) : room
  return Math.max(0, Math.min(plan.depositMinor, room, wanted))
}

/** The deposit pays instalment 1; what is too much for it pays the LAST instalment down, then the one before. */
function placeDeposit(rows: readonly InstalmentState[], depositMinor: number): InstalmentState[] {
  const [first, ...later] = placeInOrder(rows.slice(0, 1), depositMinor)
  const surplus = depositMinor - (first?.paidMinor ?? 0)
  const rest = placeInOrder(rows.slice(1).reverse(), surplus).reverse()
  return first === undefined ? rest : [first, ...later, ...rest]
}

function placeInOrder(rows: readonly InstalmentState[], amountMinor: number): InstalmentState[] {
  let left = amountMinor
  return rows.map((row) => {
    const part = Math.min(left, principalOwed(row))
    left -= part
    return part === 0 ? row : { ...row, paidMinor: row.paidMinor + part }
  })
}

/** Rounding may shrink the last part of a larger split by a minor unit that a refund has taken already. */
function withoutNegatives(rows: readonly InstalmentState[]): InstalmentState[] {
  let missing = 0
  return rows
    .toReversed()
    .map((row) => {
      const amountMinor = row.amountMinor + missing
      missing = Math.min(0, amountMinor)
      return { ...row, amountMinor: Math.max(0, amountMinor) }
    })
    .reverse()
}

/** Status and date after a capture: nothing is late before it was asked for, so a day gone by becomes today. */
function settled(row: InstalmentState, on: string): InstalmentState {
  if (owedMinor(row) === 0) return asPaid(row)
  if (row.status === 'DUE' || row.status === 'OVERDUE') return row
  return { ...row, status: 'SCHEDULED', dueDate: row.dueDate < on ? on : row.dueDate }
}

function emptyPayIn4(approvedOn: string): InstalmentState[] {
  return proposedSchedule('PAY_IN_4', 0, approvedOn).map(freshRow)
}

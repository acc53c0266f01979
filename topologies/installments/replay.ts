/**
 * A plan worked out again from its history, in the order of dates: the result is as if all had been processed so from
 * the start (DOMAIN §5). The rules are those of the first time; what a payment brought in is what was kept of it.
 */
import type { Prepayment } from '#domain/allocation.ts'
import { addDays } from '#domain/calendar.ts'
import { reAge } from '#domain/hardship.ts'
import { charged, foreseen, type InterestTerms, type PeriodInterest } from '#domain/instalment-interest.ts'
import type { RefundPolicyName } from '#domain/refund.ts'
import type { InstalmentState, PlanMovement, PlanState } from '#schemas'
import { allocatePayment } from './allocation.ts'
import { openMinor, owedMinor } from './balance.ts'
import { GRACE_DAYS } from './delinquency.ts'
import { interestOwedOn } from './monthly-plan.ts'
import { asPaid, freshRow } from './plan-rows.ts'
import { allocateRefund } from './refunds.ts'
import { scheduleCapture } from './schedule.ts'
import { takeFees } from './take-fees.ts'

/** What a replay comes to: the rows without what days did to them, and the deposit. */
export type Replayed = Pick<PlanState, 'instalments' | 'depositMinor' | 'depositAppliedMinor'>

/** Replays the plan's history, without the movement of this id. Movements of one date keep the order they came in. */
export function replay(plan: PlanState, undoneId: string | null): Replayed {
  const nothing = { capturedMinor: 0, releasedMinor: 0, refundedMinor: 0, depositMinor: 0, depositAppliedMinor: 0 }
  const start: PlanState = { ...plan, ...nothing, status: 'AUTHORISED', instalments: [] }
  const kept = plan.history.filter(({ id }) => id !== undoneId)
  const inOrder = kept.toSorted((a, b) => (a.on === b.on ? 0 : a.on < b.on ? -1 : 1))
  return inOrder.reduce(step, start)
}

function step(plan: PlanState, movement: PlanMovement): PlanState {
  const { kind, on, amountMinor } = movement
  const terms = plan.order.monthly
  const rows = plan.instalments.map((row) => asOf(row, on))
  switch (kind) {
    case 'CAPTURE': {
      const { instalments, depositAppliedMinor } = scheduleCapture({ ...plan, instalments: rows }, amountMinor, on)
      const depositMinor = plan.depositMinor - depositAppliedMinor
      const appliedMinor = plan.depositAppliedMinor + depositAppliedMinor
      const capturedMinor = plan.capturedMinor + amountMinor
      return { ...plan, instalments, depositMinor, depositAppliedMinor: appliedMinor, capturedMinor }
    }
    case 'RELEASE':
      return { ...plan, releasedMinor: plan.releasedMinor + amountMinor }
    case 'PAYMENT':
      return pay({ ...plan, instalments: rows }, movement)
    case 'REFUND': {
      const policy = movement.choice as RefundPolicyName
      const isFull = plan.refundedMinor + amountMinor === plan.capturedMinor
      const { instalments } = allocateRefund(rows, { amountMinor, today: on, policy, terms, isFull })
      return { ...plan, instalments, refundedMinor: plan.refundedMinor + amountMinor }
    }
    case 'RE_AGE':
      return {
        ...plan,
        instalments: reAgeRows(rows, { on, firstDue: movement.date ?? on, parts: movement.parts, terms }),
      }
    case 'DATE_MOVE':
      return withChange(plan, movement, (row) => ({ ...row, dueDate: movement.date ?? row.dueDate }))
    default:
      return charge(plan, movement)
  }
}

/** What was not sent back and not taken back of a payment. Before the first capture it is deposit. */
function pay(plan: PlanState, { id, instalmentNo, choice, on }: PlanMovement): PlanState {
  const payment = plan.payments.find(({ paymentId }) => paymentId === id)
  if (payment === undefined) return plan
  const keptMinor = payment.collectedMinor - payment.returnedMinor - payment.chargedBackMinor
  const isBefore = plan.capturedMinor === 0
  const depositMinor = isBefore ? Math.min(keptMinor, Math.max(0, openMinor(plan) - plan.depositMinor)) : 0
  const prepayment = (choice ?? plan.rules.prepayment) as Prepayment
  const terms = plan.order.monthly
  const incoming = { amountMinor: keptMinor - depositMinor, instalmentNo, today: on, prepayment, terms }
  const { instalments } = allocatePayment(plan.instalments, incoming)
  return { ...plan, instalments, depositMinor: plan.depositMinor + depositMinor }
}

/** A fee, or a fee taken back; where its instalment is none any more, it belongs to the last one. */
function charge(plan: PlanState, movement: PlanMovement): PlanState {
  const { kind, instalmentNo, amountMinor } = movement
  if (kind === 'FEE_REVERSAL')
    return { ...plan, instalments: takeFees(plan.instalments, instalmentNo, amountMinor).rows }
  return withChange(plan, movement, (row) => ({ ...row, feesMinor: row.feesMinor + amountMinor }))
}

function withChange(
  plan: PlanState,
  { instalmentNo }: PlanMovement,
  change: (row: InstalmentState) => InstalmentState,
): PlanState {
  const known = plan.instalments.some(({ no }) => no === instalmentNo)
  const no = known ? instalmentNo : plan.instalments.at(-1)?.no
  return { ...plan, instalments: plan.instalments.map((row) => (row.no === no ? change(row) : row)) }
}

/** Where an instalment stood on a date, had every day ticked: what had fallen due has its interest charged. */
function asOf(row: InstalmentState, on: string): InstalmentState {
  if (owedMinor(row) === 0) return { ...row, status: 'PAID' }
  if (addDays(row.dueDate, GRACE_DAYS) <= on) return { ...charged(row), status: 'OVERDUE', askedOn: row.dueDate }
  if (row.dueDate <= on) return { ...charged(row), status: 'DUE', askedOn: row.dueDate }
  return { ...row, status: 'SCHEDULED', askedOn: null }
}

/** How past-due principal is spread anew. */
export type ReAge = {
  readonly on: string
  readonly firstDue: string
  readonly parts: number
  /** By which the interest of what is not re-aged is worked out; null where the plan bears none. */
  readonly terms: InterestTerms | null
}

/**
 * Re-ages what is past due (domain/hardship.ts). Late fees and interest that are not paid go to the first of the new
 * instalments, so that the old ones are closed. What is re-aged bears no more interest (ours).
 */
export function reAgeRows(rows: readonly InstalmentState[], { on, firstDue, parts, terms }: ReAge): InstalmentState[] {
  const aged = reAge(
    rows.map((row) => ({ ...row, closedOn: null })),
    { on, firstDue, instalments: parts },
  )
  const known = new Map(rows.map((row) => [row.no, row]))
  const closed = aged.filter(({ closedOn }) => closedOn !== null).map(({ no }) => no)
  const isClosed = (row: InstalmentState) => closed.includes(row.no)
  const feesMinor = rows.filter(isClosed).reduce((sum, row) => sum + row.feesMinor - row.feesPaidMinor, 0)
  const moved = movedInterest(rows.filter(isClosed), on, firstDue)
  const first = rows.length + 1
  const after = aged.map(({ closedOn: _, ...row }): InstalmentState => {
    const before = known.get(row.no)
    if (before === undefined) {
      const fees = { feesMinor: row.no === first ? feesMinor : 0, feesPaidMinor: 0 }
      const interest = row.no === first ? moved : null
      return freshRow({ ...row, ...fees, interest, status: 'SCHEDULED', delinquency: null })
    }
    if (!isClosed(before)) return before
    const { amountMinor } = row
    const interest = asPaidSoFar(before.interest)
    return { ...before, amountMinor, interest, feesMinor: before.feesPaidMinor, status: 'PAID', delinquency: null }
  })
  return foreseen(after, terms, on).map((row) => (owedMinor(row) === 0 ? asPaid(row) : row))
}

/** What is owed of the interest of rows that are closed, for the one that takes it; null where nothing is. */
function movedInterest(rows: readonly InstalmentState[], from: string, to: string): PeriodInterest | null {
  const amountMinor = interestOwedOn(rows)
  return amountMinor === 0 ? null : { amountMinor, chargedMinor: amountMinor, paidMinor: 0, from, to, series: 0 }
}

function asPaidSoFar(interest: PeriodInterest | null): PeriodInterest | null {
  if (interest === null) return null
  const { paidMinor } = interest
  return { ...interest, amountMinor: paidMinor, chargedMinor: paidMinor }
}

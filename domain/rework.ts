/**
 * A plan worked out from its schedule and its dated movements. Undoing one, or one that comes late, is to work out the
 * plan again without or with it: the result is as if all had been processed so from the start (DOMAIN §5).
 */
import { type Debt, type Prepayment, placePayment } from './allocation.ts'
import { sumMinor } from './money.ts'
import { placeRefund, type RefundPolicyName } from './refund.ts'

/** An instalment: its principal and late fees, and what of both is paid. */
export type PlanRow = {
  readonly no: number
  readonly dueDate: string
  readonly amountMinor: number
  readonly paidMinor: number
  readonly feesMinor: number
  readonly feesPaidMinor: number
}

/** What happened on a date. Two of one date are worked in by their ids, in whatever order they arrived. */
export type Movement = { readonly id: string; readonly on: string; readonly amountMinor: number } & (
  | { readonly kind: 'PAYMENT'; readonly prepayment: Prepayment }
  | { readonly kind: 'REFUND'; readonly policy: RefundPolicyName }
  | { readonly kind: 'LATE_FEE'; readonly no: number }
  | { readonly kind: 'CHARGE_BACK'; readonly paymentId: string }
)

/** A plan as it stands, and the money that has no place in it: it goes back to the consumer. */
export type WorkedOut = { readonly rows: readonly PlanRow[]; readonly excessMinor: number }

/**
 * Works the movements into the schedule, in the order of their dates. What was charged back of a payment never came in,
 * so that the instalments it paid are owed again, on a plan that was paid in full too.
 */
export function workOut(schedule: readonly PlanRow[], movements: readonly Movement[]): WorkedOut {
  const kept = movements.map((movement) =>
    movement.kind === 'PAYMENT' ? { ...movement, amountMinor: keptOf(movement, movements) } : movement,
  )
  const inOrder = kept.sort((a, b) => compare(a.on, b.on) || compare(a.id, b.id))
  return inOrder.reduce(step, { rows: schedule, excessMinor: 0 })
}

function keptOf(payment: Movement, movements: readonly Movement[]): number {
  const back = movements.filter((one) => one.kind === 'CHARGE_BACK' && one.paymentId === payment.id)
  return Math.max(0, payment.amountMinor - sumMinor(back.map(({ amountMinor }) => amountMinor)))
}

function step(plan: WorkedOut, movement: Movement): WorkedOut {
  switch (movement.kind) {
    case 'PAYMENT':
      return pay(plan, movement.amountMinor, movement.on, movement.prepayment)
    case 'REFUND':
      return refund(plan, movement.amountMinor, movement.on, movement.policy)
    case 'LATE_FEE':
      return charge(plan, movement.no, movement.amountMinor)
    case 'CHARGE_BACK':
      return plan
  }
}

type RowDebt = Debt & { readonly row: PlanRow }

function pay({ rows, excessMinor }: WorkedOut, amountMinor: number, today: string, prepayment: Prepayment): WorkedOut {
  const debts = rows.map((row): RowDebt => {
    const feesMinor = row.feesMinor - row.feesPaidMinor
    const principalMinor = row.amountMinor - row.paidMinor
    return { row, dueDate: row.dueDate, overdue: row.dueDate < today, feesMinor, interestMinor: 0, principalMinor }
  })
  const placed = placePayment(debts, { amountMinor, today, prepayment })
  const shares = new Map(placed.shares.map((share) => [share.debt.row, share]))
  const after = rows.map((row) => {
    const share = shares.get(row)
    if (share === undefined) return row
    const feesPaidMinor = row.feesPaidMinor + share.feesMinor
    return { ...row, feesPaidMinor, paidMinor: row.paidMinor + share.principalMinor }
  })
  return { rows: after, excessMinor: excessMinor + placed.excessMinor }
}

function refund(plan: WorkedOut, amountMinor: number, today: string, policy: RefundPolicyName): WorkedOut {
  const asked = plan.rows.map((row) => ({ ...row, asked: false }))
  const { offMinor, backMinor } = placeRefund(asked, { amountMinor, today, policy })
  const rows = plan.rows.map((row, index) => {
    const back = backMinor[index] ?? 0
    return { ...row, amountMinor: row.amountMinor - (offMinor[index] ?? 0) - back, paidMinor: row.paidMinor - back }
  })
  return { rows, excessMinor: plan.excessMinor + sumMinor(backMinor) }
}

function charge({ rows, excessMinor }: WorkedOut, no: number, amountMinor: number): WorkedOut {
  const charged = rows.map((row) => (row.no === no ? { ...row, feesMinor: row.feesMinor + amountMinor } : row))
  return { rows: charged, excessMinor }
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

/** Where a payment goes: which instalment first, and inside an instalment the fees before the principal. */
import type { Instalment } from '#schemas'
import { feesOwed, owedMinor, principalOwed } from './balance.ts'

/** What a payment beyond the instalment it names pays down of the future ones: the next, or the last. */
export type Prepayment = 'NEXT' | 'LAST'

/** A payment to place. */
export type Incoming = {
  readonly amountMinor: number
  /** The instalment it is meant for; what is too much for it goes on to others. */
  readonly instalmentNo: number
  /** The business date, 'YYYY-MM-DD'. */
  readonly today: string
  readonly prepayment: Prepayment
}

/** What became of a payment. The three amounts sum to what came in. */
export type Allocation<I extends Instalment> = {
  readonly instalments: I[]
  readonly principalMinor: number
  readonly feeMinor: number
  /** More than was owed on all of the instalments. */
  readonly excessMinor: number
  /** Whether it paid anything on an instalment that was overdue. */
  readonly late: boolean
}

/** Pays the instalments from what came in. */
export function allocatePayment<I extends Instalment>(instalments: readonly I[], incoming: Incoming): Allocation<I> {
  const paid = new Map<number, I>()
  let left = incoming.amountMinor
  let principalMinor = 0
  let feeMinor = 0
  let late = false
  for (const instalment of inPaymentOrder(instalments, incoming)) {
    const fee = Math.min(left, feesOwed(instalment))
    const principal = Math.min(left - fee, principalOwed(instalment))
    if (fee + principal === 0) continue
    paid.set(instalment.no, pay(instalment, fee, principal))
    left -= fee + principal
    feeMinor += fee
    principalMinor += principal
    late ||= instalment.status === 'OVERDUE'
  }
  const after = instalments.map((instalment) => paid.get(instalment.no) ?? instalment)
  return { instalments: after, principalMinor, feeMinor, excessMinor: left, late }
}

/**
 * The instalment the payment names; then what is due today, what is overdue without a late fee (oldest first), what is
 * overdue with one, and the future ones.
 */
export function inPaymentOrder<I extends Instalment>(
  instalments: readonly I[],
  incoming: Pick<Incoming, 'instalmentNo' | 'today' | 'prepayment'>,
): I[] {
  const rankOf = (instalment: I) => {
    if (instalment.no === incoming.instalmentNo) return 0
    if (instalment.dueDate > incoming.today) return 4
    if (instalment.status !== 'OVERDUE') return 1
    return feesOwed(instalment) === 0 ? 2 : 3
  }
  const direction = (rank: number) => (rank === 4 && incoming.prepayment === 'LAST' ? -1 : 1)
  return instalments
    .filter((instalment) => owedMinor(instalment) > 0)
    .sort((a, b) => rankOf(a) - rankOf(b) || (a.no - b.no) * direction(rankOf(a)))
}

function pay<I extends Instalment>(instalment: I, fee: number, principal: number): I {
  const paid = {
    ...instalment,
    feesPaidMinor: instalment.feesPaidMinor + fee,
    paidMinor: instalment.paidMinor + principal,
  }
  return owedMinor(paid) === 0 ? { ...paid, status: 'PAID' } : paid
}

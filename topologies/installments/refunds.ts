/**
 * Refunds: what is past due or due comes first; then the future instalments by a policy. What exceeds all that is owed
 * goes back to what paid it.
 */
import { splitMinor, sumMinor } from '#domain/money.ts'
import type { Instalment } from '#schemas'
import { owedMinor, principalOwed } from './balance.ts'

/** How a refund is taken off the future instalments. `owed` is what each owes; answers what comes off each. */
type Spread = (owed: readonly number[], amountMinor: number) => number[]

/** The policies by name. Each takes off exactly the amount, which is not more than the sum of what is owed. */
export const refundPolicies = {
  /** Off the last instalment first. */
  LAST_FIRST: (owed, amountMinor) => inOrder([...owed].reverse(), amountMinor).reverse(),
  /** Off the next instalment first. */
  NEXT_FIRST: (owed, amountMinor) => inOrder(owed, amountMinor),
  /** Equal parts off each, as far as each owes so much. */
  SPREAD: (owed, amountMinor) => evenly(owed, amountMinor),
  /** What is still owed after the refund is split anew, so that the future instalments are equal again. */
  RE_AMORTISE: (owed, amountMinor) => {
    if (owed.length === 0) return []
    const after = splitMinor(sumMinor(owed) - amountMinor, owed.length)
    return owed.map((owedNow, index) => owedNow - (after[index] ?? 0))
  },
} as const satisfies Record<string, Spread>

/** The name of a refund policy. */
export type RefundPolicyName = keyof typeof refundPolicies

/** A refund to work in. */
export type Refund = {
  readonly amountMinor: number
  /** The business date, 'YYYY-MM-DD'. */
  readonly today: string
  readonly policy: RefundPolicyName
}

/** What became of a refund. `reducedMinor` + `returnedMinor` = its amount, unless more was refunded than captured. */
export type RefundAllocation<I extends Instalment> = {
  readonly instalments: I[]
  /** Taken off what is owed. */
  readonly reducedMinor: number
  /** Beyond what is owed: goes back to what paid it. */
  readonly returnedMinor: number
}

/** Works a refund into the instalments. Late fees stay as they are: a refund is of principal. */
export function allocateRefund<I extends Instalment>(instalments: readonly I[], refund: Refund): RefundAllocation<I> {
  const isDue = (row: I) => row.status === 'DUE' || row.status === 'OVERDUE' || row.dueDate <= refund.today
  const reducedMinor = Math.min(refund.amountMinor, sumMinor(instalments.map(principalOwed)))
  const due = instalments.filter((row) => principalOwed(row) > 0 && isDue(row))
  const future = instalments.filter((row) => principalOwed(row) > 0 && !isDue(row))
  const offDue = inOrder(due.map(principalOwed), reducedMinor)
  const offFuture = refundPolicies[refund.policy](future.map(principalOwed), reducedMinor - sumMinor(offDue))

  const off = new Map([...pair(due, offDue), ...pair(future, offFuture)])
  const reduced = instalments.map((row) => ({ ...row, amountMinor: row.amountMinor - (off.get(row.no) ?? 0) }))
  const { instalments: after, returnedMinor } = takeBack(reduced, refund.amountMinor - reducedMinor)
  return { instalments: after.map(closed), reducedMinor, returnedMinor }
}

/** Undoes what was paid, last instalment first: both what it was and what was paid on it shrink. */
function takeBack<I extends Instalment>(rows: readonly I[], amountMinor: number) {
  const paidLastFirst = rows.map((row) => row.paidMinor).reverse()
  const back = inOrder(paidLastFirst, amountMinor).reverse()
  const instalments = rows.map((row, index) => ({
    ...row,
    amountMinor: row.amountMinor - (back[index] ?? 0),
    paidMinor: row.paidMinor - (back[index] ?? 0),
  }))
  return { instalments, returnedMinor: sumMinor(back) }
}

function closed<I extends Instalment>(row: I): I {
  return owedMinor(row) === 0 ? { ...row, status: 'PAID' } : row
}

function pair(rows: readonly Instalment[], amounts: readonly number[]): [number, number][] {
  return rows.map((row, index) => [row.no, amounts[index] ?? 0])
}

/** As much as fits, from the first on. */
function inOrder(room: readonly number[], amountMinor: number): number[] {
  let left = amountMinor
  return room.map((fits) => {
    const part = Math.min(left, fits)
    left -= part
    return part
  })
}

/** Equal parts; what one part cannot take goes to the others, until all of it has a place. */
function evenly(room: readonly number[], amountMinor: number): number[] {
  const parts = room.map(() => 0)
  let left = amountMinor
  while (left > 0) {
    const open = room.flatMap((fits, index) => (fits > (parts[index] ?? 0) ? [index] : []))
    if (open.length === 0) break
    const shares = splitMinor(left, open.length)
    for (const [place, index] of open.entries()) {
      const part = Math.min(shares[place] ?? 0, (room[index] ?? 0) - (parts[index] ?? 0))
      parts[index] = (parts[index] ?? 0) + part
      left -= part
    }
  }
  return parts
}

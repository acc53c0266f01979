/**
 * Refunds: what is past due or due comes first; then the future instalments by a policy. What exceeds all that is owed
 * goes back to what paid it.
 */
import { splitMinor, sumMinor } from './money.ts'

/** Splits what is left so that the payments of these rows (by their place) are equal; undefined: in equal parts. */
export type LevelSplit = (amountMinor: number, places: readonly number[]) => readonly number[]

/**
 * How a refund is taken off the future instalments. `owed` is what each owes; answers what comes off each. `split`
 * makes what is left equal again.
 */
type Spread = (
  owed: readonly number[],
  amountMinor: number,
  split: (amountMinor: number, count: number) => readonly number[],
) => number[]

/** The policies by name. Each takes off exactly the amount, which is not more than the sum of what is owed. */
export const refundPolicies = {
  /** Off the last instalment first. */
  LAST_FIRST: (owed, amountMinor) => inOrder([...owed].reverse(), amountMinor).reverse(),
  /** Off the next instalment first. */
  NEXT_FIRST: (owed, amountMinor) => inOrder(owed, amountMinor),
  /** Equal parts off each, as far as each owes so much. */
  SPREAD: (owed, amountMinor) => evenly(owed, amountMinor),
  /** What is still owed after the refund is split anew, so that the future instalments are equal again. */
  RE_AMORTISE: (owed, amountMinor, split) => {
    if (owed.length === 0) return []
    const after = split(sumMinor(owed) - amountMinor, owed.length)
    return owed.map((owedNow, index) => owedNow - (after[index] ?? 0))
  },
} as const satisfies Record<string, Spread>

/** The name of a refund policy. */
export type RefundPolicyName = keyof typeof refundPolicies

/** An instalment as a refund sees it: its principal, what of it is paid, and whether it was asked for already. */
export type RefundRow = {
  readonly dueDate: string
  readonly amountMinor: number
  readonly paidMinor: number
  readonly asked: boolean
}

/** The row of an instalment, by its status as events have it. */
export function refundRow(instalment: Omit<RefundRow, 'asked'> & { readonly status: string }): RefundRow {
  const { dueDate, amountMinor, paidMinor, status } = instalment
  return { dueDate, amountMinor, paidMinor, asked: status === 'DUE' || status === 'OVERDUE' }
}

/** A refund to work in. */
export type Refund = {
  readonly amountMinor: number
  /** The business date, 'YYYY-MM-DD'. */
  readonly today: string
  readonly policy: RefundPolicyName
  /** Where the instalments bear interest of their own, so that equal principal would not make equal payments. */
  readonly level?: LevelSplit | undefined
}

/** What a refund does to each row, in their order: taken off what is owed, and taken back of what was paid. */
export type PlacedRefund = { readonly offMinor: readonly number[]; readonly backMinor: readonly number[] }

/**
 * Places a refund. What it takes off and what it takes back sum to its amount, unless more was refunded than the rows
 * hold. Late fees stay as they are: a refund is of principal.
 */
export function placeRefund(rows: readonly RefundRow[], refund: Refund): PlacedRefund {
  const { amountMinor, today, policy, level } = refund
  const owed = rows.map((row) => row.amountMinor - row.paidMinor)
  const isDue = rows.map((row) => row.asked || row.dueDate <= today)
  const reducedMinor = Math.min(amountMinor, sumMinor(owed))
  const due = inOrder(
    owed.map((minor, index) => (isDue[index] ? minor : 0)),
    reducedMinor,
  )
  const future = rows.flatMap((_, index) => (!isDue[index] && (owed[index] ?? 0) > 0 ? [index] : []))
  const futureOwed = future.map((index) => owed[index] ?? 0)
  const split = level === undefined ? splitMinor : (leftMinor: number) => level(leftMinor, future)
  const off = refundPolicies[policy](futureOwed, reducedMinor - sumMinor(due), split)
  const offMinor = [...due]
  for (const [place, index] of future.entries()) offMinor[index] = off[place] ?? 0
  // Last instalment first: the money goes back to the last payment first.
  const paid = rows.map((row) => row.paidMinor).reverse()
  return { offMinor, backMinor: inOrder(paid, amountMinor - reducedMinor).reverse() }
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

/** Taking late fees off instalments. */
import type { Instalment } from '#schemas'
import { feesOwed } from './balance.ts'

/** Instalments without some of their fees: what of them was owed, and what was paid and is so no more. */
export type FeesTaken<I extends Instalment> = {
  readonly rows: I[]
  readonly unpaidMinor: number
  readonly returnedMinor: number
}

/**
 * Takes an amount off the fees: what is owed before what is paid, of the instalment it was charged on before later ones
 * (a re-age takes unpaid fees there) and all others.
 */
export function takeFees<I extends Instalment>(
  rows: readonly I[],
  instalmentNo: number,
  amountMinor: number,
): FeesTaken<I> {
  let left = amountMinor
  const take = (most: number) => {
    const part = Math.min(left, most)
    left -= part
    return part
  }
  const inOrder = rows.toSorted((a, b) => rankOf(a.no, instalmentNo) - rankOf(b.no, instalmentNo) || a.no - b.no)
  const unpaid = new Map(inOrder.map((row) => [row.no, take(feesOwed(row))]))
  const unpaidMinor = amountMinor - left
  const returned = new Map(inOrder.map((row) => [row.no, take(row.feesPaidMinor)]))
  const after = rows.map((row) => {
    const back = returned.get(row.no) ?? 0
    const feesMinor = row.feesMinor - (unpaid.get(row.no) ?? 0) - back
    return { ...row, feesMinor, feesPaidMinor: row.feesPaidMinor - back }
  })
  return { rows: after, unpaidMinor, returnedMinor: amountMinor - left - unpaidMinor }
}

function rankOf(no: number, instalmentNo: number): number {
  if (no === instalmentNo) return 0
  return no > instalmentNo ? 1 : 2
}

/** What a refund does to the instalments of a plan: by the rules of domain/refund.ts and instalment-interest.ts. */
import { interestAfterRefund, levelSplit, type RefundedOn } from '#domain/instalment-interest.ts'
import { sumMinor } from '#domain/money.ts'
import { placeRefund, type Refund, refundRow } from '#domain/refund.ts'
import type { Instalment } from '#schemas'
import { owedMinor } from './balance.ts'
import { asPaid } from './plan-rows.ts'

/** What became of a refund. `reducedMinor` + `returnedMinor` = its amount and the interest that it reverses. */
export type RefundAllocation<I extends Instalment> = {
  readonly instalments: I[]
  /** Taken off what is owed. */
  readonly reducedMinor: number
  /** Beyond what is owed: goes back to what paid it, with interest that is reversed. */
  readonly returnedMinor: number
  /** Interest that was charged and is owed no more. */
  readonly interestReducedMinor: number
  /** All interest that was charged and is reversed: that, and what goes back of it. */
  readonly interestReversedMinor: number
}

/** Works a refund into the instalments. */
export function allocateRefund<I extends Instalment>(
  instalments: readonly I[],
  refund: Refund & RefundedOn,
): RefundAllocation<I> {
  const level = levelSplit(instalments, refund.terms, refund.today)
  const { offMinor, backMinor } = placeRefund(instalments.map(refundRow), { ...refund, level })
  const after = instalments.map((instalment, index) => {
    const back = backMinor[index] ?? 0
    const amountMinor = instalment.amountMinor - (offMinor[index] ?? 0) - back
    return { ...instalment, amountMinor, paidMinor: instalment.paidMinor - back }
  })
  const { rows, ...interest } = interestAfterRefund(after, refund)
  return {
    instalments: rows.map(closed),
    reducedMinor: sumMinor(offMinor),
    returnedMinor: sumMinor([...backMinor, interest.returnedMinor]),
    interestReducedMinor: interest.reducedMinor,
    interestReversedMinor: interest.reducedMinor + interest.returnedMinor,
  }
}

function closed<I extends Instalment>(row: I): I {
  return owedMinor(row) === 0 ? asPaid(row) : row
}

/** What a refund does to the instalments of a plan: by the rule of domain/refund.ts. */
import { sumMinor } from '#domain/money.ts'
import { placeRefund, type Refund, refundRow } from '#domain/refund.ts'
import type { Instalment } from '#schemas'
import { owedMinor } from './balance.ts'
import { asPaid } from './plan-rows.ts'

/** What became of a refund. `reducedMinor` + `returnedMinor` = its amount, unless more was refunded than captured. */
export type RefundAllocation<I extends Instalment> = {
  readonly instalments: I[]
  /** Taken off what is owed. */
  readonly reducedMinor: number
  /** Beyond what is owed: goes back to what paid it. */
  readonly returnedMinor: number
}

/** Works a refund into the instalments. */
export function allocateRefund<I extends Instalment>(instalments: readonly I[], refund: Refund): RefundAllocation<I> {
  const { offMinor, backMinor } = placeRefund(instalments.map(refundRow), refund)
  const after = instalments.map((instalment, index) => {
    const back = backMinor[index] ?? 0
    const amountMinor = instalment.amountMinor - (offMinor[index] ?? 0) - back
    return closed({ ...instalment, amountMinor, paidMinor: instalment.paidMinor - back })
  })
  return { instalments: after, reducedMinor: sumMinor(offMinor), returnedMinor: sumMinor(backMinor) }
}

function closed<I extends Instalment>(row: I): I {
  return owedMinor(row) === 0 ? asPaid(row) : row
}

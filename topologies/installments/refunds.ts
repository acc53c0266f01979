/** What a refund does to the instalments of a plan: by the rule of domain/refund.ts. */
import { endedOn, foreseen, type InterestTerms, withoutInterest } from '#domain/instalment-interest.ts'
import { sumMinor } from '#domain/money.ts'
import { placeRefund, type Refund, refundRow } from '#domain/refund.ts'
import type { Instalment } from '#schemas'
import { owedMinor, principalOwed } from './balance.ts'
import { interestChargedOn, interestOwedOn } from './monthly-plan.ts'
import { asPaid } from './plan-rows.ts'

/** A refund of a plan. */
export type PlanRefund = Refund & {
  /** By which interest is worked out; null where the plan bears none. */
  readonly terms: InterestTerms | null
  /** Whether all that was captured is refunded with it. */
  readonly isFull: boolean
}

/** What became of a refund. `reducedMinor` + `returnedMinor` = its amount, unless more was refunded than captured. */
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

/**
 * Works a refund into the instalments. Interest that was charged stays: the money was lent so long. Where all is
 * refunded there was no sale, and no credit for it: all interest is reversed (Directive 2008/48/EC, Article 15).
 */
export function allocateRefund<I extends Instalment>(
  instalments: readonly I[],
  refund: PlanRefund,
): RefundAllocation<I> {
  const { offMinor, backMinor } = placeRefund(instalments.map(refundRow), refund)
  const after = instalments.map((instalment, index) => {
    const back = backMinor[index] ?? 0
    const amountMinor = instalment.amountMinor - (offMinor[index] ?? 0) - back
    return { ...instalment, amountMinor, paidMinor: instalment.paidMinor - back }
  })
  const rows = interestAfter(after, refund)
  const interestReversedMinor = interestChargedOn(instalments) - interestChargedOn(rows)
  const interestReducedMinor = interestOwedOn(instalments) - interestOwedOn(rows)
  return {
    instalments: rows.map(closed),
    reducedMinor: sumMinor(offMinor),
    returnedMinor: sumMinor(backMinor) + interestReversedMinor - interestReducedMinor,
    interestReducedMinor,
    interestReversedMinor,
  }
}

function interestAfter<I extends Instalment>(rows: readonly I[], { isFull, terms, today }: PlanRefund): I[] {
  if (isFull) return rows.map(withoutInterest)
  const owes = rows.some((row) => principalOwed(row) > 0)
  return owes ? foreseen(rows, terms, today) : endedOn(rows, today)
}

function closed<I extends Instalment>(row: I): I {
  return owedMinor(row) === 0 ? asPaid(row) : row
}

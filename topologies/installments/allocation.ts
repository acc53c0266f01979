/** Where a payment goes inside a plan: by the rule of domain/allocation.ts, the instalment it names first. */
import { type Debt, type Prepayment, placePayment, type Share } from '#domain/allocation.ts'
import { sumMinor } from '#domain/money.ts'
import type { Instalment, InstalmentShare } from '#schemas'
import { feesOwed, owedMinor, principalOwed } from './balance.ts'
import { asPaid } from './plan-rows.ts'

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
  /** Which instalments it covered, in the order they were paid. */
  readonly shares: readonly InstalmentShare[]
}

type InstalmentDebt<I extends Instalment> = Debt & { readonly instalment: I }

/** Pays the instalments from what came in. */
export function allocatePayment<I extends Instalment>(instalments: readonly I[], incoming: Incoming): Allocation<I> {
  const { instalmentNo, ...placing } = incoming
  const { shares, excessMinor } = placePayment(instalments.map(debtOf), {
    ...placing,
    named: ({ instalment }: InstalmentDebt<I>) => instalment.no === instalmentNo,
  })
  const paid = new Map(shares.map((share) => [share.debt.instalment.no, pay(share)]))
  return {
    instalments: instalments.map((instalment) => paid.get(instalment.no) ?? instalment),
    principalMinor: sumMinor(shares.map((share) => share.principalMinor)),
    feeMinor: sumMinor(shares.map((share) => share.feesMinor)),
    excessMinor,
    late: shares.some((share) => share.debt.overdue),
    shares: shares.map((share) => ({
      instalmentNo: share.debt.instalment.no,
      feeMinor: share.feesMinor,
      principalMinor: share.principalMinor,
    })),
  }
}

function debtOf<I extends Instalment>(instalment: I): InstalmentDebt<I> {
  return {
    instalment,
    dueDate: instalment.dueDate,
    overdue: instalment.status === 'OVERDUE',
    feesMinor: feesOwed(instalment),
    interestMinor: 0,
    principalMinor: principalOwed(instalment),
  }
}

function pay<I extends Instalment>({ debt, feesMinor, principalMinor }: Share<InstalmentDebt<I>>): I {
  const paid = {
    ...debt.instalment,
    feesPaidMinor: debt.instalment.feesPaidMinor + feesMinor,
    paidMinor: debt.instalment.paidMinor + principalMinor,
  }
  return owedMinor(paid) === 0 ? asPaid(paid) : paid
}

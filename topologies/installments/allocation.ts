/** Where a payment goes inside a plan: by the rule of domain/allocation.ts, the instalment it names first. */
import { type Debt, type Prepayment, placePayment, type Share } from '#domain/allocation.ts'
import {
  endedOn,
  foreseen,
  type InterestTerms,
  interestPayable,
  type PeriodInterest,
  payoffMinor,
} from '#domain/instalment-interest.ts'
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
  /** By which interest is worked out; null where the plan bears none. */
  readonly terms: InterestTerms | null
}

/** What became of a payment. Principal, interest, fees and excess sum to what came in. */
export type Allocation<I extends Instalment> = {
  readonly instalments: I[]
  readonly principalMinor: number
  /** Below 0 where it pays everything off, and interest was paid ahead for days that will not come. */
  readonly interestMinor: number
  readonly feeMinor: number
  /** More than was owed on all of the instalments. */
  readonly excessMinor: number
  /** Whether it paid anything on an instalment that was overdue. */
  readonly late: boolean
  /** Which instalments it covered, in the order they were paid. */
  readonly shares: readonly InstalmentShare[]
  /** Whether it pays the plan off, so that no interest runs after it. */
  readonly paysOff: boolean
  /** The instalments with the interest charged that it pays before its day, and nothing else done to them. */
  readonly charged: I[]
}

type InstalmentDebt<I extends Instalment> = Debt & { readonly instalment: I }

/** Pays the instalments from what came in. */
export function allocatePayment<I extends Instalment>(rows: readonly I[], incoming: Incoming): Allocation<I> {
  const { instalmentNo, terms, amountMinor, ...placing } = incoming
  const { today } = placing
  const paysOff = terms !== null && amountMinor >= payoffMinor(rows, today) + sumMinor(rows.map(feesOwed))
  const before = paysOff ? endedOn(rows, today) : rows
  const aheadMinor = interestPaid(rows) - interestPaid(before)
  const debts = before.map((row) => debtOf(row, today))
  const { shares, excessMinor } = placePayment(debts, {
    ...placing,
    amountMinor: amountMinor + aheadMinor,
    named: ({ instalment }: InstalmentDebt<I>) => instalment.no === instalmentNo,
  })
  const paid = new Map(shares.map((share) => [share.debt.instalment.no, pay(share)]))
  const placed = before.map((row) => paid.get(row.no) ?? row)
  return {
    instalments: foreseen(placed, terms, today).map((row) => (owedMinor(row) === 0 ? asPaid(row) : row)),
    principalMinor: sumMinor(shares.map((share) => share.principalMinor)),
    interestMinor: sumMinor(shares.map((share) => share.interestMinor)) - aheadMinor,
    feeMinor: sumMinor(shares.map((share) => share.feesMinor)),
    excessMinor,
    late: shares.some((share) => share.debt.overdue),
    shares: shares.map((share) => ({
      instalmentNo: share.debt.instalment.no,
      feeMinor: share.feesMinor,
      principalMinor: share.principalMinor,
      interestMinor: share.interestMinor,
    })),
    paysOff,
    charged: rows.map((row, index) => chargedAs(row, placed[index]?.interest ?? null)),
  }
}

function debtOf<I extends Instalment>(instalment: I, today: string): InstalmentDebt<I> {
  return {
    instalment,
    dueDate: instalment.dueDate,
    overdue: instalment.status === 'OVERDUE',
    feesMinor: feesOwed(instalment),
    interestMinor: interestPayable(instalment, today),
    principalMinor: principalOwed(instalment),
  }
}

function pay<I extends Instalment>({ debt, feesMinor, interestMinor, principalMinor }: Share<InstalmentDebt<I>>): I {
  const { instalment } = debt
  return {
    ...instalment,
    feesPaidMinor: instalment.feesPaidMinor + feesMinor,
    paidMinor: instalment.paidMinor + principalMinor,
    interest: withPaid(instalment.interest, interestMinor),
  }
}

/** What is paid of interest is charged by then. */
function withPaid(interest: PeriodInterest | null, amountMinor: number): PeriodInterest | null {
  if (interest === null) return null
  const paidMinor = interest.paidMinor + amountMinor
  return { ...interest, paidMinor, chargedMinor: Math.max(interest.chargedMinor, paidMinor) }
}

/** The row with what is charged of its interest after the payment. */
function chargedAs<I extends Instalment>(row: I, after: PeriodInterest | null): I {
  if (row.interest === null || after === null) return row
  const { amountMinor, chargedMinor } = after
  return { ...row, interest: { ...row.interest, amountMinor, chargedMinor } }
}

function interestPaid(rows: readonly Instalment[]): number {
  return sumMinor(rows.map(({ interest }) => interest?.paidMinor ?? 0))
}

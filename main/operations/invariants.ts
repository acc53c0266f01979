/** What must hold of the books at any time (DOMAIN §11), as data: two sides, each a sum of the measures of a store. */
import type { Sums } from '../reconciliation/sums.ts'

/** An invariant: both sides are added up; a minus takes the other sign. */
type Invariant = { readonly name: string; readonly left: readonly string[]; readonly right: readonly string[] }

/** How an invariant stands in one currency; the difference is 0 where it holds. Minor units. */
export type CheckedInvariant = {
  readonly name: string
  readonly currency: string
  readonly leftMinor: number
  readonly rightMinor: number
  readonly differenceMinor: number
}

const SETTLED = ['-settlement.fees', '-settlement.commissions', '-settlement.tax', '-settlement.held']

const INVARIANTS: readonly Invariant[] = [
  { name: 'debits = credits', left: ['ledger.postings'], right: [] },
  {
    name: 'sum of instalments outstanding = receivable',
    left: ['plans.outstanding'],
    right: ['ledger.assets:consumer-receivable'],
  },
  { name: 'late fees unpaid = fee receivable', left: ['plans.fees'], right: ['ledger.assets:fee-receivable'] },
  {
    name: 'interest unpaid = interest receivable',
    left: ['plans.interest'],
    right: ['ledger.assets:interest-receivable'],
  },
  { name: 'deposits = liability', left: ['plans.deposit'], right: ['-ledger.liabilities:consumer-deposits'] },
  {
    name: 'holds + receivable + fees = exposure',
    left: ['plans.hold', 'plans.outstanding', 'plans.fees'],
    right: ['credit.hold', 'credit.outstanding', 'credit.fees'],
  },
  {
    name: 'payable = captured − refunded − fees − tax − held + corrections − paid',
    left: ['captures', '-refunds', ...SETTLED, 'settlement.corrections', '-payouts.paid'],
    right: ['-ledger.liabilities:merchant-payable'],
  },
  { name: 'charge-backs are owed again', left: ['ledger.assets:charge-backs'], right: [] },
  { name: 'held = reserve', left: ['settlement.held'], right: ['-ledger.liabilities:merchant-reserve'] },
  {
    name: 'cash = collected − returned − charged back − undone − paid',
    left: ['payments.succeeded', '-payments.returned', '-payments.chargedBack', '-payments.undone', '-payouts.paid'],
    right: ['ledger.assets:cash'],
  },
]

/** Each invariant in each currency. */
export function checkInvariants(sums: Sums): readonly CheckedInvariant[] {
  return sums.currencies().flatMap((currency) =>
    INVARIANTS.map(({ name, left, right }) => {
      const [leftMinor, rightMinor] = [total(sums, left, currency), total(sums, right, currency)]
      return { name, currency, leftMinor, rightMinor, differenceMinor: leftMinor - rightMinor }
    }),
  )
}

function total(sums: Sums, measures: readonly string[], currency: string): number {
  return measures.reduce((sum, measure) => {
    const negative = measure.startsWith('-')
    const amount = sums.get(negative ? measure.slice(1) : measure, currency)
    return negative ? sum - amount : sum + amount
  }, 0)
}

import { expect, test } from 'vitest'
import { Sums } from '../reconciliation/sums.ts'
import { checkInvariants } from './invariants.ts'

/** A purchase of 100.00 that was captured, with a fee of 4.00, an instalment paid and the payout made. */
function books(): Sums {
  const sums = new Sums()
  const add = (measure: string, amountMinor: number) => sums.add(measure, 'EUR', amountMinor)
  add('captures', 100_00)
  add('settlement.fees', 4_00)
  add('payouts.paid', 96_00)
  add('payments.succeeded', 25_00)
  add('plans.outstanding', 75_00)
  add('credit.outstanding', 75_00)
  add('ledger.assets:consumer-receivable', 75_00)
  add('ledger.assets:cash', 25_00 - 96_00)
  add('ledger.income:merchant-fees', -4_00)
  return sums
}

const differing = (sums: Sums) =>
  checkInvariants(sums).flatMap(({ name, differenceMinor }) => (differenceMinor === 0 ? [] : [[name, differenceMinor]]))

test('books that are in order have no difference', () => {
  expect(checkInvariants(books()).length).toBeGreaterThan(7)
  expect(differing(books())).toEqual([])
})

test.each([
  ['ledger.postings', 1, 'debits = credits', 1],
  ['plans.outstanding', 1, 'sum of instalments outstanding = receivable', 1],
  ['plans.fees', 5_00, 'late fees unpaid = fee receivable', 5_00],
  ['plans.interest', 79, 'interest unpaid = interest receivable', 79],
  ['plans.deposit', 1, 'deposits = liability', 1],
  ['credit.hold', 10, 'holds + receivable + fees = exposure', -10],
  ['refunds', 3, 'payable = captured − refunded − fees − tax − held + corrections − paid', -3],
  ['settlement.held', 3, 'held = reserve', 3],
  ['payments.returned', 7, 'cash = collected − returned − charged back − undone − paid', -7],
  ['ledger.assets:charge-backs', 9, 'charge-backs are owed again', 9],
])('%s too much by %i is found', (measure, amountMinor, name, difference) => {
  const sums = books()
  sums.add(measure, 'EUR', amountMinor)
  expect(differing(sums)).toContainEqual([name, difference])
})

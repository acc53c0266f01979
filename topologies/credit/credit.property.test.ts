import fc from 'fast-check'
import { expect, test } from 'vitest'
import { credit } from './credit.ts'
import { completed, kyc, overdue, paid, registered, released, report, request } from './credit-samples.ts'
import { exposureMinor, totalsOf } from './exposure.ts'
import type { CreditInput } from './facts.ts'

const no = fc.integer({ min: 1, max: 12 })
const owed = fc.record({
  holdMinor: fc.constantFrom(0, 5_000, 20_000),
  outstandingMinor: fc.constantFrom(0, 1, 20_000),
  feesMinor: fc.constantFrom(0, 1_000),
})
const input = fc.oneof<fc.Arbitrary<CreditInput>[]>(
  fc.tuple(no, fc.integer({ min: -1, max: 30_000 })).map(([of, amount]) => request(of, amount)),
  fc
    .tuple(no, owed, fc.constantFrom('PAID', 'OVERDUE', 'DUE'))
    .map(([of, balance, status]) => paid(of, balance, status)),
  fc.tuple(no, owed).map(([of, balance]) => released(of, balance)),
  fc.tuple(no, owed).map(([of, balance]) => overdue(of, 1, balance)),
  no.map((of) => completed(of)),
)

test('no approval passes the limit or a block, and every change of exposure is told once', () => {
  let approvals = 0
  fc.assert(
    fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
      const beginning: readonly CreditInput[] = [registered(), kyc('APPROVED'), report(550)]
      let state = credit.initial('con_1')
      for (const heard of [...beginning, ...inputs]) {
        const before = state
        const facts = credit.decide(state, heard, 'con_1')
        state = facts.reduce(credit.evolve, state)
        expect(state.exposure).toEqual(totalsOf(state))
        expect(facts.filter((fact) => fact.type === 'ExposureChanged').length).toBeLessThanOrEqual(1)
        if (facts.some((fact) => fact.type === 'PurchaseApproved')) {
          approvals += 1
          expect(exposureMinor(state.purchases)).toBeLessThanOrEqual(60_000)
          expect(before.exposure.blocked).toBe(false)
        }
        for (const one of state.purchases) expect(exposureMinor([one]) > 0 || one.overdue.length > 0).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
  expect(approvals).toBeGreaterThan(0)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { given } from '#streams/testing'
import { creditDecider } from './credit.ts'
import { kyc, registered, report, request } from './credit-samples.ts'
import { CREDIT_POLICY, fixedRules } from './decision-rules.ts'

const monthly = fc.record({
  instalments: fc.integer({ min: 2, max: 36 }),
  interest: fc.constantFrom('NONE', 'FLAT', 'DECLINING'),
  ratePpm: fc.integer({ min: 0, max: 300_000 }),
  dayCount: fc.constantFrom('THIRTY_360', 'ACTUAL_365'),
})
const asked = fc.record({
  product: fc.constantFrom('PAY_IN_4' as const, 'PAY_IN_30' as const, 'PAY_MONTHLY' as const),
  monthly,
  amountMinor: fc.integer({ min: 500, max: 300_000 }),
  income: fc.integer({ min: 5_000, max: 300_000 }),
  percent: fc.integer({ min: 1, max: 60 }),
  score: fc.integer({ min: 300, max: 900 }),
})

test('what a refusal offers passes when it is asked for', () => {
  let offers = 0
  fc.assert(
    fc.property(asked, ({ product, monthly, amountMinor, income, percent, score }) => {
      const policy = { ...CREDIT_POLICY, affordability: { incomePercentMax: percent } }
      const plan = product === 'PAY_MONTHLY' ? { ...monthly, ratePpm: rateOf(monthly) } : null
      const terms = { ...request(1, 1).terms, monthly: plan === null ? [] : [plan] }
      const ask = (no: number, amount: number, firstPaymentMinor: number | null = null) =>
        request(no, amount, { product, monthly: plan, terms, firstPaymentMinor })
      const consumer = given(creditDecider(fixedRules(policy)), 'con_1').after(
        ...[registered(), kyc('APPROVED'), report(score, { monthlyIncomeMinor: income })],
      )
      const decided = consumer.when(ask(1, amountMinor)).events.find(({ type }) => type === 'PurchaseDeclined')
      if (decided?.type !== 'PurchaseDeclined') return
      const { counterOfferMinor: lower, counterFirstPaymentMinor: first } = decided
      const refused = consumer.after(ask(1, amountMinor))
      const taken = [
        ...(lower === null ? [] : [ask(2, lower)]),
        ...(first === null ? [] : [ask(2, amountMinor, first)]),
      ]
      for (const command of taken) {
        offers += 1
        expect(refused.when(command).events.map(({ type }) => type)).toContain('PurchaseApproved')
      }
    }),
    { numRuns: 1_500 },
  )
  expect(offers).toBeGreaterThan(100)
})

function rateOf({ interest, ratePpm }: { interest: string; ratePpm: number }): number {
  return interest === 'NONE' ? 0 : ratePpm
}

/** Purchases that are paid back monthly: whether they are offered and given, and what of them counts. */
import { describe, expect, test } from 'vitest'
import type { MonthlyTerms } from '#schemas'
import { given } from '#streams/testing'
import { creditDecider } from './credit.ts'
import { type CreditPolicy, openCreditPolicy } from './credit-policy.ts'
import p2 from './credit-policy-p2.json' with { type: 'json' }
import { kyc, registered, report, request } from './credit-samples.ts'
import { CREDIT_POLICY, fixedRules } from './decision-rules.ts'
import { exampleProblems } from './policy-examples.ts'

const six: MonthlyTerms = { instalments: 6, interest: 'DECLINING', ratePpm: 99_900, dayCount: 'THIRTY_360' }
const twelve: MonthlyTerms = { ...six, instalments: 12 }
const free: CreditPolicy = {
  ...CREDIT_POLICY,
  caps: { firstPurchase: null, newMerchant: null, newDevice: null, unusual: null },
  velocity: [],
}

/** A consumer with a limit of 2500.00 and, by the bureau, an income of 500.00 a month, of which half may be owed. */
function consumer(over: Partial<CreditPolicy> = {}) {
  const rules = fixedRules({ ...free, affordability: { incomePercentMax: 50 }, ...over })
  return given(creditDecider(rules), 'con_1').after(
    registered(),
    kyc('APPROVED'),
    report(850, { monthlyIncomeMinor: 500_00 }),
  )
}

/** A request on a checkout that offers 6 and 12 instalments. */
function monthly(no: number, amountMinor: number, terms: MonthlyTerms | null = six) {
  const asked = request(no, amountMinor)
  return {
    ...asked,
    product: 'PAY_MONTHLY' as const,
    monthly: terms,
    terms: { ...asked.terms, monthly: [six, twelve] },
  }
}

const approved = [{ type: 'PurchaseApproved' as const }, { type: 'ExposureChanged' as const }] as const
const declined = (code: string, over: object = {}) => ({
  type: 'PurchaseDeclined' as const,
  reasons: [{ code }],
  ...over,
})

describe('what is affordable', () => {
  test('is judged by the real instalment, with its interest, and offers the amount whose instalment fits', () => {
    // 1,457.00 in 6 is 249.95 a month, of an income of which 250.00 may be owed; a cent more a month is too much.
    consumer()
      .when(monthly(1, 1_457_00))
      .gives(...approved)
    consumer()
      .when(monthly(1, 1_500_00))
      .gives(declined('INCOME_TOO_LOW', { counterOfferMinor: 1_457_15 }))
    consumer()
      .when(monthly(1, 1_457_15))
      .gives(...approved)
    consumer()
      .when(monthly(1, 2_400_00, twelve))
      .gives(...approved)
  })

  test('takes the instalments of what is owed monthly already, and the whole of what is not', () => {
    const once = consumer().after(monthly(1, 600_00))
    expect(once.state.purchases).toMatchObject([{ holdMinor: 600_00, monthlyMinor: 102_96 }])
    once.when(request(2, 147_04)).gives(...approved)
    once.when(request(2, 147_05)).gives(declined('INCOME_TOO_LOW', { counterOfferMinor: 147_04 }))
    consumer().after(request(1, 200_00)).when(monthly(2, 600_00)).gives(declined('INCOME_TOO_LOW'))
  })
})

test('holds the principal, and no interest of it', () => {
  consumer()
    .when(monthly(1, 600_00))
    .gives(
      { type: 'PurchaseApproved', monthly: six, exposureAfterMinor: 600_00 },
      { type: 'ExposureChanged', holdMinor: 600_00, availableMinor: 1_900_00 },
    )
})

test.each([
  ['terms that the shop does not offer', { ...six, ratePpm: 1 }],
  ['a number of instalments that it does not offer', { ...six, instalments: 9 }],
  ['no terms', null],
])('%s are none to pay by', (_what, terms) => {
  consumer()
    .when(monthly(1, 100_00, terms))
    .gives(declined('PRODUCT_NOT_OFFERED'))
  const in30 = { ...monthly(1, 100_00), product: 'PAY_IN_30' as const }
  consumer().when(in30).gives(declined('PRODUCT_NOT_OFFERED'))
})

describe('a policy may limit what is given monthly', () => {
  test.each([
    [null, 600_00, six, 'MONTHLY_NOT_GIVEN'],
    [{ instalmentsMax: 6, amountMin: 0 }, 600_00, twelve, 'MONTHLY_TERM_TOO_LONG'],
    [{ instalmentsMax: 36, amountMin: 100 }, 99_99, six, 'MONTHLY_AMOUNT_TOO_SMALL'],
  ] as const)('%j refuses %i', (rule, amountMinor, terms, code) => {
    consumer({ monthly: rule })
      .when(monthly(1, amountMinor, terms))
      .gives(declined(code, { counterOfferMinor: null }))
    consumer({ monthly: rule })
      .when(request(1, 100_00))
      .gives(...approved)
  })

  test('in its file; what does not say it gives up to 36, and an example can ask for instalments', () => {
    expect(openCreditPolicy(p2).monthly).toEqual({ instalmentsMax: 36, amountMin: 0 })
    const file = { ...p2, version: 'p9', monthly: { instalmentsMax: 6, amountMin: 50 } }
    const asked = '{ "score": 850, "amount": 300, "instalments": 12 }'
    const example = (outcome: string) => JSON.parse(`{ "name": "a year", "given": ${asked}, "then": ${outcome} }`)
    const refused = '{ "approved": false, "reasons": ["MONTHLY_TERM_TOO_LONG"] }'
    const policy = openCreditPolicy({ ...file, examples: [example(refused)] })
    expect(exampleProblems(policy)).toEqual([])
    const wrong = openCreditPolicy({ ...file, examples: [example('{ "approved": true }')] })
    expect(exampleProblems(wrong)).toHaveLength(1)
    expect(policy.monthly).toEqual({ instalmentsMax: 6, amountMin: 50 })
    expect(() => openCreditPolicy({ ...file, monthly: { instalmentsMax: 1, amountMin: 0 } })).toThrow(/instalmentsMax/)
  })
})

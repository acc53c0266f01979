import { describe, expect, test } from 'vitest'
import { type CreditPolicy, CreditPolicyError, openCreditPolicy } from './credit-policy.ts'
import { CREDIT_POLICY } from './decision-rules.ts'
import { exampleProblems } from './policy-examples.ts'

const band = (name: string, scoreMin: number, scoreMax: number, limit: number) => ({ name, scoreMin, scoreMax, limit })
const none = band('none', 0, 499, 0)
const some = band('some', 500, 1_000, 600)

/** The problems that the policy of the platform has with these parts put in. */
function problemsWith(over: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    openCreditPolicy({ ...CREDIT_POLICY, ...over })
  } catch (error) {
    if (error instanceof CreditPolicyError) return error.problems.map(({ text }) => text)
    throw error
  }
  return []
}

describe('a policy file', () => {
  test('that the platform comes with can be used, and its examples end as they say', () => {
    expect(exampleProblems(openCreditPolicy(CREDIT_POLICY))).toEqual([])
  })

  test.each([
    ['a gap', [band('none', 0, 399, 0), some], 'no band has the scores 400 to 499, before some'],
    ['a gap of one', [band('none', 0, 498, 0), some], 'no band has the scores 499 to 499, before some'],
    ['a gap below', [band('none', 1, 499, 0), some], 'no band has the scores 0 to 0, before none'],
    ['a gap above', [none, band('some', 500, 999, 600)], 'no band has the scores 1000 to 1000, after some'],
    [
      'an overlap',
      [none, band('some', 450, 1_000, 600)],
      'the bands none and some overlap: both have the scores 450 to 499',
    ],
    [
      'an overlap of one',
      [none, band('some', 499, 1_000, 600)],
      'the bands none and some overlap: both have the scores 499 to 499',
    ],
    [
      'one inside another',
      [none, some, band('odd', 600, 650, 700)],
      'the bands some and odd overlap: both have the scores 600 to 650',
    ],
    ['a band upside down', [none, band('some', 1_000, 500, 600)], 'the band some ends (500) before it begins (1000)'],
    [
      'limits that fall',
      [band('none', 0, 499, 700), some],
      'the band some has a lower limit (600) than none (700) below it',
    ],
    ['a name twice', [none, band('none', 500, 1_000, 600)], 'the band none stands there twice'],
    ['no bands', [], 'bands must have at least 1'],
  ])('with %s between its bands is refused, and the band is named', (_what, bands, problem) => {
    expect(problemsWith({ bands })).toContain(problem)
  })

  test('may have its bands in any order', () => {
    expect(problemsWith({ bands: [some, none] })).toEqual([])
  })

  const rule = { name: 'day', hours: 24, counts: 'APPROVED', purchasesMax: 3, amountMax: null }
  test.each([
    ['another format', { format: 2 }, 'format must be 1'],
    ['no version', { version: '' }, 'version must look like'],
    ['a part nobody knows', { scores: [] }, 'scores is not known'],
    [
      'a cap of nothing',
      { caps: { ...CREDIT_POLICY.caps, firstPurchase: 0 } },
      'caps.firstPurchase must be at least 1',
    ],
    ['half an amount', { bands: [none, band('some', 500, 1_000, 0.5)] }, 'bands[1].limit must be a whole number'],
    ['a window without end', { velocity: [{ ...rule, hours: 10_000 }] }, 'velocity[0].hours must be at most 720'],
    [
      'a rule that limits nothing',
      { velocity: [{ ...rule, purchasesMax: null }] },
      'the velocity rule day limits nothing',
    ],
    ['two rules of one name', { velocity: [rule, rule] }, 'the velocity rule day stands there twice'],
    ['a currency nobody takes', { countries: { ZZ: { currency: 'XXX' } } }, 'countries.ZZ has the currency XXX'],
    ['a country nobody knows', { countries: { Germany: { currency: 'EUR' } } }, 'countries.Germany must look like'],
    ['units of a stranger', { unitsPerDollar: { XXX: 5 } }, 'unitsPerDollar has the currency XXX'],
    // Beyond these, amounts in minor units and deadlines would be numbers that no record can hold.
    ['an amount beyond counting', { bands: [none, band('some', 500, 1_000, 9e15)] }, 'bands[1].limit must be at most'],
    ['units beyond counting', { unitsPerDollar: { JPY: 1e9 } }, 'unitsPerDollar.JPY must be at most'],
    [
      'a deadline beyond time',
      { review: { requestDays: 30, decideDays: 1e12, validDays: 14 } },
      'review.decideDays must be at most 365',
    ],
    ['no examples', { examples: [] }, 'examples must have at least 1'],
  ])('with %s is refused, and the place is named', (_what, over, problem) => {
    expect(problemsWith(over).join('\n')).toContain(problem)
  })

  test('that lacks a part is refused, with every missing one', () => {
    expect(() => openCreditPolicy({ format: 1 })).toThrow(/bands is missing\n- knockOut is missing/)
    expect(() => openCreditPolicy('p2')).toThrow('the file must be an object')
  })
})

describe('an example', () => {
  const lowTop: CreditPolicy = { ...CREDIT_POLICY, bands: [none, some] }
  test.each([
    [{ approved: true }, 700, 'expects an approval, and gets LIMIT_EXCEEDED'],
    [{ approved: false }, 600, 'expects a refusal, and gets an approval'],
    [
      { approved: false, reasons: ['INCOME_TOO_LOW'] },
      700,
      'expects the reasons INCOME_TOO_LOW, and gets LIMIT_EXCEEDED',
    ],
    [{ approved: false, counterOffer: 500 }, 700, 'expects an offer of 50000 minor units, and gets 60000'],
    [{ approved: false, counterOffer: null }, 700, 'expects an offer of null minor units, and gets 60000'],
  ])('that says %j fails where the rules say otherwise', (then, amount, problem) => {
    const examples = [{ name: 'one', given: { score: 800, amount }, then }]
    expect(exampleProblems({ ...lowTop, examples })).toEqual([
      { code: 'POLICY_EXAMPLE_FAILS', text: `the example "one" ${problem}` },
    ])
  })
})

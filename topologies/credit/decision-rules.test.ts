import { describe, expect, test } from 'vitest'
import type { CreditRules } from '#schemas'
import { given } from '#streams/testing'
import { creditDecider } from './credit.ts'
import p2 from './credit-policy-p2.json' with { type: 'json' }
import { HOUR, kyc, registered, report, request, T0 } from './credit-samples.ts'
import { CREDIT_POLICY, fixedRules, isInShare, RuleFiles, rulesOf } from './decision-rules.ts'
import m1 from './scorecard-m1.json' with { type: 'json' }

const policy = (version: string, over: object = {}) => ({ ...p2, version, examples: p2.examples.slice(0, 1), ...over })
const published = (file: { version: string }, effectiveFrom: number | null) => ({
  ...{ version: file.version, effectiveFrom, file: JSON.stringify(file), fileHash: '' },
})
const m2 = { ...m1, version: 'm2', basePoints: 420 }
const attributes = {
  ...{ checkingAccount: 'FROM_200_OR_SALARY', creditHistory: 'REPAID_DULY_TILL_NOW', purpose: 'USED_CAR' },
  ...{ savings: 'FROM_1000', otherDebtors: null, otherInstalments: null, durationMonths: 12, creditAmount: 1_000 },
}
const bookOf = (policies: CreditRules['policies'], models: readonly { version: string }[] = []): CreditRules => ({
  policies,
  models: models.map((file) => ({ version: file.version, file: JSON.stringify(file) })),
  stoppedMerchants: [],
})
const consumer = (book: CreditRules) =>
  given(creditDecider(rulesOf(book, new RuleFiles())), 'con_1').after(registered(), kyc('APPROVED'))
const at = (no: number, amountMinor: number, hours: number) => {
  const { meta, ...rest } = request(no, amountMinor)
  return { ...rest, meta: { ...meta, occurredAt: T0 + hours * HOUR } }
}
const scoring = (challenger: object, model = 'm1') => ({
  scoring: {
    model,
    challenger: { name: 'c1', policy: null, model: null, sharePercent: 100, mode: 'SHADOW', ...challenger },
  },
})

describe('the policy in force', () => {
  test('is the one with the latest time, and of two the one published later', () => {
    const book = bookOf([
      published(policy('late'), 300),
      published(policy('early'), 100),
      published(policy('never'), null),
      published(policy('again'), 100),
    ])
    const rulesAt = rulesOf(book, new RuleFiles())
    const versions = [99, 100, 299, 300].map((time) => rulesAt(time, 'con_1').policy.version)
    expect(versions).toEqual(['p2', 'again', 'again', 'late'])
  })

  test('decides by business time, and the decision names it', () => {
    const strict = policy('p3', { caps: { ...p2.caps, firstPurchase: 100 } })
    const state = consumer(bookOf([published(strict, T0 + HOUR)])).after(report(550))
    state.when(at(1, 20_000, 0)).gives({ type: 'PurchaseApproved', policyVersion: 'p2' }, { type: 'ExposureChanged' })
    state.when(at(1, 20_000, 1)).gives({
      type: 'PurchaseDeclined',
      policyVersion: 'p3',
      reasons: [{ code: 'FIRST_PURCHASE_LIMIT' }],
    })
  })

  const basic = (limit: number) =>
    policy('p3', {
      bands: p2.bands.map((band) => (band.name === 'basic' ? { ...band, limit } : band)),
      examples: [p2.examples[6]],
    })

  test('lowers a limit at the next request, and tells why', () => {
    consumer(bookOf([published(basic(400), T0 + HOUR)]))
      .after(report(550))
      .when(at(1, 50_000, 1))
      .gives(
        {
          type: 'LimitChanged',
          limitMinor: 40_000,
          previousMinor: 60_000,
          reason: 'RULES_CHANGED',
          policyVersion: 'p3',
        },
        { type: 'PurchaseDeclined', limitMinor: 40_000, reasons: [{ code: 'LIMIT_EXCEEDED' }] },
        { type: 'ExposureChanged', limitMinor: 40_000 },
      )
  })

  test('raises none on request', () => {
    consumer(bookOf([published(basic(900), T0 + HOUR)]))
      .after(report(550))
      .when(at(1, 60_001, 1))
      .gives({ type: 'PurchaseDeclined', limitMinor: 60_000, policyVersion: 'p3' })
  })
})

describe('a policy whose model is not there', () => {
  const nobody = given(
    creditDecider(fixedRules({ ...CREDIT_POLICY, scoring: { model: 'm9', challenger: null } }, null)),
    'con_1',
  )
  const state = nobody.after(registered(), kyc('APPROVED'))

  test('declines with a reason of its own, and sets no limit', () => {
    const reported = state.when(report(null, { attributes }))
    reported.gives({ type: 'BureauReported' })
    state
      .after(report(null, { attributes }))
      .when(request(1, 100))
      .gives({
        type: 'PurchaseDeclined',
        score: null,
        modelVersion: 'm9',
        reasons: [{ code: 'SCORE_MODEL_MISSING' }],
        rulesHit: ['score-model-known'],
      })
  })

  test('still decides where no model is needed', () => {
    state
      .after(report(550))
      .when(request(1, 100))
      .gives({ type: 'PurchaseApproved', modelVersion: 'm0' }, { type: 'ExposureChanged' })
  })

  test('scores what came meanwhile once there is one', () => {
    const book = bookOf([
      published(policy('p3', { scoring: { model: 'm9', challenger: null } }), 0),
      published(policy('p4'), T0 + HOUR),
    ])
    const waiting = consumer(book).after(report(null, { attributes }))
    waiting.when(at(1, 100, 0)).gives({ type: 'PurchaseDeclined', policyVersion: 'p3' })
    waiting
      .when(at(1, 100, 1))
      .gives(
        { type: 'LimitChanged', reason: 'BUREAU_REPORT' },
        { type: 'PurchaseApproved' },
        { type: 'ExposureChanged' },
      )
  })
})

describe('a challenger', () => {
  test('has its share, and the same consumers every time', () => {
    const ids = Array.from({ length: 10_000 }, (_, no) => `con_${no}`)
    const inShare = (name: string, sharePercent: number) => ids.filter((id) => isInShare({ name, sharePercent }, id))
    expect(inShare('c1', 20).length).toBeGreaterThan(1_880)
    expect(inShare('c1', 20).length).toBeLessThan(2_120)
    expect(inShare('c1', 100)).toHaveLength(10_000)
    // A larger share takes in who was in the smaller one; another name draws anew.
    const small = new Set(inShare('c1', 10))
    expect(inShare('c1', 20).filter((id) => small.has(id))).toHaveLength(small.size)
    const both = inShare('c2', 10).filter((id) => small.has(id)).length
    expect(both).toBeLessThan(small.size / 5)
  })

  test('in the shadow writes its result beside the decision, and changes nothing', () => {
    const book = bookOf([published(policy('p3', scoring({ model: 'm2' })), 0)], [m2])
    const state = consumer(book).after(report(null, { attributes }))
    const [approval] = state.when(request(1, 20_000)).events
    expect(approval).toMatchObject({
      ...{ type: 'PurchaseApproved', variant: 'CHAMPION', modelVersion: 'm1' },
      shadow: { variant: 'CHALLENGER', policyVersion: 'p3', modelVersion: 'm2' },
    })
    const { score, shadow } = approval as { score: number; shadow: { score: number } }
    expect(shadow.score).toBe(score - (m1.basePoints - m2.basePoints))
    const alone = consumer(bookOf([published(policy('p3'), 0)])).after(report(null, { attributes }))
    expect(alone.when(request(1, 20_000)).events[0]).toEqual({ ...approval, shadow: null })
  })

  test('of another policy says what that one would have decided', () => {
    const strict = policy('p4', { knockOut: { delinquenciesMax: 0 }, examples: p2.examples.slice(0, 1) })
    const book = bookOf([published(strict, null), published(policy('p3', scoring({ policy: 'p4' })), 0)])
    consumer(book)
      .after(report(700, { delinquencies: 1 }))
      .when(request(1, 20_000))
      .gives(
        {
          type: 'PurchaseApproved',
          policyVersion: 'p3',
          shadow: { policyVersion: 'p4', approved: false, limitMinor: 0, reasons: ['SCORE_DELINQUENCIES'] },
        },
        { type: 'ExposureChanged' },
      )
  })

  test('that decides sets the limit of its share, and the champion stands beside', () => {
    const book = bookOf([published(policy('p3', scoring({ model: 'm2', mode: 'DECIDES' })), 0)], [m2])
    const reported = consumer(book).when(report(null, { attributes }))
    reported.gives(
      { type: 'BureauReported' },
      { type: 'LimitChanged', modelVersion: 'm2' },
      { type: 'ExposureChanged' },
    )
    consumer(book)
      .after(report(null, { attributes }))
      .when(request(1, 100))
      .gives(
        {
          type: 'PurchaseApproved',
          variant: 'CHALLENGER',
          modelVersion: 'm2',
          shadow: { variant: 'CHAMPION', modelVersion: 'm1' },
        },
        { type: 'ExposureChanged' },
      )
  })

  test('whose model is not there is left out', () => {
    const book = bookOf([published(policy('p3', scoring({ model: 'm9' })), 0)])
    consumer(book)
      .after(report(550))
      .when(request(1, 100))
      .gives({ type: 'PurchaseApproved', variant: 'CHAMPION', shadow: null }, { type: 'ExposureChanged' })
  })
})

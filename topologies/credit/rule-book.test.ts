import { describe, expect, test } from 'vitest'
import { rootMeta } from '#schemas/envelope.ts'
import { given } from '#streams/testing'
import p2 from './credit-policy-p2.json' with { type: 'json' }
import { HOUR, T0 } from './credit-samples.ts'
import { ruleBook } from './rule-book.ts'
import m1 from './scorecard-m1.json' with { type: 'json' }

const meta = (id: string, at = T0) => rootMeta({ source: 'test', id, occurredAt: at, businessDate: '2026-03-01' })
const publish = (policy: unknown, effectiveFrom: number | null = T0, at = T0) => ({
  type: 'PublishCreditPolicy' as const,
  meta: meta(`cmd_${JSON.stringify(policy).length}_${effectiveFrom}`, at),
  file: typeof policy === 'string' ? policy : JSON.stringify(policy),
  effectiveFrom,
})
const publishModel = (model: unknown) => ({
  type: 'PublishScoreModel' as const,
  meta: meta('cmd_model'),
  file: typeof model === 'string' ? model : JSON.stringify(model),
})
const p3 = { ...p2, version: 'p3' }
const m2 = { ...m1, version: 'm2', basePoints: 470 }
const challenged = (challenger: object) => ({
  ...p3,
  scoring: {
    model: 'm1',
    challenger: { name: 'c1', policy: null, model: null, sharePercent: 10, mode: 'SHADOW', ...challenger },
  },
})
const empty = given(ruleBook, 'credit')
const { bands } = p2

describe('a policy', () => {
  test('is published with the time from which it holds', () => {
    empty
      .when(publish(p3, T0 + HOUR))
      .gives({ type: 'CreditPolicyPublished', version: 'p3', effectiveFrom: T0 + HOUR, modelVersion: 'm1' })
      .leaves({ policies: [{ version: 'p3', effectiveFrom: T0 + HOUR }] })
  })

  test('may be published again for a later time, with the same content whatever its layout', () => {
    const upsideDown = Object.fromEntries(Object.entries(p3).reverse())
    empty
      .after(publish(p3))
      .when(publish(upsideDown, T0 + HOUR))
      .gives({ type: 'CreditPolicyPublished', version: 'p3' })
    empty.when(publish(p2)).gives({ type: 'CreditPolicyPublished', version: 'p2' })
  })

  test.each([
    ['that is no JSON', 'p3', 'CREDIT_POLICY_INVALID', ['POLICY_FORM']],
    ['that is nothing', null, 'CREDIT_POLICY_INVALID', ['POLICY_FORM']],
    ['of another form', { ...p3, format: 2 }, 'CREDIT_POLICY_INVALID', ['POLICY_FORM']],
    ['with a gap', { ...p3, bands: bands.toSpliced(2, 1) }, 'CREDIT_POLICY_INVALID', ['POLICY_BAND_GAP']],
    [
      'with an overlap',
      { ...p3, bands: bands.with(1, { name: 'starter', scoreMin: 390, scoreMax: 499, limit: 300 }) },
      'CREDIT_POLICY_INVALID',
      ['POLICY_BAND_OVERLAP'],
    ],
    [
      'whose example fails',
      { ...p3, caps: { ...p2.caps, firstPurchase: 50 } },
      'CREDIT_POLICY_INVALID',
      Array(6).fill('POLICY_EXAMPLE_FAILS'),
    ],
    ['under a version that is taken', { ...p2, bureau: { retryHours: [2] } }, 'POLICY_VERSION_TAKEN', []],
    [
      'that names a model of another version',
      { ...p3, scoring: { model: 'm7', challenger: null } },
      'POLICY_PART_UNKNOWN',
      ['POLICY_MODEL_UNKNOWN'],
    ],
    ['with a challenger nobody knows', challenged({ model: 'm7' }), 'POLICY_PART_UNKNOWN', ['POLICY_MODEL_UNKNOWN']],
    [
      'with a challenging policy nobody knows',
      challenged({ policy: 'p9' }),
      'POLICY_PART_UNKNOWN',
      ['POLICY_CHALLENGER_UNKNOWN'],
    ],
    ['with a challenger that is no other', challenged({}), 'CREDIT_POLICY_INVALID', ['POLICY_CHALLENGER_EMPTY']],
  ])('%s is refused with its codes, and changes nothing', (_what, policy, code, codes) => {
    const decided = empty.when(publish(policy)).gives({ type: 'CreditRulesRefused', code })
    const [event] = decided.events
    expect(event?.type === 'CreditRulesRefused' && event.problems.map((one) => one.code)).toEqual(codes)
    expect(decided.state).toEqual(empty.state)
  })

  test('cannot hold from a time that is past, and can from this moment', () => {
    empty.when(publish(p3, T0 - 1)).gives({ type: 'CreditRulesRefused', code: 'POLICY_EFFECTIVE_IN_PAST' })
    empty.when(publish(p3, T0)).gives({ type: 'CreditPolicyPublished' })
  })

  test('is kept as long as it can decide, and its version is never given away', () => {
    const week = 8 * 24 * HOUR
    const second = { ...p2, version: 'p4' }
    const later = empty
      .after(publish(p3), publish(second, T0 + HOUR))
      .after(publish({ ...p2, version: 'p5' }, T0 + 2 * week, T0 + week))
    expect(later.state.policies.map(({ version, file }) => [version, file === null])).toEqual([
      ['p3', true],
      ['p4', false],
      ['p5', false],
    ])
    later
      .when(publish({ ...p3, bureau: { retryHours: [2] } }, T0 + 3 * week, T0 + week))
      .gives({ type: 'CreditRulesRefused', code: 'POLICY_VERSION_TAKEN' })
  })
})

test('a publication that is told again stands in the book once', () => {
  const [told] = empty.when(publish(p3, T0 + HOUR)).events
  if (told === undefined) throw new Error('A policy is published.')
  expect(ruleBook.evolve(ruleBook.evolve(empty.state, told), told)).toEqual(ruleBook.evolve(empty.state, told))
})

describe('a model', () => {
  test('can be named by policies once it is published', () => {
    const named = publish({ ...p3, scoring: { model: 'm2', challenger: null } })
    empty.when(named).gives({ type: 'CreditRulesRefused', code: 'POLICY_PART_UNKNOWN' })
    empty
      .after(publishModel(m2))
      .when(named)
      .gives({ type: 'CreditPolicyPublished', version: 'p3', modelVersion: 'm2' })
  })

  test.each([
    ['that is no JSON', '{', 'SCORE_MODEL_INVALID'],
    ['of another format', { ...m2, format: 2 }, 'SCORE_MODEL_FORMAT_UNKNOWN'],
    ['under the version of the platform', { ...m2, version: 'm1' }, 'MODEL_VERSION_TAKEN'],
  ])('%s is refused', (_what, model, code) => {
    empty.when(publishModel(model)).gives({ type: 'CreditRulesRefused', code }).leaves({ models: [] })
  })

  test('means one content for ever', () => {
    const known = empty.after(publishModel(m2))
    known
      .when(publishModel({ ...m2, basePoints: 471 }))
      .gives({ type: 'CreditRulesRefused', code: 'MODEL_VERSION_TAKEN' })
    known.when(publishModel(m2)).gives({ type: 'ScoreModelPublished', version: 'm2' })
  })
})

import { describe, expect, test } from 'vitest'
import { currencies } from '#domain/money.ts'
import type { BureauFacts } from '#schemas'
import { CREDIT_POLICY } from './decision-rules.ts'
import { currencyOf, limitForScore, policyAmountMinor } from './limits.ts'
import { loweringReasons, ranked, scoreReport } from './scorecard.ts'

const clean: BureauFacts = {
  outcome: 'FOUND',
  score: 700,
  openAccounts: 4,
  delinquencies: 0,
  inquiries: 1,
  oldestAccountMonths: 96,
  reportedAt: 0,
  attributes: null,
  monthlyIncomeMinor: null,
}

describe('scorecard m0', () => {
  test.each([
    ['nothing against it', {}, 700, []],
    ['a weak bureau score', { score: 410 }, 410, ['SCORE_BUREAU_HISTORY']],
    ['a thin file', { score: null, outcome: 'THIN_FILE' }, 520, ['SCORE_THIN_FILE']],
    ['a thin and new file', { score: null, oldestAccountMonths: 0 }, 460, ['SCORE_THIN_FILE', 'SCORE_SHORT_HISTORY']],
    ['one delinquency', { delinquencies: 1 }, 620, ['SCORE_DELINQUENCIES']],
    ['many delinquencies', { delinquencies: 9 }, 460, ['SCORE_DELINQUENCIES']],
    ['three inquiries', { inquiries: 3 }, 700, []],
    ['four inquiries', { inquiries: 4 }, 685, ['SCORE_INQUIRIES']],
    ['very many inquiries', { inquiries: 50 }, 640, ['SCORE_INQUIRIES']],
    ['an account of five months', { oldestAccountMonths: 5 }, 640, ['SCORE_SHORT_HISTORY']],
    ['an account of six months', { oldestAccountMonths: 6 }, 670, ['SCORE_SHORT_HISTORY']],
    ['an account of two years', { oldestAccountMonths: 24 }, 700, []],
    [
      'all of it, the heaviest first',
      { score: 550, delinquencies: 2, inquiries: 6, oldestAccountMonths: 12 },
      315,
      ['SCORE_DELINQUENCIES', 'SCORE_BUREAU_HISTORY', 'SCORE_INQUIRIES', 'SCORE_SHORT_HISTORY'],
    ],
    ['the best there is', { score: 1_000 }, 1_000, []],
    ['worse than nothing', { score: 0, delinquencies: 9 }, 0, ['SCORE_BUREAU_HISTORY', 'SCORE_DELINQUENCIES']],
  ] as const)('%s', (_what, over, score, codes) => {
    const scored = scoreReport({ ...clean, ...over })
    expect(scored.score).toBe(score)
    expect(loweringReasons(scored)).toEqual(codes)
    expect(scored.factors.reduce((sum, { points }) => sum + points, scored.base)).toBe(score)
  })

  test('says of the heaviest factor by how much the score would be higher without it, also where it is 0', () => {
    const worst = { ...clean, score: 100, delinquencies: 3 }
    const scored = scoreReport(worst)
    const [top] = ranked(scored.factors)
    expect([scored.score, top?.attribute, top?.points]).toEqual([0, 'bureauScore', -360])
    expect(scoreReport({ ...worst, score: 600 }).score).toBe(360)
  })
})

describe('the limit', () => {
  test.each([
    [1_000, 250_000],
    [800, 250_000],
    [799, 150_000],
    [700, 150_000],
    [699, 100_000],
    [600, 100_000],
    [599, 60_000],
    [550, 60_000],
    [500, 60_000],
    [499, 30_000],
    [400, 30_000],
    [399, 0],
    [0, 0],
  ])('of the score %i is %i', (score, limitMinor) => {
    expect(limitForScore(CREDIT_POLICY, score, 'US')).toBe(limitMinor)
  })

  test.each([
    ['USD', 60_000],
    ['JPY', 60_000],
    ['KRW', 600_000],
    ['KWD', 600_000],
    ['SEK', 600_000],
  ])('of 600 dollars in minor units of %s is %i', (currency, minor) => {
    expect(policyAmountMinor(CREDIT_POLICY, 600, currency)).toBe(minor)
  })

  test.each([
    ['US', 'USD'],
    ['DE', 'EUR'],
    ['AU', 'AUD'],
    ['GB', 'GBP'],
    ['NZ', 'NZD'],
    ['JP', 'JPY'],
    ['AQ', null],
    ['constructor', null],
  ])('in %s is in %s', (country, currency) => {
    expect(currencyOf(CREDIT_POLICY, country)).toBe(currency)
  })

  test('can be given in every currency the platform takes', () => {
    const countries = Object.keys(CREDIT_POLICY.countries)
    const given = new Set(countries.map((country) => currencyOf(CREDIT_POLICY, country)))
    expect([...given].sort()).toEqual([...currencies].sort())
    for (const country of countries)
      expect(Number.isSafeInteger(limitForScore(CREDIT_POLICY, 1_000, country))).toBe(true)
  })

  test('is no higher than the country allows', () => {
    const countries = { ...CREDIT_POLICY.countries, US: { currency: 'USD', limitMax: 800 } }
    const policy = { ...CREDIT_POLICY, countries }
    expect([550, 650, 900].map((score) => limitForScore(policy, score, 'US'))).toEqual([60_000, 80_000, 80_000])
    expect(limitForScore(policy, 900, 'DE')).toBe(250_000)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatMinor, minorDigits, safeMinor, scaleMinor, shareOfMinor, splitMinor, sumMinor } from './money.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)

describe('splitMinor (DOMAIN §1)', () => {
  test.each([
    { amount: 5727, count: 4, parts: [1432, 1432, 1432, 1431] },
    { amount: 10001, count: 4, parts: [2500, 2500, 2500, 2501] },
    { amount: 10002, count: 4, parts: [2501, 2501, 2501, 2499] },
    { amount: 5, count: 4, parts: [1, 1, 1, 2] },
    { amount: 100, count: 1, parts: [100] },
    { amount: 0, count: 3, parts: [0, 0, 0] },
  ])('splits $amount in $count as $parts', ({ amount, count, parts }) => {
    expect(splitMinor(amount, count)).toEqual(parts)
  })

  test(`gives parts that sum to the amount (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), fc.integer({ min: 1, max: 60 }), (amount, count) => {
        const parts = splitMinor(amount, count)
        expect(sumMinor(parts)).toBe(amount)
        expect(new Set(parts.slice(0, -1)).size).toBeLessThanOrEqual(1)
      }),
      { seed: SEED, numRuns: 1_000 },
    )
  })

  test.each([0, -1, 1.5])('refuses %s parts', (count) => {
    expect(() => splitMinor(100, count)).toThrow(RangeError)
  })
})

describe('rounding', () => {
  test.each([
    { amount: 10_000, bps: 400, share: 400 },
    { amount: 12_345, bps: 250, share: 309 },
    { amount: 10, bps: 500, share: 1 },
    { amount: -10, bps: 500, share: -1 },
    { amount: 9, bps: 500, share: 0 },
  ])('takes $bps bps of $amount as $share, half-up', ({ amount, bps, share }) => {
    expect(shareOfMinor(amount, bps)).toBe(share)
  })

  test('does not lose cents of large amounts in between', () => {
    expect(scaleMinor(9_007_199_254_740_991, 3, 3)).toBe(9_007_199_254_740_991)
  })

  test.each([Number.MAX_SAFE_INTEGER + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %s as money',
    (amount) => {
      expect(() => safeMinor(amount)).toThrow(/MONEY_OVERFLOW/)
    },
  )

  test('refuses a sum that leaves the safe integers', () => {
    expect(() => sumMinor([Number.MAX_SAFE_INTEGER, 1])).toThrow(/MONEY_OVERFLOW/)
  })
})

describe('formatMinor', () => {
  test.each([
    { amount: 1234, currency: 'USD', text: '12.34' },
    { amount: 5, currency: 'EUR', text: '0.05' },
    { amount: -5, currency: 'EUR', text: '-0.05' },
    { amount: 1234, currency: 'JPY', text: '1234' },
    { amount: 1234, currency: 'KWD', text: '1.234' },
  ])('writes $amount $currency as $text', ({ amount, currency, text }) => {
    expect(formatMinor(amount, currency)).toBe(text)
  })

  test('names the currencies it knows where one is unknown', () => {
    expect(() => minorDigits('XXX')).toThrow(/Unknown currency XXX; known: .*USD/)
  })
})

import { expect, test } from 'vitest'
import { dateToMs } from '#domain/calendar.ts'
import { type LateFeeSchemeName, lateFeeSchemes, nextLateFee } from './late-fees.ts'

const late = { currency: 'AUD', feesCharged: 0, feesMinor: 0, feeSteps: 0, feeOn: null, dueOn: '2026-01-15' } as const

/** All fees of an order of which so many instalments are never paid. */
function feesOf(scheme: LateFeeSchemeName, orderMinor: number, instalments = 4, currency = 'AUD'): number[] {
  const fees: number[] = []
  for (let no = 1; no <= instalments; no += 1) {
    for (let feeSteps = 0; feeSteps <= lateFeeSchemes[scheme].steps.length; feeSteps += 1) {
      const feesMinor = fees.reduce((sum, fee) => sum + fee, 0)
      const fee = nextLateFee({ ...late, scheme, orderMinor, currency, feesCharged: fees.length, feesMinor, feeSteps })
      if (fee !== null) fees.push(fee.amountMinor)
    }
  }
  return fees
}

test.each([
  ['AFTERPAY_AU', 100_00, [10_00, 7_00, 8_00]],
  ['AFTERPAY_AU', 39_00, [9_75]],
  ['AFTERPAY_AU', 39_99, [9_99]],
  ['AFTERPAY_AU', 40_00, [10_00]],
  ['AFTERPAY_AU', 300_00, [10_00, 7_00, 10_00, 7_00, 10_00, 7_00, 10_00, 7_00]],
  ['AFTERPAY_AU', 1_000_00, [10_00, 7_00, 10_00, 7_00, 10_00, 7_00, 10_00, 7_00]],
  ['AFTERPAY_AU', 200_00, [10_00, 7_00, 10_00, 7_00, 10_00, 6_00]],
  ['CLEARPAY_UK', 20_00, [6_00]],
  ['CLEARPAY_UK', 23_99, [6_00]],
  ['CLEARPAY_UK', 24_00, [6_00]],
  ['CLEARPAY_UK', 30_00, [6_00, 1_50]],
  ['CLEARPAY_UK', 200_00, [6_00, 6_00, 6_00, 6_00]],
  ['KLARNA_UK', 100_00, [5_00, 5_00]],
  ['KLARNA_UK', 30_00, [5_00, 2_50]],
  ['KLARNA_UK', 10_00, [2_50]],
] as const)('%s charges an order of %i minor units %j and then nothing', (scheme, orderMinor, fees) => {
  expect(feesOf(scheme, orderMinor)).toEqual(fees)
})

test('a table in major units holds in currencies of any number of decimals', () => {
  expect(feesOf('AFTERPAY_AU', 1_000, 1, 'JPY')).toEqual([10, 7])
  expect(feesOf('AFTERPAY_AU', 100_000, 1, 'KWD')).toEqual([10_000, 7_000])
})

test.each([
  ['AFTERPAY_AU', 0, null, 'FIRST', '2026-01-17', 0],
  ['AFTERPAY_AU', 1, '2026-01-17', 'SECOND', '2026-01-24', 0],
  ['CLEARPAY_UK', 0, null, 'FIRST', '2026-01-16', 23],
  ['CLEARPAY_UK', 1, '2026-01-16', 'SECOND', '2026-01-23', 0],
  ['KLARNA_UK', 0, null, 'ONCE', '2026-01-22', 0],
] as const)('%s charges step %i after %s as %s on %s at %i:00', (scheme, feeSteps, feeOn, rule, date, hour) => {
  const fee = nextLateFee({ ...late, scheme, orderMinor: 1_000_00, feeSteps, feeOn })
  expect(fee).toMatchObject({ rule, fromMs: dateToMs(date) + hour * 3_600_000 })
})

test('the one fee of a small order says so', () => {
  expect(nextLateFee({ ...late, scheme: 'AFTERPAY_AU', orderMinor: 39_00 })?.rule).toBe('ONCE')
})

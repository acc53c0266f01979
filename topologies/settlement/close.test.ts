import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closeDay } from './close.ts'
import { NO_TOTALS } from './totals.ts'

test.each([
  ['sales less fees', [250_00, 0, 10_00], 0, { debtRepaidMinor: 0, payoutMinor: 240_00, carriedMinor: 0 }],
  ['returns alone are carried', [0, 100_00, 0], 0, { debtRepaidMinor: 0, payoutMinor: 0, carriedMinor: -100_00 }],
  [
    'the debt is netted first',
    [250_00, 0, 10_00],
    -100_00,
    { debtRepaidMinor: 100_00, payoutMinor: 140_00, carriedMinor: 0 },
  ],
  ['a debt repaid in part', [50_00, 0, 0], -100_00, { debtRepaidMinor: 50_00, payoutMinor: 0, carriedMinor: -50_00 }],
  ['debt on debt', [10_00, 30_00, 0], -100_00, { debtRepaidMinor: 0, payoutMinor: 0, carriedMinor: -120_00 }],
  ['nothing left over', [100, 100, 0], 0, { debtRepaidMinor: 0, payoutMinor: 0, carriedMinor: 0 }],
] as const)('%s', (_title, [salesMinor, returnsMinor, feesMinor], carriedMinor, closing) => {
  expect(closeDay({ ...NO_TOTALS, salesMinor, returnsMinor, feesMinor }, carriedMinor)).toEqual(closing)
})

test('whatever the days bring, what is paid and carried is what was earned', () => {
  const amount = fc.integer({ min: 0, max: 1_000_000 })
  const days = fc.array(fc.record({ salesMinor: amount, returnsMinor: amount, feesMinor: amount }), { maxLength: 20 })
  const property = fc.property(days, (all) => {
    let carried = 0
    let paid = 0
    for (const day of all) {
      const closing = closeDay({ ...NO_TOTALS, ...day }, carried)
      expect(closing.payoutMinor).toBeGreaterThanOrEqual(0)
      expect(closing.carriedMinor).toBeLessThanOrEqual(0)
      expect(closing.payoutMinor === 0 || closing.carriedMinor === 0).toBe(true)
      carried = closing.carriedMinor
      paid += closing.payoutMinor
    }
    const earned = all.reduce((sum, day) => sum + day.salesMinor - day.returnsMinor - day.feesMinor, 0)
    expect(paid + carried).toBe(earned)
  })
  fc.assert(property)
})

import { expect, test } from 'vitest'
import { previewSchedule } from './schedule-preview.ts'

test.each([
  [5727, [1432, 1432, 1432, 1431]],
  [10001, [2500, 2500, 2500, 2501]],
  [10002, [2501, 2501, 2501, 2499]],
  [5, [1, 1, 1, 2]],
  [2, [0, 0, 0, 2]],
])('splits %i as the platform does', (amountMinor, parts) => {
  expect(previewSchedule('PAY_IN_4', amountMinor, '2026-03-02').map((payment) => payment.amountMinor)).toEqual(parts)
})

test.each([
  [90_000, 30_000, [30_000, 20_000, 20_000, 20_000]],
  [10_001, 5_000, [5_000, 1_667, 1_667, 1_667]],
  [10_000, 5_000, [5_000, 1_667, 1_667, 1_666]],
])('splits what is left of %i after a first payment of %i in three', (amountMinor, first, parts) => {
  const payments = previewSchedule('PAY_IN_4', amountMinor, '2026-03-02', first)
  expect(payments.map((payment) => payment.amountMinor)).toEqual(parts)
})

test('puts two weeks between the payments of pay in 4, over the end of a month', () => {
  const dates = previewSchedule('PAY_IN_4', 100, '2026-02-20').map(({ date }) => date)
  expect(dates).toEqual(['2026-02-20', '2026-03-06', '2026-03-20', '2026-04-03'])
})

test('asks for all of pay in 30 after 30 days', () => {
  expect(previewSchedule('PAY_IN_30', 5727, '2026-03-02')).toEqual([{ date: '2026-04-01', amountMinor: 5727 }])
})

import { describe, expect, test } from 'vitest'
import { addDays, addMonths, dateToMs, daysBetween, msToDate } from './calendar.ts'

describe('addMonths', () => {
  test.each([
    { seed: '2026-01-31', months: 1, date: '2026-02-28' },
    { seed: '2026-01-31', months: 2, date: '2026-03-31' },
    { seed: '2026-01-31', months: 3, date: '2026-04-30' },
    { seed: '2024-01-31', months: 1, date: '2024-02-29' },
    { seed: '2025-11-30', months: 3, date: '2026-02-28' },
    { seed: '2026-03-15', months: -1, date: '2026-02-15' },
  ])('counts $months months from the seed $seed as $date', ({ seed, months, date }) => {
    expect(addMonths(seed, months)).toBe(date)
  })
})

describe('days', () => {
  test.each([
    { from: '1997-01-01', days: 42, to: '1997-02-12' },
    { from: '1996-02-28', days: 1, to: '1996-02-29' },
    { from: '1997-01-01', days: -1, to: '1996-12-31' },
  ])('$from and $days days is $to', ({ from, days, to }) => {
    expect(addDays(from, days)).toBe(to)
    expect(daysBetween(from, to)).toBe(days)
  })

  test('a date and its first millisecond are the same', () => {
    expect(msToDate(dateToMs('2026-11-23'))).toBe('2026-11-23')
  })

  test.each(['2026-02-30', '2026-13-01', '26-01-01', 'tomorrow', ''])('refuses %j', (text) => {
    expect(() => dateToMs(text)).toThrow(/is not a date/)
  })
})

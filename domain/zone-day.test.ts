import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateToMs, msToDate } from './calendar.ts'
import { dayBegins, dayIn } from './zone-day.ts'

test.each([
  ['UTC', '2026-01-03', '2026-01-03T00:00:00Z'],
  ['America/New_York', '2026-01-03', '2026-01-03T05:00:00Z'],
  ['America/New_York', '2026-07-03', '2026-07-03T04:00:00Z'],
  ['Asia/Kathmandu', '2026-01-03', '2026-01-02T18:15:00Z'],
  ['Pacific/Kiritimati', '2026-01-03', '2026-01-02T10:00:00Z'],
  ['Pacific/Pago_Pago', '2026-01-03', '2026-01-03T11:00:00Z'],
  // Clocks go forward at midnight: the day begins at one.
  ['America/Havana', '2026-03-08', '2026-03-08T05:00:00Z'],
])('in %s %s begins at %s', (zone, date, begins) => {
  expect(new Date(dayBegins(zone, date)).toISOString()).toBe(new Date(begins).toISOString())
})

test('a day begins at the first moment that has its date, in every zone', () => {
  const zone = fc.constantFrom('America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC')
  const date = fc.integer({ min: dateToMs('2020-01-01'), max: dateToMs('2035-01-01') }).map(msToDate)
  const property = fc.property(zone, date, (timeZone, day) => {
    const begins = dayBegins(timeZone, day)
    expect(dayIn(timeZone, begins)).toBe(day)
    expect(dayIn(timeZone, begins - 1) < day).toBe(true)
  })
  fc.assert(property, { numRuns: 300 })
})

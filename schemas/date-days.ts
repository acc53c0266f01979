/**
 * Between 'YYYY-MM-DD' and days since 1970-01-01. A platform sees few different dates and converts them very often,
 * so both directions are remembered; the memory is dropped when it has grown past a century of days.
 */
const REMEMBERED_MAX = 40_000
const DAY_MS = 86_400_000
const DATE = /^\d{4}-\d{2}-\d{2}$/
const days = new Map<string, number>()
const dates = new Map<number, string>()

/** Days since 1970-01-01; undefined where `date` is no date of the calendar. */
export function daysOfDate(date: string): number | undefined {
  const known = days.get(date)
  if (known !== undefined) return known
  const ms = DATE.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) return undefined
  remember(date, ms / DAY_MS)
  return ms / DAY_MS
}

/** 'YYYY-MM-DD'; undefined where the day is outside of the years 0000 to 9999. */
export function dateOfDays(day: number): string | undefined {
  const known = dates.get(day)
  if (known !== undefined) return known
  const ms = day * DAY_MS
  const text = Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : ''
  if (!DATE.test(text.slice(0, 10)) || text.length !== 24) return undefined
  remember(text.slice(0, 10), day)
  return text.slice(0, 10)
}

function remember(date: string, day: number): void {
  if (days.size >= REMEMBERED_MAX) {
    days.clear()
    dates.clear()
  }
  days.set(date, day)
  dates.set(day, date)
}

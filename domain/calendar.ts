/** Calendar dates as ISO strings (`2026-01-31`): they sort as they read and hold no time zone. */

const DAY_MS = 86_400_000

/** Milliseconds since the epoch of midnight UTC at the start of a date. @throws RangeError where it is no date. */
export function dateToMs(date: string): number {
  const ms = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(ms) || msToDate(ms) !== date) throw new RangeError(`${date} is not a date of the form YYYY-MM-DD.`)
  return ms
}

/** The UTC date of a moment. */
export function msToDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** The date so many days later (or earlier, below 0). */
export function addDays(date: string, days: number): string {
  return msToDate(dateToMs(date) + days * DAY_MS)
}

/** Whole days from one date to another; negative where `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((dateToMs(to) - dateToMs(from)) / DAY_MS)
}

/** The earlier of two dates. */
export function earlier(one: string, other: string): string {
  if (one < other) return one
  return other
}

/** The later of two dates. */
export function later(one: string, other: string): string {
  if (one > other) return one
  return other
}

/**
 * The date so many months after the SEED date, its day cut to the month's last: count every due date from the seed,
 * never from an earlier cut one (31 Jan, 28 Feb, 31 Mar).
 */
export function addMonths(seed: string, months: number): string {
  const [year, month, day] = seed.split('-').map(Number) as [number, number, number]
  const index = year * 12 + (month - 1) + months
  const targetYear = Math.floor(index / 12)
  const targetMonth = index - targetYear * 12
  const last = new Date(Date.UTC(targetYear, targetMonth + 1, 0)).getUTCDate()
  return msToDate(Date.UTC(targetYear, targetMonth, Math.min(day, last)))
}

const DAY_MS = 86_400_000
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const SHORT_DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const WEEKDAY = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})

/** `2026-03-14` as `14 Mar 2026`. */
export function formatDay(date: string): string {
  return DAY.format(dayMs(date))
}

/** `2026-03-14` as `14 Mar`. */
export function formatShortDay(date: string): string {
  return SHORT_DAY.format(dayMs(date))
}

/** `2026-03-14` as `Saturday, 14 March 2026`. */
export function formatLongDay(date: string): string {
  return WEEKDAY.format(dayMs(date))
}

/** The date so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(dayMs(date) + days * DAY_MS).toISOString().slice(0, 10)
}

/** How far off a date is, in words: `today`, `in 14 days`, `3 days ago`. */
export function distance(date: string, today: string): string {
  const days = Math.round((dayMs(date) - dayMs(today)) / DAY_MS)
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(days, 'day')
}

function dayMs(date: string): number {
  return Date.parse(`${date.slice(0, 10)}T00:00:00Z`)
}

/** Days as a time zone has them. */
import { dateToMs } from './calendar.ts'
import { dateIn } from './quiet-hours.ts'

const QUARTER_MS = 900_000
/** No zone is further from UTC than this. */
const FURTHEST_MS = 15 * 3_600_000

/** The date in a time zone (IANA name) at a moment; UTC is answered without asking the zone tables. */
export function dayIn(timeZone: string, ms: number): string {
  return timeZone === 'UTC' ? new Date(ms).toISOString().slice(0, 10) : dateIn(timeZone, ms)
}

/** The moment (ms) at which a date begins in a time zone; a clock that is put forward at midnight begins it later. */
export function dayBegins(timeZone: string, date: string): number {
  const utc = dateToMs(date)
  if (timeZone === 'UTC') return utc
  // By halves: dates only grow. All zones differ by quarters of an hour.
  let before = utc - FURTHEST_MS
  let at = utc + FURTHEST_MS
  while (at - before > QUARTER_MS) {
    const middle = before + Math.floor((at - before) / 2 / QUARTER_MS) * QUARTER_MS
    if (dateIn(timeZone, middle) < date) before = middle
    else at = middle
  }
  return at
}

/** The zone, or UTC where nobody knows one of this name. */
export function knownZone(timeZone: string): string {
  try {
    dateIn(timeZone, 0)
    return timeZone
  } catch {
    return 'UTC'
  }
}

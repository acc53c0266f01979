/** The clock of the person who is written to: dates, hours, and the hours in which nobody is disturbed. */

/** From this hour until that one, in local time; where it ends before it begins, over midnight. */
export type QuietHours = { readonly fromHour: number; readonly toHour: number }

/** All time zones differ by quarters of an hour. */
const QUARTER_MS = 900_000

/** The date in a time zone (IANA name) at a moment. @throws RangeError for a zone that is not known. */
export function dateIn(timeZone: string, ms: number): string {
  const { year, month, day } = partsIn(timeZone, ms)
  return `${year}-${month}-${day}`
}

/** The moment (ms) from which a message may go out: now, or when the quiet hours of that zone end. */
export function notBefore(ms: number, timeZone: string, quiet: QuietHours): number {
  if (!isQuiet(hourIn(timeZone, ms), quiet)) return ms
  // Step by step, because a clock that is put forward or back inside the night makes it shorter or longer.
  let next = ms - (ms % QUARTER_MS) + QUARTER_MS
  while (isQuiet(hourIn(timeZone, next), quiet)) next += QUARTER_MS
  return next
}

function isQuiet(hour: number, { fromHour, toHour }: QuietHours): boolean {
  return fromHour <= toHour ? hour >= fromHour && hour < toHour : hour >= fromHour || hour < toHour
}

function hourIn(timeZone: string, ms: number): number {
  return Number(partsIn(timeZone, ms)['hour'])
}

function partsIn(timeZone: string, ms: number): Record<string, string> {
  return Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  )
}

/** To make a format takes far longer than to use it. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', ...FIELDS })
  formats.set(timeZone, format)
  return format
}

const FIELDS = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' } as const

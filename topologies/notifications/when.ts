/** When a notice may go out, in the time zone of whom it is for. */
import { notBefore, type QuietHours } from '#domain/quiet-hours.ts'

/** From nine in the evening until eight nobody is disturbed. */
const QUIET: QuietHours = { fromHour: 21, toHour: 8 }
/**
 * A notice that is later than this goes out even in quiet hours: after so long without a tick a whole day of hours in
 * which it might have gone out is over, and another night would make it worthless.
 */
const LATE_MS = 12 * 3_600_000

/**
 * The moment (ms) from which a notice for a moment may go out; not after `nowMs` where that is now.
 * @throws RangeError for an unknown zone
 */
export function outFrom(forMs: number, nowMs: number, timeZone: string): number {
  const at = notBefore(forMs, timeZone, QUIET)
  if (at > nowMs) return at
  const endsMs = notBefore(nowMs, timeZone, QUIET)
  return nowMs - at > LATE_MS ? nowMs : endsMs
}

/** How often a password may be tried, as data. Attempts count until a right password, from wherever they come. */

/** Attempts that may follow each other at once; from the last of them on, each is followed by a wait. */
const FREE_ATTEMPTS = 5
/** The waits, in minutes: after the last free attempt, after the next one, and so on; the last is for all others. */
const WAITS_MINUTES = [1, 2, 4, 8, 15, 30, 60]
/** Attempts are forgotten when there was none for so long. */
const FORGOTTEN_HOURS = 24

const MINUTE_MS = 60_000

/** How long after its attempt number `attempts` an account takes no other one. Milliseconds, 0 for none. */
export function waitAfterMs(attempts: number): number {
  if (attempts < FREE_ATTEMPTS) return 0
  const minutes = WAITS_MINUTES[attempts - FREE_ATTEMPTS] ?? WAITS_MINUTES.at(-1) ?? 0
  return minutes * MINUTE_MS
}

/** True where earlier attempts do not count any more. Both times are business time in milliseconds. */
export function areForgotten(lastAt: number, at: number): boolean {
  return at - lastAt >= FORGOTTEN_HOURS * 60 * MINUTE_MS
}

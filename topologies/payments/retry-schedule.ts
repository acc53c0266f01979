/** When a failed attempt is repeated: by our own schedule, and by what the card's network allows. */
import { addDays, dateToMs, later, msToDate } from '#domain/calendar.ts'
import type { RetryVerdict } from '#domain/network-retries.ts'
import type { DeclineClass, PaymentKind } from '#schemas'

const DAY_MS = 86_400_000

/**
 * Days from each attempt to the next. Nobody waits at checkout for days, and who pays by hand can do so again; what the
 * platform collects or gives back by itself is tried four times.
 */
const RETRY_DAYS: Readonly<Record<PaymentKind | 'RETURN', readonly number[]>> = {
  CHECKOUT: [],
  MANUAL: [],
  AUTOPAY: [1, 2, 4],
  RETURN: [1, 2, 4],
}

/** A failed attempt: of what, how it failed, which one it was (from 1) and on which date. */
export type FailedAttempt = {
  readonly kind: PaymentKind | 'RETURN'
  readonly declineClass: DeclineClass
  readonly attempt: number
  readonly today: string
  /** What the card's network allows; null or left out where none is known. */
  readonly verdict?: RetryVerdict | null
}

/**
 * The date of the next attempt; null where none follows: a hard decline is never tried again, and neither is one that
 * the network forbids.
 */
export function nextAttemptOn({ kind, declineClass, attempt, today, verdict = null }: FailedAttempt): string | null {
  const days = declineClass === 'SOFT' ? RETRY_DAYS[kind][attempt - 1] : undefined
  if (days === undefined || (verdict !== null && 'refused' in verdict)) return null
  const on = addDays(today, days)
  return verdict === null ? on : later(on, firstDay(verdict.fromMs))
}

/** The first date that begins at a moment or after it: attempts are made when a business day begins. */
export function firstDay(fromMs: number): string {
  const on = msToDate(fromMs)
  return dateToMs(on) < fromMs ? msToDate(fromMs + DAY_MS) : on
}

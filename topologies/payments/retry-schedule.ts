/** When a failed attempt is repeated. */
import { addDays } from '#domain/calendar.ts'
import type { DeclineClass, PaymentKind } from '#schemas'

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
}

/** The date of the next attempt; null where none follows: a hard decline is never tried again. */
export function nextAttemptOn({ kind, declineClass, attempt, today }: FailedAttempt): string | null {
  const days = declineClass === 'SOFT' ? RETRY_DAYS[kind][attempt - 1] : undefined
  return days === undefined ? null : addDays(today, days)
}

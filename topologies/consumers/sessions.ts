import type { ConsumerSession } from '#schemas'
import type { SessionKept } from './facts.ts'

/** Sessions a consumer may have open at a time; one more ends the oldest. */
export const SESSIONS_MAX = 20

/** The open sessions with a new one; those that have expired by then are dropped. */
export function withSession(sessions: readonly ConsumerSession[], kept: SessionKept): readonly ConsumerSession[] {
  return [...liveSessions(sessions, kept.openedAt), kept.session]
}

/** The sessions that have not expired at a business time. */
export function liveSessions(sessions: readonly ConsumerSession[], at: number): readonly ConsumerSession[] {
  return sessions.filter((session) => session.expiresAt > at)
}

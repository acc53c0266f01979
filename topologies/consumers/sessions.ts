/** Sessions as they stand in the state. Each has an access token, for requests, and a refresh token, for new ones. */
import type { ConsumerSession } from '#schemas'
import type { SessionKept } from './facts.ts'

/** Sessions a consumer may have open at a time; one more ends the oldest. */
export const SESSIONS_MAX = 20

/** The open sessions with a new one, or with the new tokens of one; those that have ended by then are dropped. */
export function withSession(sessions: readonly ConsumerSession[], kept: SessionKept): readonly ConsumerSession[] {
  const live = liveSessions(sessions, kept.keptAt)
  const index = live.findIndex((session) => session.sessionId === kept.session.sessionId)
  return index < 0 ? [...live, kept.session] : live.toSpliced(index, 1, kept.session)
}

/** The sessions that have not ended at a business time. */
export function liveSessions(sessions: readonly ConsumerSession[], at: number): readonly ConsumerSession[] {
  return sessions.filter((session) => endOf(session) > at)
}

/** When a session ends by itself: one that cannot be refreshed ends with its access token. */
function endOf({ expiresAt, refreshExpiresAt }: ConsumerSession): number {
  return refreshExpiresAt ?? expiresAt
}

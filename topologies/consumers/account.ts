/** The sessions of an account. */
import type {
  ConfirmRegistration,
  ConsumerCommand,
  ConsumerSession,
  ConsumerState,
  EndSession,
  EndSessions,
  RefreshSession,
  RegisterConsumer,
  SessionEnd,
  SessionEnded,
  StartSession,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { ADULT_AGE, ageOn } from './age.ts'
import { type ConsumerFact, refused, SOURCE, unknown } from './facts.ts'
import { rehashed } from './kept-password.ts'
import { liveSessions, SESSIONS_MAX } from './sessions.ts'

/**
 * Opens an account at once, as was done before registrations were confirmed: a log that holds such commands gives the
 * same accounts again when it is read from its beginning.
 */
export function register(state: ConsumerState, command: RegisterConsumer): readonly ConsumerFact[] {
  if (state.profile !== null) {
    return [refused(command, 'CONSUMER_EXISTS', 'There is an account with this e-mail address. Sign in instead.')]
  }
  if (ageOn(command.dateOfBirth, command.meta.businessDate) < ADULT_AGE) {
    return [refused(command, 'CONSUMER_UNDERAGE', `An account needs an age of ${ADULT_AGE} or more.`)]
  }
  const { consumerId, email, phone, givenName, familyName, dateOfBirth, country, timeZone, language } = command
  const profile = { consumerId, email, phone, givenName, familyName, dateOfBirth, country, timeZone, language }
  const { sessionId, sessionTokenHash: tokenHash, sessionExpiresAt: expiresAt } = command
  return [
    { type: 'ConsumerRegistered', meta: childMeta(SOURCE, command, 'ConsumerRegistered'), ...profile },
    { type: 'PasswordKept', passwordHash: command.passwordHash },
    ...opened(command, { sessionId, tokenHash, expiresAt }),
  ]
}

/** Opens a session after a right password, which ends the counting of wrong ones; the oldest ends of too many. */
export function startSession(state: ConsumerState, command: StartSession): readonly ConsumerFact[] {
  if (state.profile === null) return [unknown(command)]
  const { sessionId, tokenHash, expiresAt } = command
  if (state.sessions.some((session) => session.sessionId === sessionId)) {
    return [refused(command, 'SESSION_EXISTS', `The session ${sessionId} is open already.`)]
  }
  const live = liveSessions(state.sessions, command.meta.occurredAt)
  const tooMany = live.slice(0, Math.max(0, live.length + 1 - SESSIONS_MAX))
  return [
    ...opened(command, { sessionId, tokenHash, expiresAt }),
    { type: 'AttemptsKept', signIn: null },
    ...rehashed(state, command),
    ...tooMany.map((session) => ended(command, session.sessionId, 'TOO_MANY')),
  ]
}

/**
 * Gives a session new tokens for its refresh token, which is spent by that. A spent one that comes again was stolen, or
 * its thief was faster: nobody can tell who is who, so the session ends for both.
 */
export function refreshSession(state: ConsumerState, command: RefreshSession): readonly ConsumerFact[] {
  if (state.profile === null) return [unknown(command)]
  const { consumerId, sessionId, presentedHash, tokenHash, expiresAt, refreshHash, meta } = command
  const session = liveSessions(state.sessions, meta.occurredAt).find((one) => one.sessionId === sessionId)
  if (session === undefined || session.refreshExpiresAt === null) return [noSession(command)]
  if (session.refreshHash !== presentedHash) {
    const detail = 'The refresh token was used before. The session is ended; sign in again.'
    return [refused(command, 'REFRESH_TOKEN_REUSED', detail), ended(command, sessionId, 'REFRESH_REUSED')]
  }
  const until = Math.min(expiresAt, session.refreshExpiresAt)
  const refreshed = { ...session, tokenHash, expiresAt: until, refreshHash, refreshedAt: meta.occurredAt }
  const eventMeta = childMeta(SOURCE, command, 'SessionRefreshed')
  return [
    { type: 'SessionRefreshed', meta: eventMeta, consumerId, sessionId, expiresAt: until },
    { type: 'SessionKept', session: refreshed, keptAt: meta.occurredAt },
  ]
}

/** Closes a session. */
export function endSession(state: ConsumerState, command: EndSession): readonly ConsumerFact[] {
  if (state.profile === null) return [unknown(command)]
  const isOpen = state.sessions.some((session) => session.sessionId === command.sessionId)
  return [isOpen ? ended(command, command.sessionId, 'SIGNED_OUT') : noSession(command)]
}

/** Closes all sessions, but for one where one is to stay. */
export function endSessions(state: ConsumerState, command: EndSessions): readonly ConsumerFact[] {
  if (state.profile === null) return [unknown(command)]
  const { consumerId, keepSessionId } = command
  const closed = endedBut(state, command, keepSessionId, 'REVOKED')
  const meta = childMeta(SOURCE, command, 'SessionsEnded')
  return [{ type: 'SessionsEnded', meta, consumerId, ended: closed.length }, ...closed]
}

/** The end of every session but one. */
export function endedBut(
  state: ConsumerState,
  command: ConsumerCommand,
  keepSessionId: string | null,
  reason: SessionEnd,
): readonly SessionEnded[] {
  return liveSessions(state.sessions, command.meta.occurredAt)
    .filter((session) => session.sessionId !== keepSessionId)
    .map((session) => ended(command, session.sessionId, reason))
}

type Opening = Pick<ConsumerSession, 'sessionId' | 'tokenHash' | 'expiresAt'>

/** A session and its tokens. */
export function opened(
  command: RegisterConsumer | ConfirmRegistration | StartSession,
  opening: Opening,
): readonly ConsumerFact[] {
  const { consumerId, meta, refreshHash, refreshExpiresAt, device } = command
  const { sessionId, tokenHash, expiresAt } = opening
  const tokens = { sessionId, tokenHash, expiresAt }
  const session = { ...tokens, refreshHash, refreshExpiresAt, startedAt: meta.occurredAt, refreshedAt: null, device }
  const eventMeta = childMeta(SOURCE, command, 'SessionStarted')
  return [
    { type: 'SessionStarted', meta: eventMeta, consumerId, sessionId, expiresAt, device },
    { type: 'SessionKept', session, keptAt: meta.occurredAt },
  ]
}

function ended(command: ConsumerCommand, sessionId: string, reason: SessionEnd): SessionEnded {
  const meta = childMeta(SOURCE, command, 'SessionEnded', sessionId)
  return { type: 'SessionEnded', meta, consumerId: command.consumerId, sessionId, reason }
}

function noSession(command: ConsumerCommand): ConsumerFact {
  return refused(command, 'SESSION_UNKNOWN', 'The session is not open: it was ended or has expired.')
}

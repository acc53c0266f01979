/** Opening an account, signing in and signing out. */
import type {
  ConsumerCommand,
  ConsumerCommandRefused,
  ConsumerState,
  EndSession,
  RegisterConsumer,
  SessionEnded,
  StartSession,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { ADULT_AGE, ageOn } from './age.ts'
import type { ConsumerFact } from './facts.ts'
import { liveSessions, SESSIONS_MAX } from './sessions.ts'

/** The name the topology signs its events with. */
export const SOURCE = 'consumers'

/** The event that refuses a command. `code` is stable; `detail` says what was wrong and what to do. */
export function refused(command: ConsumerCommand, code: string, detail: string): ConsumerCommandRefused {
  return {
    type: 'ConsumerCommandRefused',
    meta: childMeta(SOURCE, command, 'ConsumerCommandRefused'),
    consumerId: command.consumerId,
    command: command.type,
    code,
    detail,
  }
}

/** Opens an account with its first session. The consumer id is made of the e-mail, so one key holds one e-mail. */
export function register(state: ConsumerState, command: RegisterConsumer): readonly ConsumerFact[] {
  if (state.profile !== null) {
    return [refused(command, 'CONSUMER_EXISTS', 'There is an account with this e-mail address. Sign in instead.')]
  }
  if (ageOn(command.dateOfBirth, command.meta.businessDate) < ADULT_AGE) {
    return [refused(command, 'CONSUMER_UNDERAGE', `An account needs an age of ${ADULT_AGE} or more.`)]
  }
  const { type: _type, meta: _meta, passwordHash, sessionId, sessionTokenHash, sessionExpiresAt, ...profile } = command
  const session = { sessionId, tokenHash: sessionTokenHash, expiresAt: sessionExpiresAt }
  return [
    { type: 'ConsumerRegistered', meta: childMeta(SOURCE, command, 'ConsumerRegistered'), ...profile },
    { type: 'PasswordKept', passwordHash },
    ...opened(command, session),
  ]
}

/** Opens a session; the oldest ends where there are too many. */
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
    ...tooMany.map((session) => ended(command, session.sessionId)),
  ]
}

/** Closes a session. */
export function endSession(state: ConsumerState, command: EndSession): readonly ConsumerFact[] {
  if (state.profile === null) return [unknown(command)]
  if (!state.sessions.some((session) => session.sessionId === command.sessionId)) {
    return [refused(command, 'SESSION_UNKNOWN', 'The session is not open: it was ended or has expired.')]
  }
  return [ended(command, command.sessionId)]
}

/** The refusal of a command about somebody who has no account. */
export function unknown(command: ConsumerCommand): ConsumerCommandRefused {
  return refused(command, 'CONSUMER_UNKNOWN', 'There is no such consumer. Open an account first.')
}

function opened(
  command: RegisterConsumer | StartSession,
  session: ConsumerState['sessions'][number],
): readonly ConsumerFact[] {
  const { consumerId, meta } = command
  const { sessionId, expiresAt } = session
  return [
    { type: 'SessionStarted', meta: childMeta(SOURCE, command, 'SessionStarted'), consumerId, sessionId, expiresAt },
    { type: 'SessionKept', session, openedAt: meta.occurredAt },
  ]
}

function ended(command: StartSession | EndSession, sessionId: string): SessionEnded {
  const meta = childMeta(SOURCE, command, 'SessionEnded', sessionId)
  return { type: 'SessionEnded', meta, consumerId: command.consumerId, sessionId }
}

import { expect, test } from 'vitest'
import { given } from '#streams/testing'
import { consumer } from './consumer.ts'
import { beginSignIn, endSession, HOUR, meta, opening, refreshSession, startSession, T0 } from './consumer-samples.ts'

const registered = given(consumer, 'con_1').after(...opening())
const MINUTE = 60_000

test('a refresh token gets new tokens, and is spent by that', () => {
  const refreshed = registered.after(refreshSession('ref_0', 'ref_1', T0 + HOUR))
  registered
    .when(refreshSession('ref_0', 'ref_1', T0 + HOUR))
    .gives({ type: 'SessionRefreshed', sessionId: 'ses_0', expiresAt: T0 + 2 * HOUR }, { type: 'SessionKept' })
    .leaves({
      sessions: [
        {
          sessionId: 'ses_0',
          tokenHash: 'hash of access ref_1',
          refreshHash: 'hash of ref_1',
          startedAt: T0,
          refreshedAt: T0 + HOUR,
          device: 'a phone',
        },
      ],
    })
  refreshed
    .when(refreshSession('ref_1', 'ref_2', T0 + 2 * HOUR))
    .gives({ type: 'SessionRefreshed' }, { type: 'SessionKept' })
})

test.each(['ref_0', 'ref_1', 'ref_2'])(
  'a spent one (%s) that comes again ends the session, for whoever has it',
  (spent) => {
    const rotated = registered.after(
      ...[0, 1, 2].map((no) => refreshSession(`ref_${no}`, `ref_${no + 1}`, T0 + HOUR * (no + 1))),
      startSession('ses_1', T0 + 3 * HOUR),
    )
    const decided = rotated
      .when(refreshSession(spent, 'ref_of_a_thief', T0 + 4 * HOUR))
      .gives(
        { type: 'ConsumerCommandRefused', code: 'REFRESH_TOKEN_REUSED' },
        { type: 'SessionEnded', sessionId: 'ses_0', reason: 'REFRESH_REUSED' },
      )
    // Other sessions go on; the newest refresh token of this one helps nobody any more.
    expect(decided.state.sessions.map(({ sessionId }) => sessionId)).toEqual(['ses_1'])
    rotated
      .after(refreshSession(spent, 'ref_of_a_thief', T0 + 4 * HOUR))
      .when(refreshSession('ref_3', 'ref_4', T0 + 5 * HOUR))
      .gives({ type: 'ConsumerCommandRefused', code: 'SESSION_UNKNOWN' })
  },
)

test('a session ends with its last day, however often it is refreshed', () => {
  const end = T0 + 240 * HOUR
  registered
    .when(refreshSession('ref_0', 'ref_1', end))
    .gives({ type: 'ConsumerCommandRefused', code: 'SESSION_UNKNOWN' })
  registered
    .when(refreshSession('ref_0', 'ref_1', end - MINUTE))
    .gives({ type: 'SessionRefreshed', expiresAt: end }, { type: 'SessionKept' })
})

test.each([
  ['one that was ended', registered.after(endSession('ses_0')), 'SESSION_UNKNOWN'],
  ['one of nobody', given(consumer, 'con_1'), 'CONSUMER_UNKNOWN'],
  [
    'one without a refresh token',
    given(consumer, 'con_1').after(
      ...opening(),
      endSession('ses_0'),
      startSession('ses_0', T0, { refreshHash: null, refreshExpiresAt: null }),
    ),
    'SESSION_UNKNOWN',
  ],
])('%s is not refreshed', (_what, state, code) => {
  const decided = state.when(refreshSession('ref_0', 'ref_1', T0)).gives({ type: 'ConsumerCommandRefused', code })
  expect(decided.state).toEqual(state.state)
})

test('all sessions end at once, but for the one that is to stay', () => {
  const three = registered.after(startSession('ses_1'), startSession('ses_2'))
  const endAll = (keepSessionId: string | null) =>
    ({ type: 'EndSessions', meta: meta('cmd_end_all'), consumerId: 'con_1', keepSessionId }) as const
  const all = three.when(endAll(null))
  all.gives(
    { type: 'SessionsEnded', ended: 3 },
    ...['ses_0', 'ses_1', 'ses_2'].map(
      (sessionId) => ({ type: 'SessionEnded', sessionId, reason: 'REVOKED' }) as const,
    ),
  )
  expect(all.state.sessions).toEqual([])
  expect(three.when(endAll('ses_1')).state.sessions).toMatchObject([{ sessionId: 'ses_1' }])
  three
    .after(endAll(null))
    .when({ ...endAll(null), meta: meta('cmd_again') })
    .gives({ type: 'SessionsEnded', ended: 0 })
})

test('attempts are let through, then made to wait, longer each time; a right password forgives them', () => {
  let state = registered
  let at = T0
  const waits: number[] = []
  for (let no = 1; no <= 13; no += 1) {
    const decided = state.when(beginSignIn(no, at))
    const [event] = decided.events
    expect(event).toMatchObject({ type: 'SignInAllowed', attempts: no })
    state = state.after(beginSignIn(no, at))
    const { lockedUntil } = event as { lockedUntil: number | null }
    waits.push(lockedUntil === null ? 0 : (lockedUntil - at) / MINUTE)
    if (lockedUntil === null) continue
    // A moment too early, nothing is counted; a moment later the next one may begin.
    const early = state.when(beginSignIn(100 + no, lockedUntil - 1)).gives({ type: 'SignInLocked', lockedUntil })
    expect(early.state).toEqual(state.state)
    at = lockedUntil
  }
  expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 15, 30, 60, 60, 60])
  const signedIn = state.after(startSession('ses_1', at))
  expect(signedIn.state.signIn).toBeNull()
  signedIn
    .when(beginSignIn(99, at))
    .gives({ type: 'SignInAllowed', attempts: 1, lockedUntil: null }, { type: 'AttemptsKept' })
})

test('attempts are forgotten after a day without one', () => {
  const tried = registered.after(...[1, 2, 3, 4, 5].map((no) => beginSignIn(no)))
  tried.when(beginSignIn(6, T0 + 24 * HOUR - 1)).gives({ type: 'SignInAllowed', attempts: 6 }, { type: 'AttemptsKept' })
  tried
    .when(beginSignIn(6, T0 + 24 * HOUR))
    .gives({ type: 'SignInAllowed', attempts: 1, lockedUntil: null }, { type: 'AttemptsKept' })
})

test('attempts count the same where there is no account', () => {
  const attempts = [1, 2, 3, 4, 5, 6, 7].map((no) => beginSignIn(no))
  const said = (state: typeof registered) => {
    const events: unknown[] = []
    let current = state
    for (const attempt of attempts) {
      events.push(...current.when(attempt).events)
      current = current.after(attempt)
    }
    return events
  }
  expect(said(given(consumer, 'con_1'))).toEqual(said(registered))
})

import { expect, test } from 'vitest'
import { sha256 } from '#domain/ids.ts'
import { given } from '#streams/testing'
import { consumer } from './consumer.ts'
import {
  beginSignIn,
  changePassword,
  opening,
  requestCode,
  resetPassword,
  startSession,
  T0,
} from './consumer-samples.ts'

const registered = given(consumer, 'con_1').after(...opening(), startSession('ses_1'))

test('another password takes the place of the one that was proved; other sessions end', () => {
  const decided = registered.after(beginSignIn(1)).when(changePassword())
  decided.gives(
    { type: 'PasswordChanged', byCode: false },
    { type: 'PasswordKept', passwordHash: '$argon2id$2' },
    { type: 'AttemptsKept', signIn: null },
    { type: 'SessionEnded', sessionId: 'ses_1', reason: 'PASSWORD_CHANGED' },
  )
  expect(decided.state).toMatchObject({ passwordHash: '$argon2id$2', signIn: null, sessions: [{ sessionId: 'ses_0' }] })
  expect(JSON.stringify(decided.events.filter((event) => 'meta' in event))).not.toContain('argon2id')
})

test('a change that was proved by the password before the last one is refused', () => {
  const changed = registered.after(changePassword())
  const late = changePassword({ meta: { ...changePassword().meta, id: 'cmd_late' }, passwordHash: '$argon2id$9' })
  const decided = changed.when(late).gives({ type: 'ConsumerCommandRefused', code: 'PASSWORD_OUTDATED' })
  expect(decided.state).toEqual(changed.state)
})

test('an account without a password gets one without proving one, and only then', () => {
  const without = given(consumer, 'con_1').after(...opening({ passwordHash: null }))
  without.when(changePassword({ replaces: null })).leaves({ passwordHash: '$argon2id$2' })
  registered
    .when(changePassword({ replaces: null }))
    .gives({ type: 'ConsumerCommandRefused', code: 'PASSWORD_OUTDATED' })
})

test('a code sets another password: all sessions end, attempts are forgiven, and the code is used', () => {
  const locked = registered.after(
    ...[1, 2, 3, 4, 5].map((no) => beginSignIn(no)),
    requestCode('cod_1', 'PASSWORD_RESET'),
  )
  const decided = locked.when(resetPassword('cod_1'))
  expect(decided.events[0]).toMatchObject({ type: 'PasswordChanged', byCode: true })
  expect(decided.state).toMatchObject({ passwordHash: '$argon2id$3', signIn: null, sessions: [] })
  const again = { ...resetPassword('cod_1'), meta: { ...resetPassword('cod_1').meta, id: 'cmd_again' } }
  locked.after(resetPassword('cod_1')).when(again).gives({ type: 'ConsumerCommandRefused', code: 'CODE_UNKNOWN' })
})

test('a wrong code changes no password, and a code for an address is none for a password', () => {
  const asked = registered.after(requestCode('cod_1', 'PASSWORD_RESET'), requestCode('cod_2', 'EMAIL'))
  const wrong = asked
    .when(resetPassword('cod_1', '000000'))
    .gives({ type: 'ConsumerCommandRefused', code: 'CODE_WRONG' }, { type: 'CodeKept' })
  expect(wrong.state).toMatchObject({ passwordHash: '$argon2id$1', sessions: [{}, {}] })
  asked.when(resetPassword('cod_2')).gives({ type: 'ConsumerCommandRefused', code: 'CODE_UNKNOWN' })
  given(consumer, 'con_1')
    .when(resetPassword('cod_1'))
    .gives({ type: 'ConsumerCommandRefused', code: 'CONSUMER_UNKNOWN' })
})

test('a sign-in keeps the hash of a higher cost, unless the password was changed in between', () => {
  const rehash = { passwordHash: '$argon2id$dearer', replaces: sha256('$argon2id$1') }
  registered.when(startSession('ses_2', T0, { rehash })).leaves({ passwordHash: '$argon2id$dearer' })
  registered
    .after(changePassword())
    .when(startSession('ses_2', T0, { rehash }))
    .leaves({ passwordHash: '$argon2id$2' })
})

/** Sessions, passwords and one-time codes through the API, over the real topologies in memory. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { oneTimeCode } from '#domain/one-time-code.ts'
import { type ApiUnderTest, openApiUnderTest, SECRET } from './api-under-test.ts'
import { ask, must, type Person, register } from './shop-floor.ts'

type Tokens = { readonly token: string; readonly refreshToken: string; readonly sessionId: string }
type Listed = { readonly items: readonly { sessionId: string; current: boolean; device: string | null }[] }
type Asked = { readonly verificationId: string; readonly resetId: string }

const PASSWORD = 'correct horse battery'

let under: ApiUnderTest
let app: ApiUnderTest['app']

beforeAll(async () => {
  under = await openApiUnderTest({ outcomeTimeoutMs: 2_000 })
  app = under.app
})
afterAll(() => under.close())

const open = () => register(app, { password: PASSWORD, phone: '+14155550123' })
const statusOf = async (token: string) => (await ask(app, 'GET', '/v1/consumers/me', { token })).status
const signIn = (email: string, password: string, headers = {}) =>
  ask<Tokens & { code?: string }>(app, 'POST', '/v1/sessions', { body: { email, password }, key: null, headers })
const refresh = (refreshToken: string, key: string | null = null) =>
  ask<Tokens & { code?: string }>(app, 'POST', '/v1/sessions/refresh', { body: { refreshToken }, key })
const listed = async (token: string) => (await must<Listed>(app, 'GET', '/v1/sessions', { token })).items

describe('a refresh token', () => {
  test('gets new tokens once; the old access token is good no more', async () => {
    const person = await open()
    const next = await refresh(person.refreshToken)
    expect(next).toMatchObject({ status: 201, body: { sessionId: person.sessionId } })
    expect([await statusOf(person.token), await statusOf(next.body.token)]).toEqual([401, 200])
  })

  test('that was stolen ends the session for thief and owner, whoever of them is second', async () => {
    const person = await open()
    const other = await signIn(person.email, PASSWORD)
    const stolen = await refresh(person.refreshToken)
    const owner = await refresh(person.refreshToken)
    expect(owner).toMatchObject({ status: 401, body: { code: 'REFRESH_TOKEN_REUSED' } })
    expect(await statusOf(stolen.body.token)).toBe(401)
    expect(await refresh(stolen.body.refreshToken)).toMatchObject({ status: 401, body: { code: 'SESSION_UNKNOWN' } })
    expect(await statusOf(other.body.token)).toBe(200)
  })

  test('in a request that is repeated with its key is used once, and gets the same answer', async () => {
    const person = await open()
    const first = await refresh(person.refreshToken, 'renew-1')
    const again = await refresh(person.refreshToken, 'renew-1')
    expect([again.status, again.body, again.headers.get('idempotent-replayed')]).toEqual([201, first.body, 'true'])
    expect(await statusOf(first.body.token)).toBe(200)
  })

  test('used many times at once gets one answer, and the session is ended by the others', async () => {
    const person = await open()
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(person.refreshToken)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const codes = answers.flatMap(({ status, body }) => (status === 201 ? [] : [body.code]))
    expect(new Set(codes)).toEqual(new Set(['REFRESH_TOKEN_REUSED', 'SESSION_UNKNOWN']))
    expect(codes.filter((code) => code === 'REFRESH_TOKEN_REUSED')).toHaveLength(1)
  })

  test.each(['nonsense', 'an access token', 'a changed one'])('that is %s ends nobody’s session', async (kind) => {
    const person = await open()
    const made: Readonly<Record<string, string>> = {
      nonsense: 'nonsense',
      'an access token': person.token,
      'a changed one': person.refreshToken.replace(/.{4}$/, 'AAAA'),
    }
    const answer = await refresh(made[kind] ?? '')
    expect(answer).toMatchObject({ status: 401, body: { code: 'REFRESH_TOKEN_UNKNOWN' } })
    expect(await statusOf(person.token)).toBe(200)
  })
})

describe('sessions', () => {
  test('are listed with their device, and ended one by one or all at once', async () => {
    const person = await open()
    const laptop = await signIn(person.email, PASSWORD, { 'user-agent': 'a laptop' })
    const phone = await signIn(person.email, PASSWORD, { 'user-agent': 'a phone' })
    const all = await listed(laptop.body.token)
    expect(all.map(({ device, current }) => [device, current])).toEqual([
      [null, false],
      ['a laptop', true],
      ['a phone', false],
    ])
    const { token } = laptop.body
    const end = (path: string) => ask(app, 'DELETE', path, { token })
    expect((await end(`/v1/sessions/${phone.body.sessionId}`)).status).toBe(204)
    expect([await statusOf(phone.body.token), await statusOf(person.token)]).toEqual([401, 200])
    expect(await end(`/v1/sessions/${phone.body.sessionId}`)).toMatchObject({ body: { code: 'SESSION_UNKNOWN' } })
    expect((await end('/v1/sessions?keep=current')).status).toBe(204)
    expect([await statusOf(person.token), await statusOf(token)]).toEqual([401, 200])
    expect((await end('/v1/sessions')).status).toBe(204)
    expect(await statusOf(token)).toBe(401)
  })

  test('of others can not be seen or ended', async () => {
    const [mine, theirs] = [await open(), await open()]
    expect((await listed(mine.token)).map(({ sessionId }) => sessionId)).toEqual([mine.sessionId])
    const answer = await ask(app, 'DELETE', `/v1/sessions/${theirs.sessionId}`, { token: mine.token })
    expect(answer).toMatchObject({ status: 404, body: { code: 'SESSION_UNKNOWN' } })
    expect(await statusOf(theirs.token)).toBe(200)
  })
})

describe('a password', () => {
  const change = (token: string, body: object, key?: string) =>
    ask(app, 'PUT', '/v1/consumers/me/password', { token, body, ...(key && { key }) })

  test('is changed by who knows it; other sessions end, and a repeat is answered again', async () => {
    const person = await open()
    const other = await signIn(person.email, PASSWORD)
    const body = { currentPassword: PASSWORD, newPassword: 'another horse battery' }
    expect(await change(person.token, { ...body, currentPassword: 'not this one' })).toMatchObject({ status: 401 })
    expect((await change(person.token, body, 'change-1')).status).toBe(204)
    const again = await change(person.token, body, 'change-1')
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([204, 'true'])
    expect([await statusOf(person.token), await statusOf(other.body.token)]).toEqual([200, 401])
    expect((await signIn(person.email, PASSWORD)).status).toBe(401)
    expect((await signIn(person.email, body.newPassword)).status).toBe(201)
  })

  test('is guessed at by a stolen session no oftener than by signing in', async () => {
    const person = await open()
    const guess = (no: number) =>
      change(person.token, { currentPassword: `guess ${no}`, newPassword: 'another horse battery' })
    const answers = await Promise.all(Array.from({ length: 8 }, (_, no) => guess(no)))
    expect(answers.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
  })

  test('is set by an account that has none', async () => {
    const person = await register(app)
    expect((await change(person.token, { newPassword: PASSWORD })).status).toBe(204)
    expect((await signIn(person.email, PASSWORD)).status).toBe(201)
    expect(await change(person.token, { newPassword: 'another horse battery' })).toMatchObject({ status: 401 })
  })

  const askReset = (email: string) => ask<Asked>(app, 'POST', '/v1/password-resets', { body: { email }, key: null })
  const reset = (resetId: string, email: string, code: string) =>
    ask(app, 'POST', `/v1/password-resets/${resetId}/confirm`, {
      body: { email, code, newPassword: 'a new horse battery' },
    })

  test('is set anew by a code; sessions end, and who was locked out is in again', async () => {
    const person = await open()
    await Promise.all(Array.from({ length: 6 }, (_, no) => signIn(person.email, `guess ${no}`)))
    expect((await signIn(person.email, PASSWORD)).status).toBe(429)
    const { resetId } = (await askReset(person.email)).body
    const code = oneTimeCode(SECRET, resetId)
    expect((await reset(resetId, person.email, code)).status).toBe(204)
    expect(await statusOf(person.token)).toBe(401)
    expect((await signIn(person.email, 'a new horse battery')).status).toBe(201)
    expect(await reset(resetId, person.email, code)).toMatchObject({
      status: 422,
      body: { code: 'RESET_CODE_INVALID' },
    })
  })

  test('that is asked for or tried tells nothing of whether there is an account', async () => {
    const person = await open()
    const answers = []
    for (const email of [person.email, 'no-such-account@example.com']) {
      const [first, again] = [await askReset(email), await askReset(email)]
      const wrong = await reset(first.body.resetId, email, '000000')
      answers.push([first.status, again.status, wrong.status, wrong.body.code, wrong.body.detail])
    }
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.slice(0, 4)).toEqual([202, 202, 422, 'RESET_CODE_INVALID'])
  })

  test('is not set by the code of another account', async () => {
    const [mine, theirs] = [await open(), await open()]
    const { resetId } = (await askReset(mine.email)).body
    expect((await reset(resetId, theirs.email, oneTimeCode(SECRET, resetId))).status).toBe(422)
    expect((await signIn(theirs.email, PASSWORD)).status).toBe(201)
  })
})

describe('an address and a number', () => {
  const askCode = (person: Person, contact: string) =>
    ask<Asked & { code?: string }>(app, 'POST', '/v1/consumers/me/verifications', {
      token: person.token,
      body: { contact },
    })
  const enter = (person: Person, id: string, code: string) =>
    ask(app, 'POST', `/v1/consumers/me/verifications/${id}/confirm`, { token: person.token, body: { code } })

  test('are proved by opening the account, and by the code that was sent', async () => {
    const person = await open()
    expect(await askCode(person, 'EMAIL')).toMatchObject({ status: 409, body: { code: 'CONTACT_VERIFIED' } })
    const me = () => must(app, 'GET', '/v1/consumers/me', { token: person.token })
    expect(await me()).toMatchObject({ emailVerified: true, phoneVerified: false })
    const contact = 'PHONE'
    const asked = await askCode(person, contact)
    expect(asked).toMatchObject({ status: 201, body: { contact, resendAt: '2026-03-01T00:01:00.000Z' } })
    expect(await askCode(person, contact)).toMatchObject({ status: 429, body: { code: 'CODE_TOO_SOON' } })
    const { verificationId } = asked.body
    const right = oneTimeCode(SECRET, verificationId)
    const wrong = right === '000000' ? '000001' : '000000'
    expect(await enter(person, verificationId, wrong)).toMatchObject({ status: 422, body: { code: 'CODE_WRONG' } })
    expect((await enter(person, verificationId, right)).body).toEqual({ contact, verified: true })
    expect(await me()).toMatchObject({ emailVerified: true, phoneVerified: true })
    expect(await askCode(person, contact)).toMatchObject({ status: 409, body: { code: 'CONTACT_VERIFIED' } })
  })

  test('is tried five times', async () => {
    const person = await open()
    const { verificationId } = (await askCode(person, 'PHONE')).body
    const right = oneTimeCode(SECRET, verificationId)
    const guesses = Array.from({ length: 9 }, (_, no) => String(no).repeat(6)).filter((one) => one !== right)
    const answers = await Promise.all(guesses.slice(0, 7).map((guess) => enter(person, verificationId, guess)))
    const codes = answers.map(({ body }) => body.code).sort()
    expect(codes).toEqual(['CODE_EXHAUSTED', 'CODE_EXHAUSTED', ...Array(5).fill('CODE_WRONG')])
    expect(await enter(person, verificationId, right)).toMatchObject({ body: { code: 'CODE_EXHAUSTED' } })
  })

  test('has no phone to send to where there is none', async () => {
    expect(await askCode(await register(app), 'PHONE')).toMatchObject({ status: 422, body: { code: 'PHONE_MISSING' } })
  })
})

/** What a stranger learns of an address by registering with it: nothing, whatever they try. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { oneTimeCode } from '#domain/one-time-code.ts'
import { type ApiUnderTest, openApiUnderTest, SECRET } from './api-under-test.ts'
import { type Answer, ask, askAccount, confirmAccount, must, register } from './shop-floor.ts'

type Asked = { readonly registrationId: string }

const PASSWORD = 'correct horse battery'
const STRANGER = 'password of a stranger'

let under: ApiUnderTest
let app: ApiUnderTest['app']
beforeAll(async () => {
  under = await openApiUnderTest({ outcomeTimeoutMs: 2_000 })
  app = under.app
})
afterAll(() => under.close())

const told = <T>({ status, headers, body }: Answer<T>) => ({ status, headers: [...headers.keys()].sort(), body })
const shapeOf = (body: object) =>
  Object.entries(body).map(([name, value]) => [name, typeof value, String(value).length])
const person = (email: string, over: object = {}) => ({
  ...{ email, givenName: 'Mara', familyName: 'Stranger', dateOfBirth: '1980-01-01', country: 'US', password: STRANGER },
  ...over,
})

/** All that somebody without the mailbox can try with an address. */
async function tryAll(email: string) {
  const post = (path: string, body: object, key: string | null = null) =>
    ask<Asked & { code?: string; detail?: string }>(app, 'POST', path, { body, key })
  const first = await post('/v1/consumers', person(email), `first-${email}`)
  const repeated = await post('/v1/consumers', person(email), `first-${email}`)
  const changed = await post('/v1/consumers', person(email, { givenName: 'Other' }), `first-${email}`)
  const young = await post('/v1/consumers', person(email, { dateOfBirth: '2015-01-01' }))
  const many = []
  for (let no = 0; no < 6; no += 1) many.push(await post('/v1/consumers', person(email)))
  const confirm = `/v1/registrations/${first.body.registrationId}/confirm`
  const codes = []
  for (let no = 0; no < 6; no += 1) codes.push(await post(confirm, { email, code: '000000' }))
  const signIns = []
  for (let no = 0; no < 6; no += 1) signIns.push(await post('/v1/sessions', { email, password: STRANGER }))
  const reset = await post('/v1/password-resets', { email })
  expect(repeated.body).toEqual(first.body)
  expect(new Set([first, ...many].map(({ body }) => body.registrationId)).size).toBe(7)
  return {
    asked: [first, repeated, ...many, reset].map((answer) => ({ ...told(answer), body: shapeOf(answer.body) })),
    refused: [changed, young, ...codes, ...signIns].map(({ status, body }) => [status, body.code, body.detail]),
  }
}

describe('an address', () => {
  test('that has an account, one that waits for its code, and one that has none get the same answers', async () => {
    const owner = await register(app, { password: PASSWORD })
    const waiting = `waiting-${owner.email}`
    await askAccount(app, person(waiting))
    const [known, none, asked] = [await tryAll(owner.email), await tryAll(`none-${owner.email}`), await tryAll(waiting)]
    expect(known).toEqual(none)
    expect(asked).toEqual(none)
    expect(none.asked[0]).toMatchObject({ status: 202, body: [['registrationId', 'string', 36]] })
    expect(new Set(none.refused.map(([, code]) => code))).toEqual(
      new Set([
        'IDEMPOTENCY_KEY_REUSED',
        'CONSUMER_UNDERAGE',
        'REGISTRATION_CODE_INVALID',
        'CREDENTIALS_WRONG',
        'SIGN_IN_LOCKED',
      ]),
    )
  })

  test('with an account keeps it as it was: profile, password, sessions', async () => {
    const owner = await register(app, { password: PASSWORD })
    const { token, email } = owner
    const before = [
      await must(app, 'GET', '/v1/consumers/me', { token }),
      await must(app, 'GET', '/v1/sessions', { token }),
    ]
    const id = await askAccount(app, person(email, { phone: '+14155550199' }))
    // Not even with the right code, which nobody was sent.
    expect(await confirmAccount(app, email, id)).toMatchObject({ status: 422 })
    const after = [
      await must(app, 'GET', '/v1/consumers/me', { token }),
      await must(app, 'GET', '/v1/sessions', { token }),
    ]
    expect(after).toEqual(before)
    const signIn = (password: string) => ask(app, 'POST', '/v1/sessions', { body: { email, password } })
    expect([(await signIn(STRANGER)).status, (await signIn(PASSWORD)).status]).toEqual([401, 201])
  })

  test('is not taken by who asks first: whoever reads its mail opens the account', async () => {
    const email = 'victim@example.com'
    const theirs = await askAccount(app, person(email))
    const own = await askAccount(app, person(email, { givenName: 'Vera', password: PASSWORD }))
    // The newest code, entered where the stranger waits for it, opens nothing.
    const mixed = { email, code: oneTimeCode(SECRET, own) }
    expect(await ask(app, 'POST', `/v1/registrations/${theirs}/confirm`, { body: mixed })).toMatchObject({
      status: 422,
    })
    const opened = await confirmAccount(app, email, own)
    expect(opened.status).toBe(201)
    const me = await must(app, 'GET', '/v1/consumers/me', { token: opened.body.token })
    expect(me).toMatchObject({ givenName: 'Vera', emailVerified: true })
    expect((await ask(app, 'POST', '/v1/sessions', { body: { email, password: STRANGER } })).status).toBe(401)
  })

  test('is open to its owner however often a stranger asks for it', async () => {
    const email = `wanted-${crypto.randomUUID()}@example.com`
    const headers = { 'x-test-socket': '203.0.113.9' }
    for (let no = 0; no < 7; no += 1) await must(app, 'POST', '/v1/consumers', { body: person(email), headers })
    const registrationId = await askAccount(app, person(email, { givenName: 'Lena', password: PASSWORD }))
    expect(await confirmAccount(app, email, registrationId)).toMatchObject({ status: 201 })
  })

  test('can not be signed in to, nor its password be set, before it is confirmed', async () => {
    const email = 'early@example.com'
    await askAccount(app, person(email))
    expect((await ask(app, 'POST', '/v1/sessions', { body: { email, password: STRANGER } })).status).toBe(401)
    const { resetId } = await must<{ resetId: string }>(app, 'POST', '/v1/password-resets', { body: { email } })
    const body = { email, code: oneTimeCode(SECRET, resetId), newPassword: 'another horse battery' }
    expect(await ask(app, 'POST', `/v1/password-resets/${resetId}/confirm`, { body })).toMatchObject({ status: 422 })
  })
})

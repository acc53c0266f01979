/** Accounts, sessions, identity checks, API keys and checkouts through the API, over the real topologies in memory. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { dateToMs } from '#domain/calendar.ts'
import { type ApiUnderTest, OPERATOR, openApiUnderTest } from './api-under-test.ts'
import { everythingPasses } from './scripted-providers.ts'
import {
  ask,
  askAccount,
  confirm,
  confirmAccount,
  must,
  offer,
  openShop,
  openWallet,
  register,
  type Shop,
} from './shop-floor.ts'

let under: ApiUnderTest
let app: ApiUnderTest['app']
let shop: Shop

beforeAll(async () => {
  under = await openApiUnderTest({ outcomeTimeoutMs: 2_000 })
  app = under.app
  shop = await openShop(app)
})
afterAll(() => under.close())
afterEach(() => {
  Object.assign(under.providers.script, everythingPasses)
})

const person = (over: object = {}) => ({
  ...{ email: 'lena@example.com', givenName: 'Lena', familyName: 'Example', dateOfBirth: '1990-05-17', country: 'US' },
  ...over,
})

describe('an account', () => {
  const password = 'correct horse battery'

  test('is opened once an address, whatever its case; a repeat gets the same session', async () => {
    const body = person({ email: 'Once@Example.com', password })
    const id = await askAccount(app, body)
    const first = await confirmAccount(app, 'Once@Example.com', id, { key: 'confirm-1' })
    const again = await confirmAccount(app, 'Once@Example.com', id, { key: 'confirm-1' })
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const { token } = first.body
    const me = await must(app, 'GET', '/v1/consumers/me', { token })
    expect(me).toMatchObject({ email: 'once@example.com', emailVerified: true, kycStatus: 'NOT_STARTED', credit: null })
    const second = await askAccount(app, { ...body, email: 'once@example.com', givenName: 'Mara' })
    expect((await confirmAccount(app, 'once@example.com', second)).status).toBe(422)
    expect(await must(app, 'GET', '/v1/consumers/me', { token })).toEqual(me)
  })

  test('needs an age of 18', async () => {
    const body = person({ email: 'young@example.com', dateOfBirth: '2008-03-02' })
    expect(await ask(app, 'POST', '/v1/consumers', { body })).toMatchObject({ body: { code: 'CONSUMER_UNDERAGE' } })
  })

  test('is signed in to with its password only, and signed out of', async () => {
    const email = 'sign-in@example.com'
    await register(app, { email, password })
    const signIn = (over: object) =>
      ask<{ token: string }>(app, 'POST', '/v1/sessions', { body: { email, password, ...over }, key: null })
    const answers = [await signIn({ password: 'wrong' }), await signIn({ email: 'nobody@example.com' })]
    for (const { status, headers, body } of answers) {
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      expect(body).toMatchObject({ code: 'CREDENTIALS_WRONG', detail: 'The e-mail address or the password is wrong.' })
    }
    const signedIn = await signIn({ email: 'Sign-In@example.com' })
    expect(signedIn).toMatchObject({
      status: 201,
      body: { expiresAt: '2026-03-30T00:00:00.000Z', refreshExpiresAt: '2026-03-31T00:00:00.000Z' },
    })
    const { token } = signedIn.body
    expect((await ask(app, 'DELETE', '/v1/sessions/current', { token })).status).toBe(204)
    expect((await ask(app, 'GET', '/v1/consumers/me', { token })).status).toBe(401)
  })

  test('without a password cannot be signed in to', async () => {
    const { email } = await register(app)
    const answer = await ask(app, 'POST', '/v1/sessions', { body: { email, password: '' } })
    expect(answer).toMatchObject({ status: 401, body: { code: 'CREDENTIALS_WRONG' } })
  })

  test('is guessed at five times, then not even the right password helps; the same where there is none', async () => {
    const email = 'guessed@example.com'
    await register(app, { email, password })
    const guess = (address: string, guessed: string, key: string | null = null) =>
      ask(app, 'POST', '/v1/sessions', { body: { email: address, password: guessed }, key })
    for (const address of [email, 'nobody-at-all@example.com']) {
      // A repeat with its key is the same attempt.
      const first = await guess(address, 'guess number 0', `guess-${address}`)
      expect(await guess(address, 'guess number 0', `guess-${address}`)).toMatchObject({
        status: 401,
        body: { code: first.body.code },
      })
      const guesses = await Promise.all(Array.from({ length: 6 }, (_, no) => guess(address, `guess number ${no + 1}`)))
      expect([first, ...guesses].map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429, 429])
      const locked = await guess(address, password)
      expect(locked).toMatchObject({ status: 429, body: { code: 'SIGN_IN_LOCKED' } })
      expect(locked.body.detail).toContain('2026-03-01T00:01:00.000Z')
      expect(locked.headers.get('retry-after')).toBe('60')
    }
  })
})

describe('an identity check', () => {
  const check = (token: string, key?: string) =>
    ask<{ checkId: string; status: string }>(app, 'POST', '/v1/consumers/me/identity-checks', {
      ...{ token, body: {} },
      ...(key && { key }),
    })

  test('waits for its result', async () => {
    const { token } = await register(app)
    expect(await check(token)).toMatchObject({ status: 201, body: { status: 'APPROVED', final: true, reasons: [] } })
    expect(await check(token)).toMatchObject({ status: 409, body: { code: 'KYC_APPROVED' } })
  })

  test('that takes longer is PENDING, and a repeat tells where it stands by then', async () => {
    const gate = Promise.withResolvers<void>()
    under.providers.script.identity = async ({ checkId }) => {
      await gate.promise
      return { id: checkId, status: 'needs_review', final: false, reasons: ['document_blurred'], version: 1 }
    }
    const impatient = await under.node({ outcomeTimeoutMs: 60 })
    const { token } = await register(app)
    const ask60 = () => ask(impatient, 'POST', '/v1/consumers/me/identity-checks', { token, body: {}, key: 'check-1' })
    const pending = await ask60()
    expect(pending).toMatchObject({ status: 201, body: { status: 'PENDING', final: false } })
    expect(await ask60()).toMatchObject({ body: { status: 'PENDING' } })
    gate.resolve()
    await under.settle()
    await vi.waitFor(async () => {
      const repeat = await ask60()
      expect(repeat.headers.get('idempotent-replayed')).toBe('true')
      expect(repeat.body).toEqual({
        ...pending.body,
        ...{ status: 'NEEDS_REVIEW', final: false, reasons: ['document_blurred'] },
      })
    })
  })
})

describe('API keys', () => {
  test('are added, used and withdrawn', async () => {
    const own = await openShop(app)
    const made = await ask<{ apiKeyId: string; apiKey: string }>(app, 'POST', '/v1/api-keys', {
      token: own.token,
      key: 'key-1',
    })
    const again = await ask(app, 'POST', '/v1/api-keys', { token: own.token, key: 'key-1' })
    expect([made.status, again.body, again.headers.get('idempotent-replayed')]).toEqual([201, made.body, 'true'])
    const { apiKeyId, apiKey } = made.body
    expect((await ask(app, 'GET', '/v1/merchants/me', { token: apiKey })).status).toBe(200)
    const withdraw = () => ask(app, 'DELETE', `/v1/api-keys/${apiKeyId}`, { token: own.token })
    expect((await withdraw()).status).toBe(204)
    expect(await withdraw()).toMatchObject({ status: 404, body: { code: 'API_KEY_UNKNOWN' } })
    expect((await ask(app, 'GET', '/v1/merchants/me', { token: apiKey })).status).toBe(401)
  })
})

describe('a merchant', () => {
  test('is taken on with the terms that were given, once a key', async () => {
    const body = {
      ...{ name: 'Kiosk', legalName: 'Kiosk Ltd', country: 'US', currency: 'USD', categoryCode: '5994' },
      ...{ payoutAccount: 'acct_1', feeBps: 250, ticketMinMinor: 500 },
    }
    const sent = { token: OPERATOR, body, key: 'onboard-1' }
    const made = await ask<{ merchantId: string }>(app, 'POST', '/v1/merchants', sent)
    expect((await ask(app, 'POST', '/v1/merchants', sent)).body).toEqual(made.body)
    const path = `/v1/merchants/${made.body.merchantId}`
    const shown = await must<object>(app, 'GET', path, { token: OPERATOR })
    expect(shown).toMatchObject({
      name: 'Kiosk',
      status: 'ACTIVE',
      feeBps: 250,
      feeFixedMinor: 30,
      ticketMinMinor: 500,
    })
    expect(Object.keys(shown)).not.toContain('payoutAccount')
    expect(await ask(app, 'GET', `/v1/merchants/mer_${'0'.repeat(32)}`, { token: OPERATOR })).toMatchObject({
      status: 404,
      body: { code: 'MERCHANT_UNKNOWN' },
    })
  })

  test('that is suspended offers nothing, and nothing of it is confirmed', async () => {
    const own = await openShop(app)
    const shopper = await openWallet(app)
    const checkoutId = await offer(app, own)
    const change = (status: string) =>
      ask(app, 'POST', `/v1/merchants/${own.merchantId}/status`, { token: OPERATOR, body: { status, reason: 'test' } })
    expect(await change('SUSPENDED')).toMatchObject({ status: 200, body: { previous: 'ACTIVE', status: 'SUSPENDED' } })
    expect(await change('SUSPENDED')).toMatchObject({ status: 409, body: { code: 'STATUS_UNCHANGED' } })
    const stopped = { status: 422, body: { code: 'MERCHANT_NOT_ACTIVE' } }
    const body = { amountMinor: 1_000, currency: 'USD' }
    expect(await ask(app, 'POST', '/v1/checkouts', { token: own.token, body })).toMatchObject(stopped)
    expect(await confirm(app, shopper, checkoutId)).toMatchObject(stopped)
    expect(await change('ACTIVE')).toMatchObject({ status: 200 })
    expect((await confirm(app, shopper, checkoutId)).body.status).toBe('AUTHORISED')
  })
})

test.each([
  ['in another currency', { currency: 'EUR' }, 'CURRENCY_MISMATCH'],
  ['beyond the largest ticket', { amountMinor: 200_001 }, 'TICKET_TOO_LARGE'],
])('a checkout %s is refused', async (_what, over, code) => {
  const body = { amountMinor: 1_000, currency: 'USD', ...over }
  expect(await ask(app, 'POST', '/v1/checkouts', { token: shop.token, body })).toMatchObject({
    status: 422,
    body: { code },
  })
})

test('an invalid request leaves its key free for the right one', async () => {
  const wrong = { token: shop.token, key: 'checkout-1', body: { amountMinor: 0, currency: 'USD' } }
  expect(await ask(app, 'POST', '/v1/checkouts', wrong)).toMatchObject({ status: 400 })
  const right = { ...wrong, body: { amountMinor: 1, currency: 'USD' } }
  expect(await ask(app, 'POST', '/v1/checkouts', right)).toMatchObject({ status: 201 })
})

// Business time moves here, for everybody: this stands last.
describe('a day later', () => {
  test('a checkout has expired, taken or not, and a repeat of what was answered is answered', async () => {
    const shopper = await openWallet(app)
    const [open, taken, bought] = [await offer(app, shop), await offer(app, shop), await offer(app, shop)]
    await must(app, 'POST', `/v1/checkouts/${taken}/claim`, { token: shopper.token })
    const before = await confirm(app, shopper, bought, { key: 'bought' })
    await must(app, 'POST', '/v1/sandbox/clock', { token: OPERATOR, body: { days: 1 } })
    for (const checkoutId of [open, taken]) {
      const expired = { status: 422, body: { code: 'CHECKOUT_EXPIRED' } }
      expect(await confirm(app, shopper, checkoutId)).toMatchObject(expired)
      expect(await ask(app, 'POST', `/v1/checkouts/${checkoutId}/claim`, shopper)).toMatchObject(expired)
      expect(await ask(app, 'GET', `/v1/checkouts/${checkoutId}`, shopper)).toMatchObject({
        body: { status: 'EXPIRED' },
      })
    }
    expect((await confirm(app, shopper, bought, { key: 'bought' })).body).toEqual(before.body)
  })

  test('an access token has expired before its session, and a session after its days', async () => {
    const { token, refreshToken } = await register(app)
    const me = (bearer: string) => ask(app, 'GET', '/v1/consumers/me', { token: bearer })
    const renew = (spent: string) =>
      ask<{ token: string; refreshToken: string; code?: string }>(app, 'POST', '/v1/sessions/refresh', {
        body: { refreshToken: spent },
      })
    await under.clock.moveTo(dateToMs('2026-03-31'))
    const late = await me(token)
    expect([late.status, late.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"'])
    const renewed = await renew(refreshToken)
    expect([renewed.status, (await me(renewed.body.token)).status]).toEqual([201, 200])
    await under.clock.moveTo(dateToMs('2026-04-10'))
    expect((await me(renewed.body.token)).status).toBe(401)
    expect(await renew(renewed.body.refreshToken)).toMatchObject({ status: 401, body: { code: 'SESSION_UNKNOWN' } })
  })
})

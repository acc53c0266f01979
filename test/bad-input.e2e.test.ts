/** Everything a caller can get wrong is answered by a problem that names it, and harms nobody. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Platform } from '#main/platform.ts'
import { buy, openShop, openShopper, register, type Shop, type Shopper } from './actors.ts'
import { Caller, type ProblemBody, type Sent } from './caller.ts'
import { expectProblem } from './expect-problem.ts'
import { expectWell, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

let platform: Platform
let caller: Caller
let operator: string
let shop: Shop
let shopper: Shopper
let other: Shopper
let keys = 0

const hex = (digit: string) => digit.repeat(32)
const newKey = () => {
  keys += 1
  return `bad-${keys}`
}

beforeAll(async () => {
  platform = await openPlatform(newDirectory('bad-input'))
  caller = new Caller(platform.server.localUrl)
  operator = platform.operatorToken
  shop = await openShop(caller, operator, 'Discs')
  shopper = await openShopper(caller, 'Ada', { givenName: 'Score850' })
  other = await openShopper(caller, 'Ben', { givenName: 'Score850' })
}, 120_000)

afterAll(async () => {
  await platform?.close()
  removeDirectories()
}, 60_000)

const basket = (more: object = {}) => ({ amountMinor: 1_000, currency: 'USD', ...more })
const sendBasket = (sent: Sent) => caller.send('POST', '/v1/checkouts', { token: shop.apiKey, key: newKey(), ...sent })

describe('a body', () => {
  test.each<[string, string]>([
    ['is cut short', '{"amountMinor": 10'],
    ['is not JSON', 'amountMinor=10'],
    ['is empty', ''],
  ])('that %s is MALFORMED_JSON', async (_, raw) => {
    expectProblem(await sendBasket({ raw }), 400, 'MALFORMED_JSON')
  })

  test.each<[string, unknown, string[]]>([
    ['null', null, ['json']],
    ['a list', [], ['json']],
    ['a string', 'basket', ['json']],
    ['without a field', { currency: 'USD' }, ['amountMinor']],
    ['without any field', {}, ['amountMinor', 'currency']],
    ['with an unknown field', basket({ colour: 'red' }), ['colour']],
    ['with an unknown field inside', basket({ items: [{ ...item(), sku: 'x' }] }), ['items.0.sku']],
    ['with an unknown currency', basket({ currency: 'ZZZ' }), ['currency']],
    ['with a currency in small letters', basket({ currency: 'usd' }), ['currency']],
    ['with an amount of 0', basket({ amountMinor: 0 }), ['amountMinor']],
    ['with a negative amount', basket({ amountMinor: -1 }), ['amountMinor']],
    ['with a fraction of a cent', basket({ amountMinor: 10.5 }), ['amountMinor']],
    ['with an amount as a string', basket({ amountMinor: '1000' }), ['amountMinor']],
    ['with an amount above what a number holds', basket({ amountMinor: 2 ** 53 }), ['amountMinor']],
    ['with an amount above the largest', basket({ amountMinor: 100_000_001 }), ['amountMinor']],
    ['with true for an amount', basket({ amountMinor: true }), ['amountMinor']],
    ['with an amount that is not that of its items', basket({ items: [item(999)] }), ['amountMinor']],
    ['with no item of a kind', basket({ items: [item(), { ...item(), quantity: 0 }] }), ['items.1.quantity']],
    ['with an item without a name', basket({ items: [{ ...item(), name: ' ' }] }), ['items.0.name']],
    ['with two wrong fields', basket({ amountMinor: 0, consumerId: 'me' }), ['amountMinor', 'consumerId']],
    ['with a text that holds a zero byte', basket({ merchantReference: 'a\u0000b' }), ['merchantReference']],
    ['with half a character', basket({ merchantReference: 'a\ud800b' }), ['merchantReference']],
    ['with a text that is too long', basket({ merchantReference: 'x'.repeat(201) }), ['merchantReference']],
  ])('%s is VALIDATION_FAILED and each wrong field is named', async (_, body, fields) => {
    expectProblem(await sendBasket({ body }), 400, 'VALIDATION_FAILED', fields)
  })

  test('that is not UTF-8 is MALFORMED_JSON', async () => {
    const bytes = Buffer.from(JSON.stringify(basket({ merchantReference: 'café' })), 'latin1')
    const response = await fetch(`${caller.url}/v1/checkouts`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${shop.apiKey}`, 'idempotency-key': newKey() },
        'content-type': 'application/json',
      },
      body: bytes,
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'MALFORMED_JSON', detail: expect.stringContaining('UTF-8') })
  })

  test('that is too large is BODY_TOO_LARGE', async () => {
    const raw = JSON.stringify(basket({ merchantReference: 'x'.repeat(300_000) }))
    const answer = await sendBasket({ raw })
    expectProblem(answer, 413, 'BODY_TOO_LARGE')
    expect(answer.headers.get('connection')).toBe('close')
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'of type %s is NOT_JSON',
    async (type) => {
      expectProblem(await sendBasket({ body: basket(), headers: { 'content-type': type } }), 415, 'NOT_JSON')
    },
  )
})

function item(unitAmountMinor = 1_000) {
  return { name: 'Disc', quantity: 1, unitAmountMinor }
}

describe('an Idempotency-Key', () => {
  test.each<[string, Sent]>([
    ['that is missing', {}],
    ['that is empty', { key: '' }],
    ['that is too long', { key: 'k'.repeat(256) }],
  ])('%s is named', async (_, sent) => {
    const answer = await caller.send('POST', '/v1/checkouts', { token: shop.apiKey, body: basket(), ...sent })
    expectProblem(answer, 400, 'VALIDATION_FAILED', ['idempotency-key'])
  })

  test('gives the same answer for the same body, marked as a repeat, and an error for another one', async () => {
    const sent = { token: shop.apiKey, key: newKey(), body: basket() }
    const first = await caller.send<object>('POST', '/v1/checkouts', sent)
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null])
    const second = await caller.send<object>('POST', '/v1/checkouts', sent)
    expect([second.status, second.body]).toEqual([201, first.body])
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    const { amountMinor, currency } = basket()
    const raw = `{ "currency" : "${currency}",\n "amountMinor" : ${amountMinor}.0 }`
    const relaid = await caller.send<object>('POST', '/v1/checkouts', { token: shop.apiKey, key: sent.key, raw })
    expect([relaid.status, relaid.body]).toEqual([201, first.body])
    const third = await caller.send('POST', '/v1/checkouts', { ...sent, body: basket({ amountMinor: 2_000 }) })
    expectProblem(third, 422, 'IDEMPOTENCY_KEY_REUSED')
  })

  test('that two requests use at the same time has one effect', async () => {
    const sent = { token: shop.apiKey, key: newKey(), body: basket({ merchantReference: 'twice' }) }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => caller.send<ProblemBody & { checkoutId: string }>('POST', '/v1/checkouts', sent)),
    )
    const done = answers.filter(({ status }) => status === 201)
    expect(new Set(done.map(({ body }) => body.checkoutId)).size).toBe(1)
    for (const refused of answers.filter(({ status }) => status !== 201)) {
      expectProblem(refused, 409, 'REQUEST_IN_FLIGHT')
      expect(refused.headers.get('retry-after')).toBe('1')
    }
  })

  test('is one caller’s own: another one may use the same', async () => {
    const second = await openShop(caller, operator, 'Second shop')
    const key = newKey()
    const send = (token: string) =>
      caller.send<{ checkoutId: string }>('POST', '/v1/checkouts', { token, key, body: basket() })
    const [first, another] = [await send(shop.apiKey), await send(second.apiKey)]
    expect([first.status, another.status]).toEqual([201, 201])
    expect(first.body.checkoutId).not.toBe(another.body.checkoutId)
  })
})

describe('a token', () => {
  test.each<[string, () => string | undefined, number, string]>([
    ['that is missing', () => undefined, 401, 'NOT_SIGNED_IN'],
    ['that is nothing of ours', () => 'abc', 401, 'NOT_SIGNED_IN'],
    ['of a merchant there is not', () => `fm_mer_${hex('a')}.${'x'.repeat(43)}`, 401, 'NOT_SIGNED_IN'],
    ['of our merchant with a wrong secret', () => `fm_${shop.merchantId}.${'x'.repeat(43)}`, 401, 'NOT_SIGNED_IN'],
    ['of a consumer there is not', () => `fs_con_${hex('a')}.${'x'.repeat(43)}`, 401, 'NOT_SIGNED_IN'],
    ['of a consumer, where a merchant is meant', () => shopper.token, 403, 'NOT_ALLOWED'],
    ['of the operator, where a merchant is meant', () => operator, 403, 'NOT_ALLOWED'],
  ])('%s is refused', async (_, token, status, code) => {
    const sent = { key: newKey(), body: basket() }
    const given = token()
    const answer = await caller.send('POST', '/v1/checkouts', given === undefined ? sent : { ...sent, token: given })
    expectProblem(answer, status, code)
    expect(answer.headers.get('www-authenticate')).toEqual(status === 401 ? expect.stringMatching(/^Bearer/) : null)
  })

  test('is refused after its session has ended', async () => {
    const { token } = await register(caller, 'Gone')
    expect((await caller.send('DELETE', '/v1/sessions/current', { token })).status).toBe(204)
    expectProblem(await caller.send('GET', '/v1/consumers/me', { token }), 401, 'NOT_SIGNED_IN')
  })

  test.each<[string, string, () => string]>([
    ['a merchant onboards nobody', '/v1/merchants', () => shop.apiKey],
    ['a consumer moves no clock', '/v1/sandbox/clock', () => shopper.token],
    ['a merchant confirms nothing', `/v1/checkouts/chk_${hex('a')}/confirm`, () => shop.apiKey],
  ])('of the wrong kind: %s', async (_, path, token) => {
    expectProblem(await caller.send('POST', path, { token: token(), key: newKey(), body: {} }), 403, 'NOT_ALLOWED')
  })
})

describe('an id', () => {
  test.each<[string, string, () => string, object | null, string]>([
    ['GET', `/v1/checkouts/chk_${hex('a')}`, () => shopper.token, null, 'CHECKOUT_UNKNOWN'],
    ['POST', `/v1/checkouts/chk_${hex('a')}/claim`, () => shopper.token, {}, 'CHECKOUT_UNKNOWN'],
    ['GET', `/v1/purchases/pur_${hex('a')}`, () => shopper.token, null, 'PURCHASE_UNKNOWN'],
    ['POST', `/v1/purchases/pur_${hex('a')}/captures`, () => shop.apiKey, basket(), 'PURCHASE_UNKNOWN'],
    ['POST', `/v1/purchases/pur_${hex('a')}/releases`, () => shop.apiKey, {}, 'PURCHASE_UNKNOWN'],
    ['POST', `/v1/purchases/pur_${hex('a')}/refunds`, () => shop.apiKey, basket(), 'PURCHASE_UNKNOWN'],
    ['GET', `/v1/plans/pln_${hex('a')}`, () => shopper.token, null, 'PLAN_UNKNOWN'],
    ['POST', `/v1/plans/pln_${hex('a')}/payments`, () => shopper.token, { instalmentNo: 1 }, 'PLAN_UNKNOWN'],
    ['GET', `/v1/decisions/dec_${hex('a')}`, () => shopper.token, null, 'DECISION_UNKNOWN'],
    ['GET', `/v1/settlements/set_${hex('a')}/lines`, () => shop.apiKey, null, 'SETTLEMENT_UNKNOWN'],
    ['GET', `/v1/merchants/mer_${hex('a')}`, () => operator, null, 'MERCHANT_UNKNOWN'],
    ['DELETE', `/v1/api-keys/key_${hex('a')}`, () => shop.apiKey, null, 'API_KEY_UNKNOWN'],
    ['GET', '/v1/operations/topologies/none', () => operator, null, 'TOPOLOGY_UNKNOWN'],
    ['GET', '/v1/operations/topologies/none/dead-letters', () => operator, null, 'TOPOLOGY_UNKNOWN'],
    ['GET', '/v1/operations/topologies/none/parked-keys', () => operator, null, 'TOPOLOGY_UNKNOWN'],
    ['POST', '/v1/operations/topologies/credit/parked-keys/none/replay', () => operator, {}, 'APP_KEY_NOT_PARKED'],
    ['GET', '/v1/nothing', () => operator, null, 'NOT_FOUND'],
    ['GET', '/nothing/at/all', () => operator, null, 'NOT_FOUND'],
  ])('that there is not: %s %s is 404', async (method, path, token, body, code) => {
    const payment = path.endsWith('/payments') ? { ...basket(), paymentMethodId: shopper.paymentMethodId } : {}
    const sent = body === null ? { token: token() } : { token: token(), key: newKey(), body: { ...payment, ...body } }
    expectProblem(await caller.send(method, path, sent), 404, code)
  })

  test('of another merchant or consumer is as unknown as one there is not', async () => {
    const { purchaseId } = await buy(caller, shop, shopper, newKey(), 1_000)
    const stranger = await openShop(caller, operator, 'Stranger')
    const sent = { token: stranger.apiKey, key: newKey(), body: basket() }
    for (const path of [`/v1/purchases/${purchaseId}/captures`, `/v1/purchases/${purchaseId}/refunds`]) {
      expect((await caller.send('POST', path, sent)).status).toBe(404)
    }
    for (const token of [stranger.apiKey, other.token]) {
      expectProblem(await caller.send('GET', `/v1/purchases/${purchaseId}`, { token }), 404, 'PURCHASE_UNKNOWN')
    }
  })

  test('that cannot be one names its field', async () => {
    const answer = await caller.send('GET', '/v1/purchases/mine', { token: shopper.token })
    expectProblem(answer, 400, 'VALIDATION_FAILED', ['purchaseId'])
  })

  test.each<[string, string, string[]]>([
    ['limit=0', 'VALIDATION_FAILED', ['limit']],
    ['limit=many', 'VALIDATION_FAILED', ['limit']],
    ['cursor=nowhere', 'CURSOR_INVALID', ['cursor']],
    ['colour=red', 'VALIDATION_FAILED', ['colour']],
  ])('of a page: %s is refused', async (query, code, fields) => {
    expectProblem(await caller.send('GET', `/v1/purchases?${query}`, { token: shopper.token }), 400, code, fields)
  })
})

describe('a person', () => {
  const person = (more: object = {}) => ({
    ...{ email: 'cleo@example.com', givenName: 'Cleo', familyName: 'Miller', dateOfBirth: '1990-01-01', country: 'US' },
    ...more,
  })

  test.each<[string, object, string[]]>([
    ['a date that is none', { dateOfBirth: '1990-02-30' }, ['dateOfBirth']],
    ['an e-mail address that is none', { email: 'cleo' }, ['email']],
    ['a phone number without its country', { phone: '0664123456' }, ['phone']],
    ['a country that is none', { country: 'United States' }, ['country']],
    ['a password that is too short', { password: 'short' }, ['password']],
    ['a time zone that is none', { timeZone: 'Mars/Olympus' }, ['timeZone']],
  ])('with %s is not registered', async (_, more, fields) => {
    const answer = await caller.send('POST', '/v1/consumers', { body: person(more) })
    expectProblem(answer, 400, 'VALIDATION_FAILED', fields)
  })

  test.each(['cleo@example.com', 'ADA@Example.com'])('younger than 18 is not registered: %s', async (email) => {
    const body = person({ email, dateOfBirth: '2020-01-01' })
    expectProblem(await caller.send('POST', '/v1/consumers', { body }), 422, 'CONSUMER_UNDERAGE')
  })

  test.each(['cleo@example.com', 'ADA@Example.com'])('opens no account with a code that is none: %s', async (email) => {
    const asked = await caller.send<{ registrationId: string }>('POST', '/v1/consumers', { body: person({ email }) })
    expect([asked.status, Object.keys(asked.body)]).toEqual([202, ['registrationId']])
    const path = `/v1/registrations/${asked.body.registrationId}/confirm`
    const answer = await caller.send('POST', path, { body: { email, code: '000000' } })
    expectProblem(answer, 422, 'REGISTRATION_CODE_INVALID')
  })

  test('with a wrong password, or one that nobody has, is not signed in', async () => {
    for (const email of [shopper.email, 'nobody.at.all@example.com']) {
      const answer = await caller.send('POST', '/v1/sessions', { body: { email, password: 'not the one' } })
      expectProblem(answer, 401, 'CREDENTIALS_WRONG')
    }
  })

  test.each(['4242424242424242', '4242 4242 4242 4242'])('does not leave the card number %s', async (token) => {
    const body = { token, brand: 'visa', last4: '4242', expiryMonth: 1, expiryYear: 2090 }
    const sent = { token: shopper.token, key: newKey(), body }
    const answer = await caller.send('POST', '/v1/consumers/me/payment-methods', sent)
    expectProblem(answer, 400, 'VALIDATION_FAILED', ['token'])
    expect(JSON.stringify(answer.body)).not.toContain(token)
  })
})

describe('the clock', () => {
  test.each<[object, number, string, string[] | undefined]>([
    [{ days: 0 }, 400, 'VALIDATION_FAILED', ['days']],
    [{ days: 1, date: '2040-01-01' }, 400, 'VALIDATION_FAILED', ['date']],
    [{}, 400, 'VALIDATION_FAILED', ['date']],
    [{ date: '2031-01-01' }, 422, 'CLOCK_ONLY_FORWARD', undefined],
  ])('is not moved by %j', async (body, status, code, fields) => {
    expectProblem(await caller.send('POST', '/v1/sandbox/clock', { token: operator, body }), status, code, fields)
  })
})

test('a method that a path does not take is 405 and names those it takes', async () => {
  const answer = await caller.send('PUT', '/v1/checkouts', { token: shop.apiKey, body: basket() })
  expectProblem(answer, 405, 'METHOD_NOT_ALLOWED')
  expect(answer.headers.get('allow')).toBe('POST, OPTIONS')
})

test('a webhook that the gateway has not signed is refused', async () => {
  const answer = await caller.send('POST', '/v1/webhooks/payment-gateway', { body: { type: 'charge.succeeded' } })
  expectProblem(answer, 400, 'WEBHOOK_SIGNATURE_MISSING')
})

test('after all of it the platform is well', async () => {
  await expectWell(platform)
})

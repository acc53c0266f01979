import { afterAll, describe, expect, test, vi } from 'vitest'
import { StreamsError } from '#streams'
import { openFakeApi, TOKENS } from './testing/fake-parts.ts'

const { app, close } = await openFakeApi({
  operations: {
    replayKey: () => Promise.reject(new StreamsError('APP_KEY_NOT_PARKED', 'Nothing waits.')),
    parkedKeys: () => Promise.resolve([]),
  },
})
afterAll(close)

type Sent = { readonly token?: string; readonly body?: unknown; readonly headers?: Record<string, string> }

async function ask(method: string, path: string, { token, body, headers }: Sent = {}) {
  const answer = await app.request(path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  const problem = (text === '' ? {} : JSON.parse(text)) as { code?: string; errors?: { field: string }[] }
  return { status: answer.status, headers: answer.headers, text, ...problem }
}

const ID = '0'.repeat(32)

describe('a path and a method', () => {
  test.each([
    ['DELETE', '/v1/checkouts', 'POST, OPTIONS'],
    ['PUT', `/v1/purchases/pur_${ID}`, 'GET, HEAD, OPTIONS'],
    ['GET', `/v1/checkouts/chk_${ID}/confirm`, 'POST, OPTIONS'],
    ['PATCH', '/v1/merchants', 'POST, GET, HEAD, OPTIONS'],
  ])('%s %s is 405, and says what is allowed', async (method, path, allow) => {
    const answer = await ask(method, path, { token: TOKENS.operator })
    expect([answer.status, answer.code, answer.headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', allow])
  })

  test('OPTIONS tells what is allowed, and lets no other site in', async () => {
    const answer = await ask('OPTIONS', '/v1/checkouts', { headers: { origin: 'https://elsewhere.example.com' } })
    expect([answer.status, answer.headers.get('allow')]).toEqual([204, 'POST, OPTIONS'])
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('HEAD is GET without a body', async () => {
    const answer = await ask('HEAD', '/v1/sandbox/clock', { token: TOKENS.merchant })
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect((await ask('HEAD', '/v1/sandbox/clock')).status).toBe(401)
  })

  test.each(['/v1/nothing', '/v2/checkouts', '/v1/checkouts/', '/elsewhere'])('%s is 404', async (path) => {
    expect(await ask('GET', path)).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  })
})

describe('a request that is not valid', () => {
  const basket = { amountMinor: 5727, currency: 'USD' }
  const key = { 'idempotency-key': 'k1' }
  const { consumer, merchant, operator } = TOKENS

  test.each<[string, string, string, Sent, string[]]>([
    ['an unknown field', 'POST', '/v1/checkouts', { token: merchant, headers: key, body: { ...basket, x: 1 } }, ['x']],
    [
      'several fields at once',
      'POST',
      '/v1/checkouts',
      { token: merchant, headers: key, body: { amountMinor: 0, currency: 'usd', items: [{ name: 'Tea' }] } },
      ['amountMinor', 'currency', 'items.0.quantity', 'items.0.unitAmountMinor'],
    ],
    [
      'a basket that does not add up',
      'POST',
      '/v1/checkouts',
      { token: merchant, headers: key, body: { ...basket, items: [{ name: 'Tea', quantity: 2, unitAmountMinor: 1 }] } },
      ['amountMinor'],
    ],
    [
      'a basket beyond all numbers',
      'POST',
      '/v1/checkouts',
      {
        token: merchant,
        headers: key,
        body: { ...basket, items: [{ name: 'Tea', quantity: 9e15, unitAmountMinor: 9e15 }] },
      },
      ['items.0.quantity', 'items.0.unitAmountMinor', 'amountMinor'],
    ],
    [
      'an address that is a script',
      'POST',
      '/v1/checkouts',
      { token: merchant, headers: key, body: { ...basket, returnUrl: 'javascript:alert(1)' } },
      ['returnUrl'],
    ],
    ['no key', 'POST', '/v1/checkouts', { token: merchant, body: basket }, ['idempotency-key']],
    ['no body', 'POST', '/v1/checkouts', { token: merchant, headers: key }, ['amountMinor', 'currency']],
    [
      'a key with a line break in it',
      'POST',
      `/v1/checkouts/chk_${ID}/claim`,
      { token: consumer, headers: { 'idempotency-key': 'a b' } },
      ['idempotency-key'],
    ],
    ['an id of another kind', 'GET', `/v1/purchases/con_${ID}`, { token: consumer }, ['purchaseId']],
    ['an id of another kind', 'GET', '/v1/settlements/none/lines', { token: merchant }, ['settlementId']],
    ['an unknown parameter', 'GET', '/v1/purchases?page=2', { token: consumer }, ['page']],
    ['a parameter where there are none', 'GET', '/v1/consumers/me?verbose=1', { token: consumer }, ['verbose']],
    ['a parameter on a command', 'POST', '/v1/checkouts?x=1', { token: merchant, headers: key, body: basket }, ['x']],
    ['a page too large', 'GET', '/v1/plans?limit=101', { token: consumer }, ['limit']],
    ['a page twice', 'GET', '/v1/plans?limit=1&limit=2', { token: consumer }, ['limit']],
    ['a date there is not', 'GET', '/v1/analytics/days?from=2026-02-30&to=2026-03-01', { token: merchant }, ['from']],
    ['days backwards', 'GET', '/v1/analytics/days?from=2026-03-02&to=2026-03-01', { token: merchant }, ['to']],
    ['too many days', 'GET', '/v1/analytics/days?from=1926-03-02&to=2026-03-01', { token: merchant }, ['to']],
    [
      'both ways to move',
      'POST',
      '/v1/sandbox/clock',
      { token: operator, body: { days: 1, date: '2026-04-01' } },
      ['date'],
    ],
    [
      'a card number',
      'POST',
      '/v1/consumers/me/payment-methods',
      {
        token: consumer,
        headers: key,
        body: { token: '4242 4242 4242 4242', brand: 'visa', last4: '4242', expiryMonth: 12, expiryYear: 2030 },
      },
      ['token'],
    ],
  ])('%s: %s %s names what is wrong', async (_what, method, path, sent, fields) => {
    const answer = await ask(method, path, sent)
    expect([answer.status, answer.code]).toEqual([400, 'VALIDATION_FAILED'])
    expect(answer.errors?.map(({ field }) => field)).toEqual(fields)
  })

  test('a cursor that was never given names its field', async () => {
    const answer = await ask('GET', '/v1/purchases?cursor=nowhere', { token: consumer })
    expect(answer).toMatchObject({ status: 400, code: 'CURSOR_INVALID', errors: [{ field: 'cursor' }] })
  })

  test.each<[string, Record<string, string>, string, number, string]>([
    ['that is no JSON', { 'content-type': 'application/json' }, '{"amountMinor":', 400, 'MALFORMED_JSON'],
    ['of another type', { 'content-type': 'text/plain' }, '{}', 415, 'NOT_JSON'],
    ['of no type', {}, '{}', 415, 'NOT_JSON'],
    [
      'that is too large',
      { 'content-type': 'application/json' },
      JSON.stringify('x'.repeat(262_144)),
      413,
      'BODY_TOO_LARGE',
    ],
  ])('a body %s', async (_what, headers, body, status, code) => {
    const init = {
      method: 'POST',
      body: Buffer.from(body),
      headers: { ...key, ...headers, authorization: `Bearer ${merchant}` },
    }
    const answer = await app.request('/v1/checkouts', init)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code])
  })
})

describe('every answer', () => {
  test('has the id of its request: the caller’s, where it is one', async () => {
    const own = await ask('GET', '/v1/sandbox/clock', { token: TOKENS.operator, headers: { 'x-request-id': 'mine-1' } })
    expect(own.headers.get('x-request-id')).toBe('mine-1')
    const bad = await ask('GET', '/v1/nothing', { headers: { 'x-request-id': 'a "forged" line' } })
    const id = bad.headers.get('x-request-id')
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(bad).toMatchObject({ requestId: id, code: 'NOT_FOUND' })
    const refused = await ask('GET', '/v1/sandbox/clock', { headers: { 'x-request-id': 'mine-2' } })
    expect(refused).toMatchObject({ status: 401, requestId: 'mine-2' })
    expect(refused.headers.get('x-request-id')).toBe('mine-2')
  })

  test('is kept by no cache, and says no more than it must', async () => {
    const { headers } = await ask('GET', '/v1/sandbox/clock', { token: TOKENS.operator })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-powered-by')).toBeNull()
  })
})

describe('the operations', () => {
  const token = TOKENS.operator
  test.each([
    ['GET', '/v1/operations/topologies/none'],
    ['GET', '/v1/operations/topologies/none/dead-letters'],
    ['GET', '/v1/operations/topologies/none/parked-keys'],
    ['POST', '/v1/operations/topologies/none/parked-keys/k/replay'],
    ['POST', '/v1/operations/topologies/none/parked-keys/k/discard'],
  ])('%s %s names a topology there is not', async (method, path) => {
    expect(await ask(method, path, { token })).toMatchObject({ status: 404, code: 'TOPOLOGY_UNKNOWN' })
  })

  test('a key that does not wait cannot be decided on', async () => {
    const path = '/v1/operations/topologies/credit/parked-keys/a%2Fb/replay'
    expect(await ask('POST', path, { token })).toMatchObject({ status: 404, code: 'APP_KEY_NOT_PARKED' })
  })

  test('a command nobody answers is 504, and can be sent again', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const answer = await ask('POST', '/v1/api-keys', { token: TOKENS.merchant, headers: { 'idempotency-key': 'k9' } })
    expect(answer).toMatchObject({ status: 504, code: 'OUTCOME_PENDING' })
    expect(answer.headers.get('retry-after')).toBe('1')
    vi.restoreAllMocks()
  })
})

describe('the sandbox clock', () => {
  const token = TOKENS.operator
  const move = (body: object) => ask('POST', '/v1/sandbox/clock', { token, body })

  test('is moved a number of days, or to a date', async () => {
    expect(await move({ days: 1 })).toMatchObject({ status: 200, settled: true })
    expect(await move({ date: '2026-03-02' })).toMatchObject({ status: 200, settled: true })
  })

  test.each([
    ['back', { date: '2026-02-28' }, 'CLOCK_ONLY_FORWARD'],
    ['to today', { date: '2026-03-01' }, 'CLOCK_ONLY_FORWARD'],
    ['too far', { date: '9999-12-31' }, 'CLOCK_MOVE_TOO_FAR'],
  ])('is not moved %s', async (_where, body, code) => {
    expect(await move(body)).toMatchObject({ status: 422, code })
  })

  test('that another request has moved further is not moved back', async () => {
    const other = await openFakeApi({ moveTo: () => Promise.reject(new RangeError('past it')) })
    const init = { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }
    const answer = await other.app.request('/v1/sandbox/clock', { ...init, body: '{"days":1}' })
    expect(await answer.json()).toMatchObject({ status: 422, code: 'CLOCK_ONLY_FORWARD' })
    await other.close()
  })

  test('that is real is not moved', async () => {
    const real = await openFakeApi({ moveTo: null })
    const init = { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }
    const answer = await real.app.request('/v1/sandbox/clock', { ...init, body: '{"days":1}' })
    expect(await answer.json()).toMatchObject({ status: 403, code: 'CLOCK_IS_REAL' })
    await real.close()
  })
})

import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { requestId } from 'hono/request-id'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { StreamsError } from '#streams'
import { expectOutcome, Problem, renderProblem } from './problems.ts'

afterEach(() => vi.restoreAllMocks())

async function answerTo(error: Error) {
  const app = new Hono()
  app.onError(renderProblem)
  app.use(requestId())
  app.get('/v1/thing', () => {
    throw error
  })
  const answer = await app.request('/v1/thing', { headers: { 'x-request-id': 'req-1' } })
  return { headers: answer.headers, status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

describe('an error becomes problem details', () => {
  test('with its code, its fields, its headers and the id of the request', async () => {
    const errors = [{ field: 'amountMinor', code: 'too_small', message: 'must be above 0' }]
    const { status, headers, body } = await answerTo(
      new Problem(429, 'RATE_LIMITED', 'Wait.', { errors, headers: { 'retry-after': '60' } }),
    )
    expect(status).toBe(429)
    expect(body).toEqual({
      type: 'urn:fourfold:problem:rate_limited',
      title: 'Too many requests',
      status: 429,
      code: 'RATE_LIMITED',
      detail: 'Wait.',
      instance: '/v1/thing',
      requestId: 'req-1',
      errors,
    })
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'retry-after': '60',
      'x-request-id': 'req-1',
    })
  })

  test('without its insides where it is a fault of ours; the log has them, under the id of the request', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const fault = new Error('password=hunter2 at /srv/secret.ts:1')
    const { status, body } = await answerTo(fault)
    expect([status, body['code']]).toEqual([500, 'INTERNAL'])
    expect(JSON.stringify(body)).not.toMatch(/hunter2|secret|\.ts/)
    expect(log).toHaveBeenCalledExactlyOnceWith('GET /v1/thing (request req-1): INTERNAL', fault)
  })

  test('in one line of the log where we gave up knowingly, and in none where a node is told to stop', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await answerTo(new Problem(503, 'SHUTTING_DOWN', 'This node is stopping.'))
    expect(log).not.toHaveBeenCalled()
    await answerTo(new Problem(504, 'OUTCOME_PENDING', 'No outcome yet.'))
    expect(log).toHaveBeenCalledExactlyOnceWith('GET /v1/thing (request req-1): OUTCOME_PENDING', 'No outcome yet.')
  })

  test.each([
    ['CURSOR_INVALID', 400],
    ['APP_KEY_NOT_PARKED', 404],
    ['QUERY_TIMEOUT', 503],
    ['QUERY_NOT_HERE', 503],
    ['LOG_STORAGE_FULL', 503],
    ['LOG_CLOSED', 503],
    ['DATABASE_UNAVAILABLE', 503],
    ['DATABASE_FAILED', 503],
    ['ANALYTICS_UNAVAILABLE', 503],
    ['LOG_CORRUPT', 500],
  ])('%s of the platform is %i, in words for a caller', async (code, expected) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { status, headers, body } = await answerTo(new StreamsError(code, 'SELECT secret FROM table'))
    expect([status, body['code']]).toEqual([expected, expected === 500 ? 'INTERNAL' : code])
    expect(headers.get('retry-after')).toBe(expected === 503 ? '1' : null)
    expect(JSON.stringify(body)).not.toContain('SELECT')
  })

  test.each([
    [new HTTPException(400, { message: 'Malformed JSON in request body' }), 400, 'MALFORMED_JSON'],
    [new HTTPException(415, { message: 'Unsupported Media Type' }), 415, 'NOT_JSON'],
    [new HTTPException(418, { message: 'teapot' }), 418, 'HTTP_ERROR'],
  ])('%s of the framework', async (error, status, code) => {
    expect(await answerTo(error)).toMatchObject({ status, body: { code, status } })
  })
})

describe('an outcome', () => {
  const refusal = (code: string) => ({ type: 'PurchaseCommandRefused' as const, code, detail: 'Why.' })
  type Event = ReturnType<typeof refusal> | { type: 'PurchaseCaptured'; amountMinor: number }

  test('that was hoped for is given back', () => {
    const event: Event = { type: 'PurchaseCaptured', amountMinor: 5 }
    expect(expectOutcome<Event, 'PurchaseCaptured'>({ event, replayed: false }, 'PurchaseCaptured').amountMinor).toBe(5)
  })

  test.each([
    ['PURCHASE_UNKNOWN', 404, 'PURCHASE_UNKNOWN'],
    ['CHECKOUT_EXISTS', 409, 'CHECKOUT_EXISTS'],
    ['CAPTURE_OVER_AUTHORISED', 422, 'CAPTURE_OVER_AUTHORISED'],
    ['SOMETHING_NEW', 422, 'SOMETHING_NEW'],
    ['MERCHANT_MISMATCH', 404, 'PURCHASE_UNKNOWN'],
  ])('refused with %s is %i', (code, status, shown) => {
    const read = () =>
      expectOutcome<Event, 'PurchaseCaptured'>({ event: refusal(code), replayed: true }, 'PurchaseCaptured')
    expect(read).toThrow(expect.objectContaining({ status, code: shown, headers: { 'idempotent-replayed': 'true' } }))
  })

  test('of a third kind is a fault of ours', () => {
    expect(() =>
      expectOutcome<{ type: string }, string>({ event: { type: 'Other' }, replayed: false }, 'PurchaseCaptured'),
    ).toThrow(/got Other/)
  })
})

import { afterEach, expect, test, vi } from 'vitest'
import { ApiClient } from './api-client.ts'

type Sent = { readonly path: string; readonly key: string | null }

/** A network that gives these answers, one after the other; `null` is a connection that breaks. */
function network(...answers: readonly (Response | null)[]): Sent[] {
  const sent: Sent[] = []
  const left = [...answers]
  vi.stubGlobal('fetch', (path: string, { headers }: RequestInit) => {
    sent.push({ path, key: new Headers(headers).get('idempotency-key') })
    const answer = left.shift()
    return answer ? Promise.resolve(answer) : Promise.reject(new TypeError('broken'))
  })
  return sent
}

const problem = (status: number, code: string, errors: unknown = undefined) =>
  new Response(JSON.stringify({ status, code, detail: 'Why.', errors }), { status })

afterEach(() => {
  vi.unstubAllGlobals()
})

const client = () => new ApiClient(() => 'token')

test('sends a fresh key with each request', async () => {
  const sent = network(Response.json({}), Response.json({}))
  const api = client()
  await api.post('/pay', { amountMinor: 1 })
  await api.post('/pay', { amountMinor: 1 })
  expect(sent[0]?.key).toMatch(/^[0-9a-f-]{36}$/)
  expect(sent[1]?.key).not.toBe(sent[0]?.key)
})

test('repeats a request whose connection broke, with the same key', async () => {
  const sent = network(null, Response.json({ paid: true }))
  expect(await client().post('/pay', {})).toEqual({ paid: true })
  expect(sent.length).toBe(2)
  expect(sent[1]?.key).toBe(sent[0]?.key)
})

test('keeps the key of a request whose fate is unknown until it is known', async () => {
  const sent = network(null, null, null, problem(504, 'OUTCOME_PENDING'), Response.json({}), Response.json({}))
  const api = client()
  await expect(api.post('/pay', {})).rejects.toMatchObject({ code: 'UNREACHABLE' })
  await api.post('/pay', {})
  await api.post('/pay', {})
  const [first, ...others] = sent.map(({ key }) => key)
  expect(others.slice(0, 4)).toEqual([first, first, first, first])
  expect(others[4]).not.toBe(first)
})

test('does not repeat what was refused, and names its fields', async () => {
  const errors = [{ field: 'amountMinor', code: 'too_small', message: 'must be above 0' }]
  const sent = network(problem(400, 'VALIDATION_FAILED', errors), Response.json({}))
  const api = client()
  await expect(api.post('/pay', {})).rejects.toMatchObject({ status: 400, code: 'VALIDATION_FAILED', fields: errors })
  await api.post('/pay', {})
  expect(sent.length).toBe(2)
  expect(sent[1]?.key).not.toBe(sent[0]?.key)
})

test('tells an answer that is no problem details by its status', async () => {
  network(new Response('<html>', { status: 502, statusText: 'Bad Gateway' }))
  await expect(client().get('/x')).rejects.toMatchObject({
    status: 502,
    message: 'The server answered 502 Bad Gateway.',
  })
})

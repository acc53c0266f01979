import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { renderProblem } from '../problems.ts'
import type { Counter } from './counter.ts'
import { MemoryCounter } from './memory-counter.ts'
import { rateLimit } from './rate-limit.ts'

function limited(requestsPerMinuteMax: number, counter: Counter = new MemoryCounter()) {
  const app = new Hono()
  app.onError(renderProblem)
  app.use(rateLimit({ counter, requestsPerMinuteMax, addressOf: (c) => c.req.header('x-test-socket') ?? '10.0.0.1' }))
  app.get('/', (c) => c.text('ok'))
  return async (headers: Record<string, string> = {}, times = 1) => {
    const answers: Response[] = []
    for (let time = 0; time < times; time += 1) answers.push(await app.request('/', { headers }))
    return answers
  }
}

const statuses = (answers: readonly Response[]) => answers.map(({ status }) => status)

test('lets each token make so many requests, and says when to go on', async () => {
  const ask = limited(2)
  const [, , third] = await ask({ authorization: 'Bearer a' }, 3)
  expect(third?.status).toBe(429)
  expect(third?.headers.get('retry-after')).toBe('60')
  expect(await third?.json()).toMatchObject({ code: 'RATE_LIMITED' })
  expect(statuses(await ask({ authorization: 'Bearer b' }, 2))).toEqual([200, 200])
})

test('counts those without a token by the address of the socket, whatever a header says', async () => {
  const ask = limited(2)
  const spoofed = [
    ...(await ask({ 'x-forwarded-for': '1.1.1.1' })),
    ...(await ask({ 'x-forwarded-for': '2.2.2.2' })),
    ...(await ask({ 'x-forwarded-for': '3.3.3.3', forwarded: 'for=4.4.4.4' })),
  ]
  expect(statuses(spoofed)).toEqual([200, 200, 429])
  expect(statuses(await ask({ 'x-test-socket': '10.0.0.2' }))).toEqual([200])
})

test('tokens made up for each request do not go round the limit', async () => {
  const ask = limited(2)
  const answers: Response[] = []
  for (let made = 0; made < 21; made += 1) answers.push(...(await ask({ authorization: `Bearer made-up-${made}` })))
  expect(statuses(answers)).toEqual([...Array(20).fill(200), 429])
})

test('lets requests through where the counter fails', async () => {
  const broken: Counter = {
    increment: () => Promise.reject(new Error('Redis is away')),
    reset: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
  expect(statuses(await limited(1, broken)({}, 3))).toEqual([200, 200, 200])
})

import { expect, test } from 'vitest'
import type { Counter } from './counter.ts'
import { MemoryCounter } from './memory-counter.ts'
import { SignInAttempts } from './sign-in-attempts.ts'

/** How many of these attempts, made at once, are let through. */
async function letThrough(attempts: SignInAttempts, places: readonly string[]): Promise<number> {
  const results = await Promise.allSettled(places.map((address) => attempts.begin('con_1', address)))
  return results.filter(({ status }) => status === 'fulfilled').length
}

const from = (address: string, times: number) => Array<string>(times).fill(address)

test('ten attempts from an address, also where they come at once; then a quarter of an hour of rest', async () => {
  let now = 0
  const attempts = new SignInAttempts(new MemoryCounter(() => now))
  expect(await letThrough(attempts, from('10.0.0.1', 50))).toBe(10)
  await expect(attempts.begin('con_1', '10.0.0.1')).rejects.toMatchObject({
    status: 429,
    code: 'TOO_MANY_ATTEMPTS',
    headers: { 'retry-after': '900' },
  })
  expect(await letThrough(attempts, from('10.0.0.2', 1))).toBe(1)
  now += 15 * 60_000
  expect(await letThrough(attempts, from('10.0.0.1', 11))).toBe(10)
})

test('a hundred attempts from everywhere', async () => {
  const attempts = new SignInAttempts(new MemoryCounter())
  const places = Array.from({ length: 200 }, (_, index) => `10.0.1.${index}`)
  expect(await letThrough(attempts, places)).toBe(100)
  await expect(attempts.begin('con_2', '10.0.0.1')).resolves.toBeUndefined()
})

test('a right password takes the counts back', async () => {
  const attempts = new SignInAttempts(new MemoryCounter())
  for (let day = 0; day < 200; day += 1) {
    await attempts.begin('con_1', '10.0.0.1')
    await attempts.succeeded('con_1', '10.0.0.1')
  }
  expect(await letThrough(attempts, from('10.0.0.1', 20))).toBe(10)
})

test('a counter that fails locks nobody out', async () => {
  const away = () => Promise.reject(new Error('Redis is away'))
  const broken: Counter = { increment: away, reset: away, close: () => Promise.resolve() }
  const attempts = new SignInAttempts(broken)
  expect(await letThrough(attempts, from('10.0.0.1', 20))).toBe(20)
  await expect(attempts.succeeded('con_1', '10.0.0.1')).resolves.toBeUndefined()
})

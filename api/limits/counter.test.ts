import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Counter } from './counter.ts'
import { MemoryCounter } from './memory-counter.ts'
import { RedisCounter } from './redis-counter.ts'

const PORT = 16_379
const hasRedis = spawnSync('redis-server', ['--version']).status === 0
if (!hasRedis && process.env.CI === 'true') throw new Error('CI must run the Redis suite: install redis-server.')
if (!hasRedis) console.warn('Left out: the counter on Redis. To run it, install redis-server (Debian: redis-server).')

function counterSuite(name: string, open: () => Promise<Counter>) {
  describe(`a counter in ${name}`, () => {
    let counter: Counter
    beforeAll(async () => {
      counter = await open()
    })
    afterAll(() => counter.close())

    test('counts each key for itself', async () => {
      expect(await counter.increment('a', 10_000)).toBe(1)
      expect(await counter.increment('a', 10_000)).toBe(2)
      expect(await counter.increment('b', 10_000)).toBe(1)
    })

    test('counts side by side without losing one', async () => {
      const counts = await Promise.all(Array.from({ length: 50 }, () => counter.increment('many', 10_000)))
      expect(Math.max(...counts)).toBe(50)
    })

    test('begins anew where it is told to', async () => {
      await counter.increment('reset', 10_000)
      await counter.increment('reset', 10_000)
      await counter.reset('reset')
      expect(await counter.increment('reset', 10_000)).toBe(1)
    })

    test('begins anew when the window is over', async () => {
      expect(await counter.increment('short', 20)).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 60))
      expect(await counter.increment('short', 20)).toBe(1)
    })
  })
}

counterSuite('memory', () => Promise.resolve(new MemoryCounter()))

describe('a counter in memory', () => {
  test('forgets the oldest keys where there are too many, and never the one that counts now', async () => {
    const counter = new MemoryCounter(() => 1_000, 3)
    for (const key of ['a', 'b', 'c', 'd']) await counter.increment(key, 10_000)
    expect(await counter.increment('d', 10_000)).toBe(2)
    expect(await counter.increment('c', 10_000)).toBe(2)
    expect(await counter.increment('a', 10_000)).toBe(1)
  })

  test('lets go of windows that are over before it forgets one that is open', async () => {
    let now = 10_000
    const counter = new MemoryCounter(() => now, 2)
    await counter.increment('open', 60_000)
    await counter.increment('short', 10)
    now += 5_000
    await counter.increment('new', 10_000)
    expect(await counter.increment('open', 60_000)).toBe(2)
  })
})

const FLAGS = ['--port', String(PORT), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']

describe.runIf(hasRedis)('with a Redis server', () => {
  let server = hasRedis ? spawn('redis-server', FLAGS) : null
  afterAll(() => {
    server?.kill()
  })
  counterSuite('Redis', () => connectWhenUp())

  test('several nodes count together, each request once', async () => {
    const nodes = await Promise.all([connectWhenUp(), connectWhenUp(), connectWhenUp()])
    const counts = await Promise.all(
      Array.from({ length: 60 }, (_, i) => (nodes[i % 3] as Counter).increment('shared', 60_000)),
    )
    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
    await nodes[0]?.reset('shared')
    expect(await nodes[2]?.increment('shared', 60_000)).toBe(1)
    await Promise.all(nodes.map((node) => node.close()))
  })

  test('a node fails to count while the server is away, and goes on by itself when it is back', async () => {
    const silence = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const node = await connectWhenUp()
    const ended = server === null ? [] : once(server, 'close')
    server?.kill('SIGKILL')
    await ended
    await expect(node.increment('away', 60_000)).rejects.toThrow()
    server = spawn('redis-server', FLAGS)
    await vi.waitFor(async () => expect(await node.increment('back', 60_000)).toBeGreaterThan(0), 10_000)
    await node.close()
    silence.mockRestore()
  })

  test('says what to do where no server answers', async () => {
    await expect(RedisCounter.connect('redis://127.0.0.1:1')).rejects.toThrow(/REDIS_URL/)
  })
})

async function connectWhenUp(): Promise<Counter> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await RedisCounter.connect(`redis://127.0.0.1:${PORT}`)
    } catch (error) {
      if (tries > 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

import { Redis } from 'ioredis'
import type { Counter } from './counter.ts'

/** Counts and sets the end of the window in one step, so that a crash between the two leaves no key without an end. */
const INCREMENT = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count`

/** Counts in Redis: right for several nodes. */
export class RedisCounter implements Counter {
  readonly #redis: Redis

  private constructor(redis: Redis) {
    this.#redis = redis
  }

  /** @throws Error where the server cannot be reached. */
  static async connect(url: string): Promise<RedisCounter> {
    const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1, commandTimeout: 1_000 })
    redis.on('error', (error: Error) => console.error('Redis:', error.message))
    try {
      await redis.connect()
    } catch (cause) {
      redis.disconnect()
      throw new Error('Redis cannot be reached. Check REDIS_URL, or leave it empty to count in memory.', { cause })
    }
    return new RedisCounter(redis)
  }

  async increment(key: string, windowMs: number): Promise<number> {
    return Number(await this.#redis.eval(INCREMENT, 1, nameOf(key), windowMs))
  }

  async reset(key: string): Promise<void> {
    await this.#redis.del(nameOf(key))
  }

  async close(): Promise<void> {
    await this.#redis.quit()
  }
}

function nameOf(key: string): string {
  return `fourfold:limit:${key}`
}

import type { Counter } from './counter.ts'

const KEYS_MAX = 100_000
const SWEEP_EVERY_MS = 1_000

type Window = { count: number; readonly endMs: number }

/** Counts in this process: right for one node, and where no Redis is set. */
export class MemoryCounter implements Counter {
  readonly #now: () => number
  readonly #keysMax: number
  readonly #windows = new Map<string, Window>()
  #sweptMs = 0

  /** Of more than `keysMax` keys at a time the oldest are forgotten: memory stays bounded whoever makes up keys. */
  constructor(now: () => number = Date.now, keysMax: number = KEYS_MAX) {
    this.#now = now
    this.#keysMax = keysMax
  }

  increment(key: string, windowMs: number): Promise<number> {
    const now = this.#now()
    const window = this.#windows.get(key)
    if (window !== undefined && window.endMs > now) {
      window.count += 1
      return Promise.resolve(window.count)
    }
    this.#windows.delete(key)
    this.#makeRoom(now)
    this.#windows.set(key, { count: 1, endMs: now + windowMs })
    return Promise.resolve(1)
  }

  reset(key: string): Promise<void> {
    this.#windows.delete(key)
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.#windows.clear()
    return Promise.resolve()
  }

  #makeRoom(now: number): void {
    if (this.#windows.size < this.#keysMax) return
    if (now - this.#sweptMs >= SWEEP_EVERY_MS) {
      this.#sweptMs = now
      for (const [key, window] of this.#windows) if (window.endMs <= now) this.#windows.delete(key)
    }
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size < this.#keysMax) return
      this.#windows.delete(oldest)
    }
  }
}

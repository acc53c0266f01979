import { setTimeout as sleep } from 'node:timers/promises'
import type { Position } from '#streams'
import { keyOf } from './event-feed.ts'

type Waiter = { readonly offset: number; readonly resolve: (applied: boolean) => void }

/** How far a sink has come, and who waits for it to come further. */
export class AppliedPositions {
  readonly #next = new Map<string, Position>()
  readonly #waiters = new Map<string, Set<Waiter>>()
  #waiting = 0
  #wake: () => void = () => undefined

  /** The first offset of a partition that is not applied yet; 0 where the sink does not follow it. */
  applied(topic: string, partition: number): number {
    return this.#next.get(keyOf({ topic, partition }))?.offset ?? 0
  }

  /** True where the sink follows the partition. */
  follows(at: { readonly topic: string; readonly partition: number }): boolean {
    return this.#next.has(keyOf(at))
  }

  /** From now on the sink follows these partitions and no others; who waits for another one has to look elsewhere. */
  follow(positions: readonly Position[]): void {
    const followed = new Set(positions.map(keyOf))
    for (const key of [...this.#next.keys()].filter((one) => !followed.has(one))) {
      this.#next.delete(key)
      for (const waiter of this.#waiters.get(key) ?? []) waiter.resolve(false)
    }
    this.advance(positions)
  }

  /** The position of each partition the sink follows. */
  all(): readonly Position[] {
    return [...this.#next.values()]
  }

  /** Waits until the record that stands at this position is applied: true, or false after `timeoutMs`. */
  waitFor({ topic, partition, offset }: Position, timeoutMs: number): Promise<boolean> {
    if (this.applied(topic, partition) > offset) return Promise.resolve(true)
    const key = keyOf({ topic, partition })
    const waiting = this.#waiters.get(key) ?? new Set<Waiter>()
    this.#waiters.set(key, waiting)
    return new Promise((resolve) => {
      const end = (applied: boolean) => {
        clearTimeout(timer)
        if (waiting.delete(waiter)) this.#waiting -= 1
        resolve(applied)
      }
      const waiter: Waiter = { offset, resolve: end }
      const timer = setTimeout(end, timeoutMs, false)
      waiting.add(waiter)
      this.#waiting += 1
      this.#wake()
    })
  }

  /** Lets so many milliseconds pass while nobody waits; returns early when somebody does, or the signal ends it. */
  async rest(ms: number, signal: AbortSignal): Promise<void> {
    if (ms <= 0 || this.#waiting > 0) return
    const woken = new AbortController()
    this.#wake = () => woken.abort()
    await sleep(ms, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => undefined)
  }

  /** These positions are applied now; whoever waited for a record before them goes on. */
  advance(positions: readonly Position[]): void {
    for (const position of positions) {
      const key = keyOf(position)
      this.#next.set(key, position)
      for (const waiter of this.#waiters.get(key) ?? []) if (waiter.offset < position.offset) waiter.resolve(true)
    }
  }

  /** Nothing will be applied any more: whoever waits hears so. */
  close(): void {
    for (const waiting of this.#waiters.values()) for (const waiter of waiting) waiter.resolve(false)
  }
}

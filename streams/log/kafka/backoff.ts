import { setTimeout as sleep } from 'node:timers/promises'

/** Waits longer each time, until a total is used up. */
export class Backoff {
  private readonly maxMs: number
  private readonly untilMs: number
  private nextMs: number

  /** Milliseconds: the first wait, the longest, and all of them together. */
  constructor({ firstMs, maxMs, totalMs }: { firstMs: number; maxMs: number; totalMs: number }) {
    this.nextMs = firstMs
    this.maxMs = maxMs
    this.untilMs = performance.now() + totalMs
  }

  /** False at once where the total is used up. */
  async wait(): Promise<boolean> {
    const leftMs = this.untilMs - performance.now()
    if (leftMs <= 0) return false
    await sleep(Math.min(this.nextMs, leftMs))
    this.nextMs = Math.min(this.nextMs * 2, this.maxMs)
    return true
  }
}

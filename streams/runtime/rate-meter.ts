/** Buckets of one second; the longest window is a minute. */
const BUCKETS = 61

/** Events a second over the last second, ten seconds and minute. */
export type Rates = { readonly perSecond1s: number; readonly perSecond10s: number; readonly perSecond1m: number }

/** Counts events in buckets of a second, so that marking costs an addition and needs no timer. */
export class RateMeter {
  private readonly counts = new Float64Array(BUCKETS)
  private readonly seconds = new Float64Array(BUCKETS).fill(-1)
  private readonly nowMs: () => number

  constructor(nowMs: () => number) {
    this.nowMs = nowMs
  }

  mark(count: number): void {
    const second = Math.floor(this.nowMs() / 1_000)
    const slot = second % BUCKETS
    if (this.seconds[slot] !== second) {
      this.seconds[slot] = second
      this.counts[slot] = 0
    }
    this.counts[slot] = (this.counts[slot] ?? 0) + count
  }

  /** Over whole seconds that have ended: the running one would read low. */
  rates(): Rates {
    const now = Math.floor(this.nowMs() / 1_000)
    return { perSecond1s: this.mean(now, 1), perSecond10s: this.mean(now, 10), perSecond1m: this.mean(now, 60) }
  }

  private mean(now: number, window: number): number {
    let sum = 0
    for (let second = now - window; second < now; second++) {
      if (second < 0) continue
      const slot = second % BUCKETS
      if (this.seconds[slot] === second) sum += this.counts[slot] ?? 0
    }
    return sum / window
  }
}

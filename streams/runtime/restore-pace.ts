import type { Applied } from './changelog-cursors.ts'

/** How far a restore has come, and how fast it goes. */
export type RestoreProgress = {
  /** Changelog records applied, and their bytes (keys and values). */
  readonly records: number
  readonly bytes: number
  /** Offsets still to go, over all partitions: 0 when done. */
  readonly remaining: number
  /** Over the last ten seconds; 0 before the first step is done. */
  readonly recordsPerSecond: number
  readonly bytesPerSecond: number
  /** Milliseconds until it is done, at this pace; null where nothing can be said yet. */
  readonly msLeft: number | null
}

/** Of a restore that has not begun. */
export const NO_PROGRESS: RestoreProgress = {
  ...{ records: 0, bytes: 0, remaining: 0 },
  ...{ recordsPerSecond: 0, bytesPerSecond: 0, msLeft: null },
}

const WINDOW_MS = 10_000
const SAMPLE_MS = 100

type Sample = { readonly ms: number; readonly records: number; readonly bytes: number; readonly remaining: number }

/** Measures a restore by what it has done at the end of each step. */
export class RestorePace {
  private readonly nowMs: () => number
  private readonly samples: Sample[]
  private done: Applied = { records: 0, bytes: 0 }

  /** `remaining`: offsets to go at the beginning. */
  constructor(nowMs: () => number, remaining: number) {
    this.nowMs = nowMs
    this.samples = [{ ms: nowMs(), records: 0, bytes: 0, remaining }]
  }

  /** So much is done since the beginning, and so many offsets remain. */
  mark(done: Applied, remaining: number): void {
    this.done = done
    const sample = { ms: this.nowMs(), ...done, remaining }
    const [before, last] = this.samples.slice(-2)
    // Short steps are taken together, so that the window holds few samples.
    if (before !== undefined && last !== undefined && last.ms - before.ms < SAMPLE_MS) this.samples.pop()
    this.samples.push(sample)
    // The oldest one kept is the last before the window: a single long step still has a beginning.
    while ((this.samples[1]?.ms ?? sample.ms) < sample.ms - WINDOW_MS) this.samples.shift()
  }

  progress(): RestoreProgress {
    const [first, last] = [this.samples[0] as Sample, this.samples.at(-1) as Sample]
    const ms = last.ms - first.ms
    const perSecond = (amount: number) => (ms === 0 ? 0 : (amount * 1_000) / ms)
    const offsets = first.remaining - last.remaining
    return {
      ...this.done,
      remaining: last.remaining,
      recordsPerSecond: perSecond(last.records - first.records),
      bytesPerSecond: perSecond(last.bytes - first.bytes),
      msLeft: last.remaining === 0 ? 0 : offsets > 0 && ms > 0 ? Math.ceil((last.remaining * ms) / offsets) : null,
    }
  }
}

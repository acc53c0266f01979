import type { Log } from '../log/log.ts'
import type { BufferLimits } from './app-options.ts'
import type { InputPartition } from './input-partition.ts'
import { type Pace, restMs } from './pace.ts'
import { Wakeup } from './wakeup.ts'

/** What the loop reads, and how far ahead. */
export type FetchLoopOptions = {
  readonly log: Log
  /** The inputs of all tasks that run now. */
  readonly inputs: () => readonly InputPartition[]
  readonly onRecords: () => void
  readonly limits: BufferLimits
  readonly pace: Pace
  /** How long the last commit took. */
  readonly lastCommitMs: () => number
}

/** A fetch waits so long for a first record. What is new wakes it at once, so this only bounds how long it hangs. */
const WAIT_MS_MAX = 30_000

/** Keeps the buffers of the inputs filled by one fetch at a time that waits for all of them together. */
export class FetchLoop {
  private readonly options: FetchLoopOptions
  private readonly wakeup = new Wakeup()
  private abort = new AbortController()
  private stopped = false
  private dirty = false
  /** Inputs that were too full for the fetch on its way. */
  private full: readonly InputPartition[] = []
  /** Until then only what is urgent is fetched, and what the log is known to have. */
  private restsUntilMs = 0
  /** How many want no rest at the moment. */
  private hurries = 0

  constructor(options: FetchLoopOptions) {
    this.options = options
  }

  /** Runs until `stop`. @throws StreamsError of the log's fetch */
  async run(): Promise<void> {
    while (!this.stopped) {
      this.dirty = false
      const inputs = this.options.inputs()
      const roomy = inputs.filter((input) => this.hasRoom(input))
      this.full = roomy.length === inputs.length ? [] : inputs.filter((input) => !this.hasRoom(input))
      const leftMs = this.hurries > 0 ? 0 : this.restsUntilMs - performance.now()
      const wanted = leftMs <= 0 ? roomy : roomy.filter((input) => input.hasMoreInLog || this.isUrgent(input))
      if (wanted.length > 0) await this.fetch(wanted, leftMs > 0 ? leftMs : WAIT_MS_MAX)
      else if (roomy.length > 0) await this.rest(leftMs)
      else await this.wakeup.sleep()
    }
  }

  /** The set of inputs has changed. */
  refresh(): void {
    this.dirty = true
    this.wakeup.wake()
    this.abort.abort()
  }

  /** Records were consumed: an input that was too full may have room now. */
  afterConsume(): void {
    if (this.full.length > 0 && !this.dirty && this.full.some((input) => this.hasRoom(input))) this.refresh()
  }

  /** Ends the rest under way and takes none more, until each of those who asked for it has called what this returns. */
  hurry(): () => void {
    this.hurries++
    this.refresh()
    let isOver = false
    return () => {
      if (!isOver) this.hurries--
      isOver = true
    }
  }

  stop(): void {
    this.stopped = true
    this.refresh()
  }

  private isUrgent({ topic }: InputPartition): boolean {
    return this.options.pace.urgent.has(topic)
  }

  /** Ends early where the inputs change. */
  private async rest(ms: number): Promise<void> {
    const timer = setTimeout(() => this.wakeup.wake(), ms)
    await this.wakeup.sleep()
    clearTimeout(timer)
  }

  private async fetch(wanted: readonly InputPartition[], waitMs: number): Promise<void> {
    if (this.abort.signal.aborted) this.abort = new AbortController()
    const positions = wanted.map(({ topic, partition, fetchOffset }) => ({ topic, partition, offset: fetchOffset }))
    const fetched = await this.options.log.fetch({
      positions,
      maxBytes: this.options.limits.fetchBytesMax,
      // What the log is known to have, be it only a gap, needs no wait.
      maxWaitMs: wanted.some((input) => input.hasMoreInLog) ? 0 : waitMs,
      signal: this.abort.signal,
    })
    const { pace, lastCommitMs } = this.options
    let arrived = false
    let rests = false
    for (const [index, part] of fetched.entries()) {
      const input = wanted[index]
      if (input === undefined) continue
      const moved = input.isAwaited || part.records.length > 0
      input.accept(part)
      arrived ||= moved
      rests ||= part.records.length > 0 && !this.isUrgent(input)
    }
    if (rests) this.restsUntilMs = performance.now() + restMs(pace, lastCommitMs())
    if (arrived) this.options.onRecords()
  }

  private hasRoom(input: InputPartition): boolean {
    return input.bufferedBytes < this.options.limits.bytesMax && input.buffered < this.options.limits.recordsMax
  }
}

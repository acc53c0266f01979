import type { Log } from '../log/log.ts'
import type { BufferLimits } from './app-options.ts'
import type { InputPartition } from './input-partition.ts'
import { Wakeup } from './wakeup.ts'

/** What the loop reads, and how far ahead. */
export type FetchLoopOptions = {
  readonly log: Log
  /** The inputs of all tasks that run now. */
  readonly inputs: () => readonly InputPartition[]
  readonly onRecords: () => void
  readonly limits: BufferLimits
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

  constructor(options: FetchLoopOptions) {
    this.options = options
  }

  /** Runs until `stop`. @throws StreamsError of the log's fetch */
  async run(): Promise<void> {
    while (!this.stopped) {
      this.dirty = false
      const inputs = this.options.inputs()
      const wanted = inputs.filter((input) => this.hasRoom(input))
      this.full = wanted.length === inputs.length ? [] : inputs.filter((input) => !this.hasRoom(input))
      if (wanted.length === 0) await this.wakeup.sleep()
      else await this.fetch(wanted)
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

  stop(): void {
    this.stopped = true
    this.refresh()
  }

  private async fetch(wanted: readonly InputPartition[]): Promise<void> {
    if (this.abort.signal.aborted) this.abort = new AbortController()
    const positions = wanted.map(({ topic, partition, fetchOffset }) => ({ topic, partition, offset: fetchOffset }))
    const fetched = await this.options.log.fetch({
      positions,
      maxBytes: this.options.limits.fetchBytesMax,
      // What the log is known to have, be it only a gap, needs no wait.
      maxWaitMs: wanted.some((input) => input.hasMoreInLog) ? 0 : WAIT_MS_MAX,
      signal: this.abort.signal,
    })
    let arrived = false
    for (const part of fetched) {
      const input = wanted.find(({ topic, partition }) => topic === part.topic && partition === part.partition)
      if (input === undefined) continue
      const moved = input.isAwaited || part.records.length > 0
      input.accept(part)
      arrived ||= moved
    }
    if (arrived) this.options.onRecords()
  }

  private hasRoom(input: InputPartition): boolean {
    return input.bufferedBytes < this.options.limits.bytesMax && input.buffered < this.options.limits.recordsMax
  }
}

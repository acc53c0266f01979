import { setTimeout as sleep } from 'node:timers/promises'
import { msToDate } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import { type ClockTicked, rootMeta } from '#schemas'
import {
  decodeWhenReady,
  isStreamsError,
  type Log,
  type Position,
  type ProducerRecord,
  type Topic,
  type TransactionalProducer,
} from '#streams'

/** What ticks are written to, and with which clock their records are stamped. */
export type ClockTopicOptions = {
  readonly log: Log
  readonly topic: Topic<ClockTicked>
  readonly wallMs: () => number
}

/** Under this id any process may write ticks, one at a time: whoever opens it fences the one before. */
const LEASE_ID = 'fourfold.clock'
/** How far before its end a partition is read for its last tick: the log may have gaps. */
const LOOK_BACK = 16
const FETCH_BYTES = 1_048_576
const FETCH_WAIT_MS = 5_000
const RETRY_MS = 1_000
const TRIES_MAX = 10

/**
 * The ticks as they stand in the log, read from partition 0 and written to all partitions in one atomic step.
 * Invariant: whoever ticks has read to the end under the lease, so time never goes back, whichever process ticks.
 */
export class ClockTopic {
  readonly #options: ClockTopicOptions
  /** Called when a later tick was read or written. */
  onTick: () => void = () => undefined
  #next: Position
  #lastMs: number | null = null
  #lease: TransactionalProducer | null = null

  private constructor(options: ClockTopicOptions, next: Position) {
    this.#options = options
    this.#next = next
  }

  /** Reads the last tick. */
  static async open(options: ClockTopicOptions): Promise<ClockTopic> {
    const partitions = [{ topic: options.topic.name, partition: 0 }]
    const [begin] = await options.log.beginningOffsets(partitions)
    const [end] = await options.log.endOffsets(partitions)
    if (begin === undefined || end === undefined) throw new TypeError('A log answered for no partition.')
    const ticks = new ClockTopic(options, end)
    for (let back = LOOK_BACK; ticks.#lastMs === null && ticks.#next.offset > begin.offset; back *= 4) {
      ticks.#next = { ...end, offset: Math.max(begin.offset, end.offset - back) }
      const from = ticks.#next.offset
      await ticks.readOn()
      if (from === begin.offset) break
    }
    return ticks
  }

  /** The newest tick; null where there is none yet. */
  get lastMs(): number | null {
    return this.#lastMs
  }

  /** Takes in all ticks there are, by whomever. Records that nobody can read are passed over. */
  async readOn(): Promise<void> {
    const [end] = await this.#options.log.endOffsets([this.#next])
    let position = this.#next
    while (position.offset < (end?.offset ?? 0)) {
      const after = await this.#read(position, 0)
      if (after.offset === position.offset) break
      position = after
    }
  }

  /** Takes in ticks as they come, until the signal ends it. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#read(this.#next, FETCH_WAIT_MS, signal)
      } catch (error) {
        if (signal.aborted) return
        console.error('The ticks of the clock cannot be read; it tries again.', error)
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  /** Makes this process the one that ticks, and reads all there is under it. */
  async takeLease(): Promise<void> {
    this.#lease = await this.#options.log.producer(LEASE_ID)
    await this.readOn()
  }

  async dropLease(): Promise<void> {
    await this.#lease?.close()
    this.#lease = null
  }

  /** Writes a tick. @throws StreamsError LOG_FENCED where another process has taken the lease since. */
  async tick(timeMs: number): Promise<void> {
    const records = this.#recordsOf(timeMs)
    for (let tries = 1; ; tries++) {
      try {
        if (this.#lease === null) await this.takeLease()
        if (this.#lastMs !== null && timeMs <= this.#lastMs) return
        await this.#lease?.commit({ records, consumed: null })
        return this.#take(timeMs)
      } catch (error) {
        if (tries >= TRIES_MAX || !isStreamsError(error)) throw error
        // The next lease ends what may be pending, and what it reads tells whether the tick is there.
        if (error.code === 'LOG_OUTCOME_UNKNOWN') this.#lease = null
        else if (error.code !== 'LOG_ABORTED') throw error
      }
    }
  }

  #recordsOf(timeMs: number): readonly ProducerRecord[] {
    const { log, topic, wallMs } = this.#options
    const date = msToDate(timeMs)
    const id = deriveId('tick', timeMs)
    const meta = rootMeta({ source: 'clock', id, occurredAt: timeMs, businessDate: date })
    const value = topic.value.serialize({ type: 'ClockTicked', meta, time: timeMs, date })
    const key = topic.key.serialize(date)
    return Array.from(
      { length: log.partitionCount(topic.name) },
      (_, partition): ProducerRecord => ({ topic: topic.name, partition, timestampMs: wallMs(), key, value }),
    )
  }

  async #read(position: Position, maxWaitMs: number, signal?: AbortSignal): Promise<Position> {
    const { log, topic } = this.#options
    const request = { positions: [position], maxBytes: FETCH_BYTES, maxWaitMs }
    const [fetched] = await log.fetch(signal === undefined ? request : { ...request, signal })
    if (fetched === undefined) return position
    for (const { value } of fetched.records) {
      const timeMs = await timeOf(topic, value)
      if (timeMs !== null) this.#take(timeMs)
    }
    const after = { ...position, offset: fetched.nextOffset }
    if (after.offset > this.#next.offset) this.#next = after
    return after
  }

  /** Ticks rise, so whatever is read twice changes nothing. */
  #take(timeMs: number): void {
    if (this.#lastMs !== null && timeMs <= this.#lastMs) return
    this.#lastMs = timeMs
    this.onTick()
  }
}

async function timeOf(topic: Topic<ClockTicked>, value: Buffer | null): Promise<number | null> {
  try {
    return value === null ? null : (await decodeWhenReady(topic.value, value)).time
  } catch (error) {
    // That the registry is away says nothing about the record.
    if (!isStreamsError(error) || error.code === 'SCHEMA_REGISTRY_UNAVAILABLE') throw error
    return null
  }
}

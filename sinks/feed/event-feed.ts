import { setTimeout as sleep } from 'node:timers/promises'
import {
  decodeWhenReady,
  type FetchedPartition,
  type Log,
  type LogRecord,
  type Position,
  type Topic,
  type TopicPartition,
} from '#streams'
import type { DecodedRecord, FeedBatch, SinkEvent, UnreadableRecord } from './feed-record.ts'
import { inSlices } from './slices.ts'

/** About 2,000 records: enough for a transaction to pay, and read soon after it was written. */
const FEED_BATCH_BYTES = 1_048_576
const WAIT_MS = 5_000
/** A fetch may bring somewhat more than it was asked for, and another process may have been told to take more. */
const BLOCK_BATCHES_MAX = 4

/** Reads topics in batches, from any positions, and decodes them. One reader at a time. */
export class EventFeed {
  readonly #log: Log
  readonly #topics: ReadonlyMap<string, Topic<SinkEvent>>
  readonly #batchBytes: number
  #positions: Position[] = []

  constructor(log: Log, topics: readonly Topic<SinkEvent>[], batchBytes: number = FEED_BATCH_BYTES) {
    this.#log = log
    this.#batchBytes = batchBytes
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]))
  }

  /** All partitions of the topics. */
  partitions(): readonly TopicPartition[] {
    return [...this.#topics.keys()].flatMap((topic) =>
      Array.from({ length: this.#log.partitionCount(topic) }, (_, partition) => ({ topic, partition })),
    )
  }

  /** Goes on with these partitions from here; one that has no position is read from its first record. */
  async seek(
    from: readonly Position[],
    partitions: readonly TopicPartition[] = this.partitions(),
  ): Promise<readonly Position[]> {
    const known = new Map(from.map((position) => [keyOf(position), position.offset]))
    const beginnings = await this.#log.beginningOffsets(partitions)
    this.#positions = beginnings.map((begin) => ({ ...begin, offset: known.get(keyOf(begin)) ?? begin.offset }))
    return this.#positions
  }

  /** The next batch; an empty one where nothing came for a while, or the signal ended the wait. */
  async next(signal: AbortSignal): Promise<FeedBatch> {
    const before = this.#positions
    // Another process has all of them.
    if (before.length === 0) await sleep(WAIT_MS, undefined, { signal }).catch(() => undefined)
    const fetched = await this.#log.fetch({
      positions: before,
      maxBytes: this.#batchBytes,
      maxWaitMs: WAIT_MS,
      signal,
    })
    this.#moveOn(fetched)
    const decoded = await this.#decodeAll(fetched.flatMap((partition) => partition.records))
    const positions = fetched.map(({ topic, partition, nextOffset }) => ({ topic, partition, offset: nextOffset }))
    const behind = fetched.some((partition) => partition.nextOffset < partition.endOffset)
    const moved = new Set(positions.map(keyOf))
    return { ...decoded, from: before.filter((one) => moved.has(keyOf(one))), positions, behind }
  }

  /**
   * All there is up to these positions, as one batch; null where that is more than a batch can be, with nothing read.
   * The signal may end it early, and then it is not whole.
   */
  async upTo(ends: readonly Position[], signal: AbortSignal): Promise<FeedBatch | null> {
    const start = this.#positions
    const bytesMax = BLOCK_BATCHES_MAX * this.#batchBytes
    let bytes = 0
    const until = new Map(ends.map((end) => [keyOf(end), end.offset]))
    const isBefore = (at: Position) => at.offset < (until.get(keyOf(at)) ?? 0)
    const from = this.#positions.filter(isBefore)
    const records: LogRecord[] = []
    while (this.#positions.some(isBefore) && !signal.aborted) {
      const positions = this.#positions.filter(isBefore)
      const fetched = await this.#log.fetch({ positions, maxBytes: this.#batchBytes, maxWaitMs: WAIT_MS, signal })
      for (const part of fetched) {
        for (const record of part.records.filter(isBefore)) {
          records.push(record)
          bytes += record.value?.length ?? 0
        }
      }
      if (bytes > bytesMax) {
        this.#positions = start
        return null
      }
      const next = fetched.map((part) => ({
        ...part,
        nextOffset: Math.min(part.nextOffset, until.get(keyOf(part)) ?? 0),
      }))
      this.#moveOn(next)
    }
    const moved = new Set(from.map(keyOf))
    const positions = this.#positions.filter((one) => moved.has(keyOf(one)))
    return { ...(await this.#decodeAll(records)), from, positions, behind: true }
  }

  async #decodeAll(records: readonly LogRecord[]): Promise<Pick<FeedBatch, 'events' | 'unreadable'>> {
    const events: DecodedRecord[] = []
    const unreadable: UnreadableRecord[] = []
    for await (const slice of inSlices(records)) {
      for (const record of slice) {
        const { topic, partition, offset } = record
        try {
          events.push({ topic, partition, offset, event: await this.#decode(record) })
        } catch (error) {
          unreadable.push({ topic, partition, offset, bytes: record.value ?? Buffer.alloc(0), problem: String(error) })
        }
      }
    }
    return { events, unreadable }
  }

  async #decode(record: LogRecord): Promise<SinkEvent> {
    const topic = this.#topics.get(record.topic)
    if (topic === undefined || record.value === null) throw new Error(`A record of ${record.topic} has no value.`)
    return decodeWhenReady(topic.value, record.value)
  }

  /** What gave records goes to the end of the queue, so that a busy partition does not starve the others. */
  #moveOn(fetched: readonly FetchedPartition[]): void {
    const moved = new Map(fetched.map((partition) => [keyOf(partition), partition]))
    const waiting = this.#positions.filter((position) => !moved.get(keyOf(position))?.records.length)
    const served = this.#positions.filter((position) => moved.get(keyOf(position))?.records.length)
    this.#positions = [...waiting, ...served].map((position) => ({
      ...position,
      offset: moved.get(keyOf(position))?.nextOffset ?? position.offset,
    }))
  }
}

/** A partition as one word. */
export function keyOf(at: TopicPartition): string {
  return `${at.topic}/${at.partition}`
}

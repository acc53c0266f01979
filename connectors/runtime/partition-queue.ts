/**
 * The requests of one partition that have been taken and not yet committed.
 *
 * Invariants:
 * - The position moves over a contiguous finished prefix only: no request is lost.
 * - Results of one key leave in the order of their requests.
 * - Results leave in the order of the partition, together with the position that covers them (so a crash repeats
 *   none), except while a slow request holds up the rest: then those of other keys pass it, and after a crash they are
 *   written once more, with the same bytes and id. A result that could come out otherwise then is held.
 */
import type { LogRecord, ProducerRecord, TopicPartition } from '#streams'

/** A request on its way. */
export type Entry = {
  readonly record: LogRecord
  readonly key: string
  readonly startedMs: number
  /** Results that have not left yet. */
  readonly waiting: ProducerRecord[]
  /** Its results leave only together with the position that covers them. */
  isHeld: boolean
  /** A result has left before the request was finished. */
  hasPassed: boolean
  isFinished: boolean
}

/** What can leave now. `committed` is called once it has. */
export type Departure = {
  readonly records: readonly ProducerRecord[]
  /** The position after it. */
  readonly offset: number
  committed(): void
}

/** Requests on their way, in the order of their offsets. */
export class PartitionQueue {
  readonly partition: TopicPartition
  readonly abort = new AbortController()
  /** Where to read on. */
  nextOffset: number
  /** The last position that is committed, or that reading began at. */
  committedOffset: number
  /** The first offset that was not there yet when reading began: from it on every request is new. */
  readonly newFrom: number
  /** The end of the partition, as of the last fetch. */
  endOffset: number
  /** Too many requests are open for more to be read. */
  isHeldBack = false
  #entries: Entry[] = []

  constructor(partition: TopicPartition, offset: number, newFrom: number) {
    this.partition = partition
    this.nextOffset = offset
    this.committedOffset = offset
    this.newFrom = newFrom
    this.endOffset = newFrom
  }

  /** Requests that are open, or whose results have not left. */
  get length(): number {
    return this.#entries.length
  }

  /** Requests that are in the log and have not been answered and committed. */
  get lag(): number {
    return Math.max(0, this.endOffset - this.committedOffset)
  }

  add(record: LogRecord, startedMs: number): Entry {
    const key = record.key?.toString('latin1') ?? ''
    const entry: Entry = { record, key, startedMs, waiting: [], isHeld: false, hasPassed: false, isFinished: false }
    this.#entries.push(entry)
    return entry
  }

  /** What can leave; a request that has been open since before `slowSinceMs` holds up its own key only. */
  depart(slowSinceMs: number): Departure {
    const leaving: { entry: Entry; results: number }[] = []
    const blocked = new Set<string>()
    let prefix = 0
    for (const [index, entry] of this.#entries.entries()) {
      if (entry.isFinished) {
        const mayLeave = !entry.isHeld || prefix === index
        if (mayLeave && !blocked.has(entry.key)) leaving.push({ entry, results: entry.waiting.length })
        else blocked.add(entry.key)
        if (prefix === index) prefix++
        continue
      }
      const isSlow = entry.startedMs < slowSinceMs || entry.hasPassed || entry.waiting.length > 0
      if (!isSlow) break
      if (!blocked.has(entry.key)) leaving.push({ entry, results: entry.waiting.length })
      blocked.add(entry.key)
    }
    const offset = this.#entries[prefix]?.record.offset ?? this.nextOffset
    return {
      records: leaving.flatMap(({ entry, results }) => entry.waiting.slice(0, results)),
      offset,
      committed: () => {
        this.committedOffset = offset
        this.#committed(leaving)
      },
    }
  }

  #committed(leaving: readonly { entry: Entry; results: number }[]): void {
    for (const { entry, results } of leaving) {
      entry.waiting.splice(0, results)
      entry.hasPassed ||= results > 0
    }
    // What is finished and has left is done with, also behind a slow request: that one alone holds the position.
    this.#entries = this.#entries.filter((entry) => !entry.isFinished || entry.waiting.length > 0)
  }
}

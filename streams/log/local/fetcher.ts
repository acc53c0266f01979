import { setImmediate } from 'node:timers/promises'
import { StreamsError } from '../../errors.ts'
import type { FetchedPartition, FetchRequest, LogRecord } from '../log.ts'
import type { LogStorage, ReadRecords } from './log-storage.ts'
import type { PartitionState, TopicTable } from './partition-state.ts'
import { recordBytes, type TailCache } from './tail-cache.ts'

/** The longest a timer of Node can be set to. */
const TIMER_MS_MAX = 2 ** 31 - 1

/** Fetches from the tail take no turn of the event loop; after so many milliseconds of them one is let through. */
const TURN_MS = 5

/** Where one partition of a fetch stands. */
type Cursor = { readonly state: PartitionState; offset: number; records: readonly LogRecord[] }

/**
 * Answers fetches: from the tail where it can, else from the storage; and lets them wait for a first record. A wait
 * costs one entry in each partition it is about, and an append wakes those who wait for its partitions only.
 */
export class Fetcher {
  private readonly topics: TopicTable
  private readonly tail: TailCache
  private readonly storage: LogStorage
  /** Which partition is served first moves on, so that a full one does not keep the others from being read. */
  private turn = 0
  private lastTurnMs = 0
  private readonly ends = new Set<() => void>()

  constructor(topics: TopicTable, tail: TailCache, storage: LogStorage) {
    this.topics = topics
    this.tail = tail
    this.storage = storage
  }

  async fetch(request: FetchRequest): Promise<readonly FetchedPartition[]> {
    const cursors: Cursor[] = request.positions.map(({ topic, partition, offset }) => {
      return { state: this.topics.partition(topic, partition), offset, records: [] }
    })
    const deadlineMs = (await this.takeTurn()) + request.maxWaitMs
    for (;;) {
      if (await this.gather(cursors, request.maxBytes)) break
      if (cursors.some(({ state, offset }) => offset < state.next)) continue
      const leftMs = deadlineMs - performance.now()
      if (leftMs <= 0 || request.signal?.aborted === true) break
      if (!(await this.waitForAppend(cursors, leftMs, request.signal))) break
    }
    return cursors.map(({ state, offset, records }) => {
      return { topic: state.topic, partition: state.partition, records, nextOffset: offset, endOffset: state.next }
    })
  }

  /** Keeps readers that always find something from starving what else the process does, the writers among it. */
  private async takeTurn(): Promise<number> {
    const nowMs = performance.now()
    if (nowMs - this.lastTurnMs < TURN_MS) return nowMs
    await setImmediate()
    this.lastTurnMs = performance.now()
    return this.lastTurnMs
  }

  /** Ends all waits. */
  endWaits(): void {
    for (const end of [...this.ends]) end()
  }

  /** True where there is a record. */
  private async gather(cursors: readonly Cursor[], maxBytes: number): Promise<boolean> {
    let left = maxBytes
    let any = false
    const start = this.turn++
    for (let i = 0; i < cursors.length; i++) {
      const cursor = cursors[(start + i) % cursors.length] as Cursor
      const { state, offset } = cursor
      if (!(offset >= state.begin && offset <= state.next)) throw outOfRange(state, offset)
      if (offset === state.next || (any && left <= 0)) continue
      const read = this.tail.read(state, offset, left) ?? (await this.readStored(state, offset, left))
      cursor.offset = read.nextOffset
      cursor.records = read.records
      if (read.records.length === 0) continue
      any = true
      for (const record of read.records) left -= recordBytes(record)
    }
    return any
  }

  private async readStored(state: PartitionState, offset: number, maxBytes: number): Promise<ReadRecords> {
    const read = await this.storage.read(state, offset, state.next, maxBytes)
    // Retention may have gone over the place while it was read.
    if (offset < state.begin) throw outOfRange(state, offset)
    return read
  }

  /** False where the wait ended without an append. */
  private waitForAppend(cursors: readonly Cursor[], ms: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (appended: boolean) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', giveUp)
        this.ends.delete(giveUp)
        for (const { state } of cursors) state.waiters.delete(wake)
        resolve(appended)
      }
      const wake = () => finish(true)
      const giveUp = () => finish(false)
      const timer = setTimeout(giveUp, Math.min(ms, TIMER_MS_MAX))
      signal?.addEventListener('abort', giveUp, { once: true })
      this.ends.add(giveUp)
      for (const { state } of cursors) state.waiters.add(wake)
    })
  }
}

function outOfRange(state: PartitionState, offset: number): StreamsError {
  const { topic, partition, begin, next } = state
  const why =
    offset < begin
      ? `it begins at ${begin}: what was before is no longer kept. Go on from ${begin}, and find out what was missed`
      : `it ends at ${next}. The position belongs to another log, or the log has lost its end: reset the position`
  return new StreamsError(
    'LOG_OFFSET_OUT_OF_RANGE',
    `${topic}/${partition} cannot be read at offset ${offset}; ${why}.`,
  )
}

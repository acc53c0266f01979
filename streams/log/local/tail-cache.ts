import type { LogRecord } from '../log.ts'
import type { ReadRecords } from './log-storage.ts'
import type { PartitionState } from './partition-state.ts'

/** What an object costs beside the bytes of its key and value: the record and its two buffers. */
const RECORD_OVERHEAD = 250

type Chunk = {
  readonly owner: Tail
  readonly baseOffset: number
  readonly nextOffset: number
  readonly records: readonly LogRecord[]
  readonly bytes: number
}

/**
 * Chunks without a gap between them, the last one ending at the partition's end; and how many bytes had been written
 * in all when the partition was last read.
 */
type Tail = { chunks: Chunk[]; readAt: number }

/** The bytes of a record that count against the limits of a fetch. */
export function recordBytes(record: LogRecord): number {
  return (record.key?.length ?? 0) + (record.value?.length ?? 0)
}

/**
 * The newest records of all partitions, as objects, so that consumers at the tail neither read the storage nor decode.
 * Bounded over all partitions together; what was written first goes first. Of a partition that nobody follows nothing
 * is kept: most of what is written are changelogs, and those are read after a failure only.
 */
export class TailCache {
  private readonly bytesMax: number
  private readonly tails = new Map<PartitionState, Tail>()
  /** All chunks in the order written; those before `first` have gone. */
  private order: Chunk[] = []
  private first = 0
  private bytes = 0
  /** Bytes of all that was ever written, kept or not. */
  private written = 0

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax
  }

  add(state: PartitionState, baseOffset: number, nextOffset: number, records: readonly LogRecord[]): void {
    if (this.bytesMax === 0) return
    let bytes = 0
    for (const record of records) bytes += recordBytes(record) + RECORD_OVERHEAD
    this.written += bytes
    const tail = this.followedTail(state)
    if (tail === undefined) {
      this.forget(state)
      return
    }
    const chunk: Chunk = { owner: tail, baseOffset, nextOffset, records, bytes }
    tail.chunks.push(chunk)
    this.order.push(chunk)
    this.bytes += bytes
    while (this.bytes > this.bytesMax) this.evict()
  }

  /** Records from `offset` on, about `maxBytes` of them; undefined where the tail begins later. */
  read(state: PartitionState, offset: number, maxBytes: number): ReadRecords | undefined {
    const { chunks } = this.follow(state)
    const oldest = chunks[0]
    if (oldest === undefined || offset < oldest.baseOffset) return undefined
    let index = chunkOf(chunks, offset)
    const first = chunks[index]
    if (first === undefined) return undefined
    if (offset === first.baseOffset && first.bytes <= maxBytes && index === chunks.length - 1) return first
    const records: LogRecord[] = []
    let left = maxBytes
    let nextOffset = offset
    for (; index < chunks.length; index++) {
      const chunk = chunks[index] as Chunk
      for (let i = firstAtOrAfter(chunk.records, nextOffset); i < chunk.records.length; i++) {
        const record = chunk.records[i] as LogRecord
        left -= recordBytes(record)
        if (left < 0 && records.length > 0) return { records, nextOffset }
        records.push(record)
        nextOffset = record.offset + 1
      }
      nextOffset = chunk.nextOffset
    }
    return { records, nextOffset }
  }

  /** Lets go of a partition whose records have become fewer in the storage. */
  forget(state: PartitionState): void {
    const tail = this.tails.get(state)
    if (tail === undefined) return
    this.tails.delete(state)
    for (const chunk of tail.chunks) this.bytes -= chunk.bytes
    this.order = this.order.slice(this.first).filter((chunk) => chunk.owner !== tail)
    this.first = 0
  }

  /** Notes that a partition is read. */
  private follow(state: PartitionState): Tail {
    const tail = this.tails.get(state) ?? { chunks: [], readAt: 0 }
    tail.readAt = this.written
    this.tails.set(state, tail)
    return tail
  }

  /**
   * The tail of a partition whose end somebody waits at, or that was read lately: a reader that stays away while all of
   * the memory is written over would find nothing of its own any more.
   */
  private followedTail(state: PartitionState): Tail | undefined {
    if (state.waiters.size > 0) return this.follow(state)
    const tail = this.tails.get(state)
    return tail !== undefined && this.written - tail.readAt <= this.bytesMax ? tail : undefined
  }

  private evict(): void {
    const chunk = this.order[this.first]
    if (chunk === undefined) return
    this.first++
    this.bytes -= chunk.bytes
    chunk.owner.chunks.shift()
    if (this.first < 1024 || this.first * 2 < this.order.length) return
    this.order = this.order.slice(this.first)
    this.first = 0
  }
}

/** The index of the chunk that holds `offset`, which is not below the first one. */
function chunkOf(chunks: readonly Chunk[], offset: number): number {
  let low = 0
  let high = chunks.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((chunks[middle] as Chunk).baseOffset <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** The index of the first record at or after an offset; the count of the records where there is none. */
export function firstAtOrAfter(records: readonly LogRecord[], offset: number): number {
  let low = 0
  let high = records.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((records[middle] as LogRecord).offset < offset) low = middle + 1
    else high = middle
  }
  return low
}

import type { LogRecord, TopicPartition } from './log.ts'

/**
 * Goes through fetched records one after the other and gives only what a store takes of them. A restore reads millions
 * and keeps none: an object for each would cost it more than the reading does.
 */
export interface EntryReader {
  /**
   * Moves to the next record; false where there is none.
   * @throws StreamsError LOG_CORRUPT, LOG_COMPRESSION_UNKNOWN (records may be decoded only now)
   */
  next(): boolean
  /** Of the record it stands on. */
  readonly offset: number
  /** The key with `prefix` before it, in bytes of its own; null where the record has no key. */
  keyBehind(prefix: Buffer): Buffer | null
  /** Null for a tombstone. Perhaps a view of what was fetched: for a write at once, not to be kept. */
  value(): Buffer | null
}

/** What one partition gave to `fetchEntries`; see `FetchedPartition`. */
export type FetchedEntries = TopicPartition & {
  readonly entries: EntryReader
  readonly nextOffset: number
  readonly endOffset: number
  /** Says that nobody reads its entries or their values any more: their bytes may be used again. Only once. */
  readonly release: () => void
}

/** A reader of records that are there already. */
export function entriesOf(records: readonly LogRecord[]): EntryReader {
  let at = -1
  return {
    next: () => ++at < records.length,
    get offset() {
      return records[at]?.offset ?? -1
    },
    keyBehind: (prefix) => {
      const key = records[at]?.key ?? null
      return key === null ? null : joined(prefix, key, 0, key.length)
    },
    value: () => records[at]?.value ?? null,
  }
}

/** From here on the call that copies is cheaper than a loop. */
const SHORT = 64

/** A prefix and some bytes of another buffer as one. By hand, because `Buffer.concat` takes three times as long. */
export function joined(prefix: Buffer, bytes: Buffer, from: number, to: number): Buffer {
  const both = Buffer.allocUnsafe(prefix.length + to - from)
  copy(prefix, 0, prefix.length, both, 0)
  copy(bytes, from, to, both, prefix.length)
  return both
}

function copy(source: Buffer, from: number, to: number, target: Buffer, start: number): void {
  if (to - from > SHORT) {
    source.copy(target, start, from, to)
    return
  }
  for (let at = from, into = start; at < to; at++, into++) target[into] = source[at] as number
}

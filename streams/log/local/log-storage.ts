import type { LogRecord, Position, TopicSpec } from '../log.ts'

/**
 * What a log inside one process needs of the place it keeps its records in: the seam between `LocalLog`, which has all
 * the rules, and memory or RocksDB, which have none. A storage never decides what is visible: it is told.
 */

/** A partition by the id of its topic, which is never used again for another topic. */
export type PartitionAddress = { readonly topicId: number; readonly topic: string; readonly partition: number }

/** What a storage keeps of a partition beside its records. */
export type PartitionMark = {
  /** The offset of the first record still kept. */
  readonly begin: number
  /** The offset the next record gets. */
  readonly next: number
  /** Compaction has gone over everything below this offset... */
  readonly cleanedTo: number
  /** ...and has left so many records there. */
  readonly cleanRecords: number
}

/** Records of one partition that were written in one step: they are kept, deleted and checked together. */
export type RecordBatch = {
  readonly at: PartitionAddress
  readonly baseOffset: number
  /** The offset after the batch; it can pass the last record's by more than one. */
  readonly nextOffset: number
  readonly records: readonly LogRecord[]
}

/** A batch as it is read back. */
export type StoredBatch = {
  readonly baseOffset: number
  readonly nextOffset: number
  readonly maxTimestampMs: number
  /** When compaction may drop the tombstones in it, milliseconds since the epoch; 0 where it has not seen them yet. */
  readonly tombstonesUntilMs: number
  /** Decodes. @throws StreamsError LOG_CORRUPT */
  records(): readonly LogRecord[]
}

/** What a batch becomes in a compaction; without records it goes. */
export type BatchRewrite = RecordBatch & { readonly tombstonesUntilMs: number }

/** A position with the group whose it is. */
export type GroupPosition = Position & { readonly group: string }

/** A topic with the id its records are stored under. */
export type StoredTopic = { readonly id: number; readonly spec: TopicSpec }

/** What a storage held when it was opened. */
export type Recovered = {
  readonly topics: readonly (StoredTopic & { readonly partitions: readonly PartitionMark[] })[]
  readonly positions: readonly GroupPosition[]
}

/** Records from an offset on. */
export type ReadRecords = { readonly records: readonly LogRecord[]; readonly nextOffset: number }

/** Where records are kept. See the top of this file. */
export interface LogStorage {
  readonly persistent: boolean
  /** What is there, once, before anything else. */
  recover(): Promise<Recovered>
  createTopics(topics: readonly StoredTopic[]): Promise<void>
  /**
   * All of it, or nothing.
   * @throws StreamsError LOG_STORAGE_FULL, LOG_ABORTED (certainly not written), LOG_OUTCOME_UNKNOWN. After an error
   * nothing more is written.
   */
  write(batches: readonly RecordBatch[], positions: readonly GroupPosition[]): Promise<void>
  /**
   * Records from `offset` on, below `end`, in order, about `maxBytes` of them and at least one where there is one.
   * Without records `nextOffset` is `end`.
   */
  read(at: PartitionAddress, offset: number, end: number, maxBytes: number): Promise<ReadRecords>
  /** The batches that hold offsets from `from` on, below `end`, in order. */
  batches(at: PartitionAddress, from: number, end: number): AsyncIterable<StoredBatch>
  /** Replaces batches by their compacted selves, atomically, and keeps the mark where one is given. */
  rewrite(at: PartitionAddress, batches: readonly BatchRewrite[], mark: PartitionMark | null): Promise<void>
  /** Drops the batches below `mark.begin` and keeps the mark, atomically. */
  deleteBelow(at: PartitionAddress, mark: PartitionMark): Promise<void>
  close(): Promise<void>
}

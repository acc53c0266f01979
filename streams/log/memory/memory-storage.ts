import type {
  BatchRewrite,
  GroupPosition,
  LogStorage,
  PartitionAddress,
  PartitionMark,
  ReadRecords,
  RecordBatch,
  Recovered,
  StoredBatch,
  StoredTopic,
} from '../local/log-storage.ts'
import { firstAtOrAfter, recordBytes } from '../local/tail-cache.ts'
import type { LogRecord } from '../log.ts'

type MemoryBatch = Omit<StoredBatch, 'records'> & { readonly stored: readonly LogRecord[] }

/** Keeps a log's records as objects. What it holds is gone with the process. */
export class MemoryStorage implements LogStorage {
  readonly persistent = false
  private readonly partitions = new Map<string, MemoryBatch[]>()

  async recover(): Promise<Recovered> {
    return { topics: [], positions: [] }
  }

  async createTopics(topics: readonly StoredTopic[]): Promise<void> {
    for (const { id, spec } of topics) {
      for (let partition = 0; partition < spec.partitions; partition++) {
        this.partitions.set(`${id}/${partition}`, [])
      }
    }
  }

  async write(batches: readonly RecordBatch[], _positions: readonly GroupPosition[]): Promise<void> {
    for (const batch of batches) this.of(batch.at).push(toStored(batch, 0))
  }

  async read(at: PartitionAddress, offset: number, end: number, maxBytes: number): Promise<ReadRecords> {
    const batches = this.of(at)
    const records: LogRecord[] = []
    let left = maxBytes
    for (let index = firstEndingAfter(batches, offset); index < batches.length; index++) {
      const { stored, baseOffset, nextOffset } = batches[index] as MemoryBatch
      // Written, and not yet told to readers.
      if (baseOffset >= end) break
      for (let i = firstAtOrAfter(stored, offset); i < stored.length; i++) {
        const record = stored[i] as LogRecord
        left -= recordBytes(record)
        if (left < 0 && records.length > 0) return { records, nextOffset: record.offset }
        records.push(record)
      }
      if (left <= 0 && records.length > 0) return { records, nextOffset }
    }
    return { records, nextOffset: end }
  }

  async *batches(at: PartitionAddress, from: number, end: number): AsyncIterable<StoredBatch> {
    for (const batch of [...this.of(at)]) {
      if (batch.nextOffset > from && batch.baseOffset < end) yield { ...batch, records: () => batch.stored }
    }
  }

  async rewrite(at: PartitionAddress, rewrites: readonly BatchRewrite[], _mark: PartitionMark | null): Promise<void> {
    const changed = new Map(rewrites.map((rewrite) => [rewrite.baseOffset, rewrite]))
    const kept = this.of(at).flatMap((batch) => {
      const rewrite = changed.get(batch.baseOffset)
      if (rewrite === undefined) return [batch]
      return rewrite.records.length === 0 ? [] : [toStored(rewrite, rewrite.tombstonesUntilMs)]
    })
    this.partitions.set(nameOf(at), kept)
  }

  async deleteBelow(at: PartitionAddress, { begin }: PartitionMark): Promise<void> {
    this.partitions.set(
      nameOf(at),
      this.of(at).filter((batch) => batch.nextOffset > begin),
    )
  }

  async close(): Promise<void> {
    this.partitions.clear()
  }

  private of(at: PartitionAddress): MemoryBatch[] {
    return this.partitions.get(nameOf(at)) ?? []
  }
}

function nameOf({ topicId, partition }: PartitionAddress): string {
  return `${topicId}/${partition}`
}

function toStored({ baseOffset, nextOffset, records }: RecordBatch, tombstonesUntilMs: number): MemoryBatch {
  let maxTimestampMs = -Infinity
  for (const { timestampMs } of records) if (timestampMs > maxTimestampMs) maxTimestampMs = timestampMs
  return { baseOffset, nextOffset, maxTimestampMs, tombstonesUntilMs, stored: records }
}

/** The index of the first batch that holds something at or after an offset. */
function firstEndingAfter(batches: readonly MemoryBatch[], offset: number): number {
  let low = 0
  let high = batches.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((batches[middle] as MemoryBatch).nextOffset <= offset) low = middle + 1
    else high = middle
  }
  return low
}

import type { RocksDB, RocksWriteBatch } from '../../rocksdb.ts'
import { unlessStalled } from '../../rocksdb-stall.ts'
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
import { encodedBytes } from '../local/record-bytes.ts'
import type { LogRecord } from '../log.ts'
import { type BatchHeader, encodeBatch, readHeader, readRecords } from './batch-format.ts'
import { baseOffsetOf, batchKey, markKey, positionKey, topicKey } from './keys.ts'
import { corrupt, readTrouble, syncTrouble, writeTrouble } from './log-trouble.ts'
import { encodeMark, encodePosition, recoverLog } from './recover-log.ts'
import type { WalSync } from './wal-sync.ts'

/** A batch on disk is about so long at most: what is read or rewritten in one piece. */
const BATCH_BYTES = 256 * 1024

/** Batches an iterator hands over at a time in a scan. */
const SCAN_PAGE = 8

type Entry = { readonly key: Buffer; readonly value: Buffer | null }

/** Keeps a log's records in RocksDB: a batch is one value, and a write is one atomic write, however much is in it. */
export class RocksDbStorage implements LogStorage {
  readonly persistent = true
  private readonly db: RocksDB
  private readonly directory: string
  /** Where writes are to survive a power failure. */
  private readonly wal: WalSync | null
  private readonly topicIds = new Map<string, number>()
  /** How long the batches of a partition were when they were last read, to know how many to ask for. */
  private readonly batchBytes = new WeakMap<PartitionAddress, number>()

  constructor(db: RocksDB, directory: string, wal: WalSync | null) {
    this.db = db
    this.directory = directory
    this.wal = wal
  }

  async recover(): Promise<Recovered> {
    const recovered = await recoverLog(this.db, this.directory)
    for (const { id, spec } of recovered.topics) this.topicIds.set(spec.name, id)
    return recovered
  }

  async createTopics(topics: readonly StoredTopic[]): Promise<void> {
    await this.apply((batch) => {
      for (const { id, spec } of topics) batch.tryPut(topicKey(id), Buffer.from(JSON.stringify(spec)))
    })
    for (const { id, spec } of topics) this.topicIds.set(spec.name, id)
  }

  async write(batches: readonly RecordBatch[], positions: readonly GroupPosition[]): Promise<void> {
    await this.apply((write) => {
      for (const batch of batches) putPieces(write, batch)
      for (const { group, topic, partition, offset } of positions) {
        write.tryPut(positionKey(group, this.topicIds.get(topic) as number, partition), encodePosition(offset))
      }
    })
  }

  async read(at: PartitionAddress, offset: number, end: number, maxBytes: number): Promise<ReadRecords> {
    const limit = Math.min(256, Math.max(1, Math.ceil(maxBytes / (this.batchBytes.get(at) ?? BATCH_BYTES / 4))))
    try {
      // Most reads go on where one ended, at the beginning of a batch: one seek.
      const entries = await this.collect({ gte: batchKey(at, offset), lt: batchKey(at, end) }, limit)
      const first = entries[0]
      if (first === undefined || baseOffsetOf(first.key) !== offset) {
        entries.unshift(...(await this.collect({ gte: batchKey(at, 0), lt: batchKey(at, offset) }, 1, true)))
      }
      return this.decode(at, entries, offset, end, maxBytes)
    } catch (error) {
      throw readTrouble(at, offset, error)
    }
  }

  async *batches(at: PartitionAddress, from: number, end: number): AsyncIterable<StoredBatch> {
    const range = { gte: batchKey(at, from), lt: batchKey(at, end) }
    try {
      for await (const { key, value } of this.db.iterator(range, { capacity: SCAN_PAGE })) {
        const bytes = value as Buffer
        const header = checkedHeader(at, key, bytes)
        yield { ...header, records: () => readRecords(bytes, header, at.topic, at.partition) }
      }
    } catch (error) {
      throw readTrouble(at, from, error)
    }
  }

  async rewrite(at: PartitionAddress, batches: readonly BatchRewrite[], mark: PartitionMark | null): Promise<void> {
    if (batches.length === 0 && mark === null) return
    await this.apply((write) => {
      for (const batch of batches) {
        const key = batchKey(at, batch.baseOffset)
        if (batch.records.length === 0) write.tryDelete(key)
        else write.tryPut(key, encodeBatch(batch))
      }
      if (mark !== null) write.tryPut(markKey(at), encodeMark(mark))
    })
  }

  async deleteBelow(at: PartitionAddress, mark: PartitionMark): Promise<void> {
    await this.apply((write) => {
      write.tryDeleteRange(batchKey(at, 0), batchKey(at, mark.begin))
      write.tryPut(markKey(at), encodeMark(mark))
    })
  }

  async close(): Promise<void> {
    await this.wal?.close()
    await this.db.close()
  }

  private async apply(fill: (batch: RocksWriteBatch) => void): Promise<void> {
    const batch = this.db.write({ autoDestroy: true })
    fill(batch)
    try {
      await unlessStalled(batch.flush(), this.db)
    } catch (error) {
      throw writeTrouble(this.directory, error)
    }
    try {
      await this.wal?.sync()
    } catch (error) {
      throw syncTrouble(this.directory, error)
    }
  }

  private async collect(range: { gte: Buffer; lt: Buffer }, limit: number, reverse = false): Promise<Entry[]> {
    const entries: Entry[] = []
    // One more than the limit, so that a first page that is full is known to be the last.
    for await (const entry of this.db.iterator(range, { limit, capacity: limit + 1, reverse })) entries.push(entry)
    return entries
  }

  /** Whole batches until there are bytes enough, so that the next read begins at a batch again. */
  private decode(
    at: PartitionAddress,
    entries: readonly Entry[],
    offset: number,
    end: number,
    maxBytes: number,
  ): ReadRecords {
    let records: LogRecord[] = []
    let nextOffset = entries.length === 0 ? end : offset
    let bytes = 0
    for (const { key, value } of entries) {
      const content = value as Buffer
      if (bytes >= maxBytes && records.length > 0) break
      const header = checkedHeader(at, key, content)
      if (header.nextOffset <= offset) continue
      const decoded = readRecords(content, header, at.topic, at.partition)
      const wanted = header.baseOffset >= offset ? decoded : decoded.filter((record) => record.offset >= offset)
      records = records.length === 0 ? wanted : records.concat(wanted)
      nextOffset = header.nextOffset
      bytes += content.length
      this.batchBytes.set(at, content.length)
    }
    // Only a batch that ends before the offset was found: there is nothing between it and the end.
    if (nextOffset === offset) nextOffset = end
    return { records, nextOffset }
  }
}

/** Writes a batch in pieces, so that a reader of a few records does not read all of a large transaction. */
function putPieces(write: RocksWriteBatch, { at, baseOffset, nextOffset, records }: RecordBatch): void {
  let pieceFrom = 0
  let pieceBase = baseOffset
  let bytes = 0
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as LogRecord
    const size = encodedBytes(record)
    if (i > pieceFrom && bytes + size > BATCH_BYTES) {
      const piece = records.slice(pieceFrom, i)
      write.tryPut(batchKey(at, pieceBase), encodePiece(piece, pieceBase, record.offset))
      pieceFrom = i
      pieceBase = record.offset
      bytes = 0
    }
    bytes += size
  }
  const rest = pieceFrom === 0 ? records : records.slice(pieceFrom)
  write.tryPut(batchKey(at, pieceBase), encodePiece(rest, pieceBase, nextOffset))
}

function encodePiece(records: readonly LogRecord[], baseOffset: number, nextOffset: number): Buffer {
  return encodeBatch({ baseOffset, nextOffset, tombstonesUntilMs: 0, records })
}

function checkedHeader(at: PartitionAddress, key: Buffer, value: Buffer): BatchHeader {
  const header = readHeader(value)
  const baseOffset = baseOffsetOf(key)
  if (header === null) throw corrupt(at, baseOffset, 'the checksum of the batch does not fit')
  if (header.baseOffset !== baseOffset) throw corrupt(at, baseOffset, `a batch of offset ${header.baseOffset} is there`)
  return header
}

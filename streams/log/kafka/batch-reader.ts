import { compressionsAlgorithmsByBitmask } from '@platformatic/kafka'
import { StreamsError } from '../../errors.ts'
import { type EntryReader, joined } from '../entry-reader.ts'
import type { Headers, LogRecord, TopicPartition } from '../log.ts'
import { BATCH_HEADER_BYTES } from './record-batch.ts'

const CODEC = 0x07
/** The broker has set one time for the whole batch (`message.timestamp.type=LogAppendTime`). */
const APPEND_TIME = 0x08
const NO_HEADERS: Headers = []
const NOTHING = Buffer.alloc(0)

/**
 * Goes through the records of encoded batches, from an offset on. A batch is decompressed when it is come to; keys and
 * values are views of its bytes, not copies.
 */
export class BatchReader implements EntryReader {
  offset = -1
  private readonly from: TopicPartition
  private readonly batches: readonly Buffer[]
  private readonly fromOffset: number
  /** The next batch, and what is left of the open one. */
  private nextBatch = 0
  private left = 0
  private body: Buffer = NOTHING
  private baseOffset = 0
  private baseMs = 0
  private fixedMs: number | null = null
  private at = 0
  /** Where the field last passed over begins, and where the record ends. */
  private start = 0
  private end = 0
  /** Where the parts of the record are in the body; a null has no end (-1). */
  private timestampMs = 0
  private keyFrom = 0
  private keyTo = -1
  private valueFrom = 0
  private valueTo = -1

  constructor(from: TopicPartition, batches: readonly Buffer[], fromOffset: number) {
    this.from = from
    this.batches = batches
    this.fromOffset = fromOffset
  }

  /** @throws StreamsError LOG_COMPRESSION_UNKNOWN, LOG_CORRUPT */
  next(): boolean {
    do {
      while (this.left === 0) if (!this.openBatch()) return false
      this.left--
      try {
        this.step()
      } catch (cause) {
        throw corrupt(this.from, this.baseOffset, 'a record in it is cut short', cause)
      }
    } while (this.offset < this.fromOffset)
    return true
  }

  keyBehind(prefix: Buffer): Buffer | null {
    return this.keyTo < 0 ? null : joined(prefix, this.body, this.keyFrom, this.keyTo)
  }

  value(): Buffer | null {
    return this.valueTo < 0 ? null : this.body.subarray(this.valueFrom, this.valueTo)
  }

  /** The whole record it stands on. @throws StreamsError LOG_CORRUPT */
  record(): LogRecord {
    const { topic, partition } = this.from
    const key = this.keyTo < 0 ? null : this.body.subarray(this.keyFrom, this.keyTo)
    const { offset, timestampMs } = this
    return { topic, partition, offset, timestampMs, key, value: this.value(), headers: this.headers() }
  }

  private openBatch(): boolean {
    const batch = this.batches[this.nextBatch++]
    if (batch === undefined) return false
    this.baseOffset = Number(batch.readBigInt64BE(0))
    this.baseMs = Number(batch.readBigInt64BE(27))
    this.fixedMs = (batch.readInt16BE(21) & APPEND_TIME) === 0 ? null : Number(batch.readBigInt64BE(35))
    this.left = batch.readInt32BE(57)
    this.body = bodyOf(this.from, batch, this.baseOffset)
    this.at = 0
    this.end = 0
    return true
  }

  private step(): void {
    this.at = this.end
    const length = this.varint()
    this.end = this.at + length
    this.at++
    this.timestampMs = this.fixedMs ?? this.baseMs
    const deltaMs = this.varint()
    if (this.fixedMs === null) this.timestampMs += deltaMs
    this.offset = this.baseOffset + this.varint()
    this.keyTo = this.field()
    this.keyFrom = this.start
    this.valueTo = this.field()
    this.valueFrom = this.start
  }

  /** Passes over a field; answers with where it ends, -1 for null, and leaves where it begins in `start`. */
  private field(): number {
    const length = this.varint()
    this.start = this.at
    if (length < 0) return -1
    this.at += length
    if (this.at > this.body.length) throw new RangeError('past the end')
    return this.at
  }

  private varint(): number {
    const byte = this.body[this.at++]
    if (byte === undefined) throw new RangeError('past the end')
    return byte < 0x80 ? (byte >>> 1) ^ -(byte & 1) : this.longVarint(byte & 0x7f)
  }

  private longVarint(low: number): number {
    let value = low
    let factor = 0x80
    for (;;) {
      const byte = this.body[this.at++]
      if (byte === undefined) throw new RangeError('past the end')
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
      factor *= 0x80
    }
  }

  private headers(): Headers {
    try {
      const count = this.varint()
      if (count === 0) return NO_HEADERS
      return Array.from({ length: count }, () => {
        const name = this.bytes()?.toString('utf8') ?? ''
        return [name, this.bytes() ?? NOTHING] as const
      })
    } catch (cause) {
      throw corrupt(this.from, this.baseOffset, 'a record in it is cut short', cause)
    }
  }

  private bytes(): Buffer | null {
    const to = this.field()
    return to < 0 ? null : this.body.subarray(this.start, to)
  }
}

/** The records of encoded batches, from an offset on. @throws StreamsError LOG_COMPRESSION_UNKNOWN, LOG_CORRUPT */
export function recordsOf(from: TopicPartition, batches: readonly Buffer[], fromOffset: number): LogRecord[] {
  const reader = new BatchReader(from, batches, fromOffset)
  const records: LogRecord[] = []
  while (reader.next()) records.push(reader.record())
  return records
}

/** The bytes of the records, decompressed. */
function bodyOf(at: TopicPartition, batch: Buffer, baseOffset: number): Buffer {
  const body = batch.subarray(BATCH_HEADER_BYTES)
  const codec = batch.readInt16BE(21) & CODEC
  if (codec === 0) return body
  const algorithm = compressionsAlgorithmsByBitmask[codec]
  if (algorithm === undefined || !algorithm.available) {
    throw new StreamsError(
      'LOG_COMPRESSION_UNKNOWN',
      `${at.topic}/${at.partition} has a batch at offset ${baseOffset} compressed by codec ${codec}, which is not ` +
        'known here (known: gzip 1, snappy 2, lz4 3, zstd 4). Have its producer use one of these.',
    )
  }
  try {
    return algorithm.decompressSync(body)
  } catch (cause) {
    throw corrupt(at, baseOffset, 'its records cannot be decompressed', cause)
  }
}

/** A batch that cannot be what a broker was given. */
export function corrupt({ topic, partition }: TopicPartition, offset: number, why: string, cause?: unknown) {
  return new StreamsError('LOG_CORRUPT', `${topic}/${partition} is damaged at offset ${offset}: ${why}.`, { cause })
}

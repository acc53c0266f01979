/**
 * The records of a fetched partition. A broker sends whole batches from the one that holds the asked offset, the last
 * one perhaps cut; with them the transactions among them that were aborted. What a reader of committed records may
 * not see is left out here: control batches, records below the asked offset, and those of aborted transactions.
 */
import { compressionsAlgorithmsByBitmask } from '@platformatic/kafka'
import { StreamsError } from '../../errors.ts'
import type { Headers, LogRecord, TopicPartition } from '../log.ts'
import { BATCH_HEADER_BYTES } from './record-batch.ts'

/** An aborted transaction among the fetched batches: its producer's records from `firstOffset` on do not count. */
export type AbortedTransaction = { readonly producerId: bigint; readonly firstOffset: bigint }

/** What the batches held, and where to read on. */
export type ReadBatches = { readonly records: LogRecord[]; readonly nextOffset: number }

const TRANSACTIONAL = 0x10
const CONTROL = 0x20
const CODEC = 0x07
const NO_HEADERS: Headers = []

/** @throws StreamsError LOG_COMPRESSION_UNKNOWN, LOG_CORRUPT */
export function readBatches(
  at: TopicPartition,
  bytes: Buffer,
  fromOffset: number,
  aborted: readonly AbortedTransaction[],
): ReadBatches {
  const records: LogRecord[] = []
  const pending = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1))
  const dropping = new Set<bigint>()
  let nextOffset = fromOffset
  for (let start = 0; start + BATCH_HEADER_BYTES <= bytes.length; ) {
    const length = bytes.readInt32BE(start + 8) + 12
    if (start + length > bytes.length) break
    const batch = bytes.subarray(start, start + length)
    start += length
    const baseOffset = Number(batch.readBigInt64BE(0))
    const lastOffset = baseOffset + batch.readInt32BE(23)
    if (lastOffset < fromOffset) continue
    if (batch[16] !== 2) throw corrupt(at, baseOffset, `its format is ${batch[16]}, and only 2 is known`)
    const producerId = batch.readBigInt64BE(43)
    while (pending[0] !== undefined && pending[0].firstOffset <= BigInt(lastOffset)) {
      dropping.add((pending.shift() as AbortedTransaction).producerId)
    }
    const attributes = batch.readInt16BE(21)
    // The marker that ends an aborted transaction: what its producer writes after it counts again.
    if ((attributes & CONTROL) !== 0) dropping.delete(producerId)
    else if ((attributes & TRANSACTIONAL) === 0 || !dropping.has(producerId)) {
      readRecords(at, batch, baseOffset, fromOffset, records)
    }
    nextOffset = lastOffset + 1
  }
  return { records, nextOffset }
}

function readRecords(
  { topic, partition }: TopicPartition,
  batch: Buffer,
  baseOffset: number,
  fromOffset: number,
  into: LogRecord[],
): void {
  const baseMs = Number(batch.readBigInt64BE(27))
  const count = batch.readInt32BE(57)
  const cursor = new Cursor(bodyOf({ topic, partition }, batch, baseOffset))
  try {
    for (let i = 0; i < count; i++) {
      const end = cursor.varint() + cursor.at
      cursor.at++
      const timestampMs = baseMs + cursor.varint()
      const offset = baseOffset + cursor.varint()
      if (offset >= fromOffset) {
        const key = cursor.field()
        const value = cursor.field()
        into.push({ topic, partition, offset, timestampMs, key, value, headers: cursor.headers() })
      }
      cursor.at = end
    }
  } catch (cause) {
    throw corrupt({ topic, partition }, baseOffset, 'a record in it is cut short', cause)
  }
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

/** Reads fields one after the other. Values are views of the fetched bytes, not copies. */
class Cursor {
  at = 0
  private readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  varint(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.bytes[this.at++]
      if (byte === undefined) throw new RangeError('past the end')
      value += (byte & 0x7f) * factor
      if (byte < 0x80) break
      factor *= 0x80
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  field(): Buffer | null {
    const length = this.varint()
    if (length < 0) return null
    if (this.at + length > this.bytes.length) throw new RangeError('past the end')
    const field = this.bytes.subarray(this.at, this.at + length)
    this.at += length
    return field
  }

  headers(): Headers {
    const count = this.varint()
    if (count === 0) return NO_HEADERS
    return Array.from({ length: count }, () => {
      const name = this.field()?.toString('utf8') ?? ''
      return [name, this.field() ?? Buffer.alloc(0)] as const
    })
  }
}

function corrupt({ topic, partition }: TopicPartition, offset: number, why: string, cause?: unknown): StreamsError {
  return new StreamsError('LOG_CORRUPT', `${topic}/${partition} is damaged at offset ${offset}: ${why}.`, { cause })
}

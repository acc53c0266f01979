import { crc32 } from 'node:zlib'
import { encodedBytes, readRun, writeRecord } from '../local/record-bytes.ts'
import type { LogRecord } from '../log.ts'

/**
 * How a batch of records lies on disk, little-endian, its records as `record-bytes.ts` says:
 *
 * ```
 * header  version u8 | crc32 u32 of all that follows | count u32 | baseOffset u48 | nextOffset u48
 *         | maxTimestampMs f64 | tombstonesUntilMs f64
 * ```
 */
const BATCH_VERSION = 1

const HEADER_BYTES = 37
const CRC_AT = 1
const CHECKED_FROM = 5

/** What a batch says of itself before its records. */
export type BatchHeader = {
  readonly count: number
  readonly baseOffset: number
  readonly nextOffset: number
  readonly maxTimestampMs: number
  readonly tombstonesUntilMs: number
}

/** What a batch is made of. `tombstonesUntilMs` is 0 until compaction has seen it. */
export type BatchToEncode = {
  readonly baseOffset: number
  readonly nextOffset: number
  readonly tombstonesUntilMs: number
  readonly records: readonly LogRecord[]
}

/** The bytes of a batch, checksum and all. */
export function encodeBatch({ baseOffset, nextOffset, tombstonesUntilMs, records }: BatchToEncode): Buffer {
  let size = HEADER_BYTES
  let maxTimestampMs = -Infinity
  for (const record of records) {
    size += encodedBytes(record)
    if (record.timestampMs > maxTimestampMs) maxTimestampMs = record.timestampMs
  }
  const bytes = Buffer.allocUnsafeSlow(size)
  const view = new DataView(bytes.buffer)
  bytes[0] = BATCH_VERSION
  view.setUint32(5, records.length, true)
  bytes.writeUIntLE(baseOffset, 9, 6)
  bytes.writeUIntLE(nextOffset, 15, 6)
  view.setFloat64(21, maxTimestampMs, true)
  view.setFloat64(29, tombstonesUntilMs, true)
  let at = HEADER_BYTES
  for (const record of records) at = writeRecord(bytes, view, at, record, record.offset - baseOffset)
  view.setUint32(CRC_AT, crc32(bytes.subarray(CHECKED_FROM)), true)
  return bytes
}

/** The header of a batch, or null where the bytes are not what was written. */
export function readHeader(bytes: Buffer): BatchHeader | null {
  if (bytes.length < HEADER_BYTES || bytes[0] !== BATCH_VERSION) return null
  if (bytes.readUInt32LE(CRC_AT) !== crc32(bytes.subarray(CHECKED_FROM))) return null
  return {
    count: bytes.readUInt32LE(5),
    baseOffset: bytes.readUIntLE(9, 6),
    nextOffset: bytes.readUIntLE(15, 6),
    maxTimestampMs: bytes.readDoubleLE(21),
    tombstonesUntilMs: bytes.readDoubleLE(29),
  }
}

/** The records of a batch whose header has been read; its buffers are views of `bytes`. */
export function readRecords(bytes: Buffer, header: BatchHeader, topic: string, partition: number): LogRecord[] {
  const { count, baseOffset } = header
  const records: LogRecord[] = []
  readRun(bytes, HEADER_BYTES, { topic, partition, count, baseOffset }, records)
  return records
}

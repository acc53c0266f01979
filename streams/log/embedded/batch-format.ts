import { crc32 } from 'node:zlib'
import type { Headers, LogRecord } from '../log.ts'

/**
 * How a batch of records lies on disk, little-endian:
 *
 * ```
 * header  version u8 | crc32 u32 of all that follows | count u32 | baseOffset u48 | nextOffset u48
 *         | maxTimestampMs f64 | tombstonesUntilMs f64
 * record  offset - baseOffset u32 | timestampMs f64 | key length i32 | value length i32 | header count u32
 *         | key | value | headers          (a length of -1: null)
 * header of a record  name length u16 | value length i32 | name | value
 * ```
 * Fixed widths cost some bytes a record and save the time of varints, which is what the hot path has not.
 */
const BATCH_VERSION = 1

const HEADER_BYTES = 37
const RECORD_BYTES = 24
const CRC_AT = 1
const CHECKED_FROM = 5
const NO_HEADERS: Headers = []

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

/** The bytes a record takes in a batch. */
export function encodedBytes({ key, value, headers }: LogRecord): number {
  let bytes = RECORD_BYTES + (key?.length ?? 0) + (value?.length ?? 0)
  for (const [name, content] of headers) bytes += 6 + Buffer.byteLength(name) + content.length
  return bytes
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
  for (const record of records) at = writeRecord(bytes, view, at, record, baseOffset)
  view.setUint32(CRC_AT, crc32(bytes.subarray(CHECKED_FROM)), true)
  return bytes
}

function writeRecord(bytes: Buffer, view: DataView, start: number, record: LogRecord, baseOffset: number): number {
  const { key, value, headers } = record
  view.setUint32(start, record.offset - baseOffset, true)
  view.setFloat64(start + 4, record.timestampMs, true)
  view.setInt32(start + 12, key === null ? -1 : key.length, true)
  view.setInt32(start + 16, value === null ? -1 : value.length, true)
  view.setUint32(start + 20, headers.length, true)
  let at = start + RECORD_BYTES
  if (key !== null) {
    bytes.set(key, at)
    at += key.length
  }
  if (value !== null) {
    bytes.set(value, at)
    at += value.length
  }
  for (const [name, content] of headers) {
    const nameBytes = bytes.write(name, at + 6)
    view.setUint16(at, nameBytes, true)
    view.setInt32(at + 2, content.length, true)
    at += 6 + nameBytes
    bytes.set(content, at)
    at += content.length
  }
  return at
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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const records: LogRecord[] = new Array(header.count)
  let at = HEADER_BYTES
  for (let i = 0; i < header.count; i++) {
    const offset = header.baseOffset + view.getUint32(at, true)
    const timestampMs = view.getFloat64(at + 4, true)
    const keyLength = view.getInt32(at + 12, true)
    const valueLength = view.getInt32(at + 16, true)
    const headerCount = view.getUint32(at + 20, true)
    at += RECORD_BYTES
    const key = keyLength < 0 ? null : bytes.subarray(at, at + keyLength)
    at += Math.max(0, keyLength)
    const value = valueLength < 0 ? null : bytes.subarray(at, at + valueLength)
    at += Math.max(0, valueLength)
    let headers = NO_HEADERS
    if (headerCount > 0) [headers, at] = readHeaders(bytes, view, at, headerCount)
    records[i] = { topic, partition, offset, timestampMs, key, value, headers }
  }
  return records
}

function readHeaders(bytes: Buffer, view: DataView, start: number, count: number): [Headers, number] {
  const headers: [string, Buffer][] = []
  let at = start
  for (let i = 0; i < count; i++) {
    const nameEnd = at + 6 + view.getUint16(at, true)
    const end = nameEnd + view.getInt32(at + 2, true)
    headers.push([bytes.toString('utf8', at + 6, nameEnd), bytes.subarray(nameEnd, end)])
    at = end
  }
  return [headers, at]
}

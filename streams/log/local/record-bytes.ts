import type { Headers, LogRecord, ProducerRecord, TopicPartition } from '../log.ts'

/**
 * How a record lies on disk, and on its way from one thread to another, little-endian:
 *
 * ```
 * record  offset - baseOffset u32 | timestampMs f64 | key length i32 | value length i32 | header count u32
 *         | key | value | headers          (a length of -1: null)
 * header  name length u16 | value length i32 | name | value
 * ```
 * Fixed widths cost some bytes a record and save the time of varints, which is what the hot path has not.
 */
const RECORD_BYTES = 24
const HEADER_BYTES = 6
const NO_HEADERS: Headers = []

/** Records of one partition that lie one behind the other. */
export type RecordRun = TopicPartition & { readonly count: number; readonly baseOffset: number }

/** The bytes a record takes. */
export function encodedBytes({ key, value, headers = NO_HEADERS }: ProducerRecord): number {
  let bytes = RECORD_BYTES + (key?.length ?? 0) + (value?.length ?? 0)
  for (const [name, content] of headers) bytes += HEADER_BYTES + Buffer.byteLength(name) + content.length
  return bytes
}

/** Writes a record at `start`, and answers with where it ends. `view` is over the same bytes. */
export function writeRecord(
  bytes: Buffer,
  view: DataView,
  start: number,
  { timestampMs, key, value, headers = NO_HEADERS }: ProducerRecord,
  offsetDelta: number,
): number {
  view.setUint32(start, offsetDelta, true)
  view.setFloat64(start + 4, timestampMs, true)
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
    const nameBytes = bytes.write(name, at + HEADER_BYTES)
    view.setUint16(at, nameBytes, true)
    view.setInt32(at + 2, content.length, true)
    at += HEADER_BYTES + nameBytes
    bytes.set(content, at)
    at += content.length
  }
  return at
}

/** Reads the records of a run from `start` on into `into`, as views of `bytes`; answers with where it ends. */
export function readRun(bytes: Buffer, start: number, run: RecordRun, into: LogRecord[]): number {
  const { topic, partition, count, baseOffset } = run
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = start
  for (let i = 0; i < count; i++) {
    const offset = baseOffset + view.getUint32(at, true)
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
    into.push({ topic, partition, offset, timestampMs, key, value, headers })
  }
  return at
}

function readHeaders(bytes: Buffer, view: DataView, start: number, count: number): [Headers, number] {
  const headers: [string, Buffer][] = []
  let at = start
  for (let i = 0; i < count; i++) {
    const nameEnd = at + HEADER_BYTES + view.getUint16(at, true)
    const end = nameEnd + view.getInt32(at + 2, true)
    headers.push([bytes.toString('utf8', at + HEADER_BYTES, nameEnd), bytes.subarray(nameEnd, end)])
    at = end
  }
  return [headers, at]
}

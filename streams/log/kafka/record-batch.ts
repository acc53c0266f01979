/**
 * Record batches as Kafka stores and sends them (magic 2): a header of 61 bytes, then records whose offsets and
 * timestamps are relative to it. Written into one buffer in two passes, because this is where most of the bytes go.
 */
import { compressionsAlgorithms, crc32c } from '@platformatic/kafka'
import type { ProducerRecord } from '../log.ts'
import type { Compression } from './options.ts'
import { varintBytes, writeVarint } from './varint.ts'

/** Who writes a batch; without an id (-1) the broker cannot tell a repeat. */
export type BatchProducer = {
  readonly producerId: bigint
  readonly producerEpoch: number
  /** Number of the first record in its partition, since this epoch began. */
  readonly firstSequence: number
  readonly isTransactional: boolean
}

export const BATCH_HEADER_BYTES = 61
const CRC_AT = 17
const ATTRIBUTES_AT = 21
const TRANSACTIONAL = 0x10

/** Upper bound of what a record adds to a batch beside its key, value and headers. */
const RECORD_FRAME_BYTES_MAX = 40

/** About how many bytes a record takes in a batch; never fewer. */
export function batchedBytes(record: ProducerRecord): number {
  let bytes = RECORD_FRAME_BYTES_MAX + (record.key?.length ?? 0) + (record.value?.length ?? 0)
  for (const [name, value] of record.headers ?? []) bytes += Buffer.byteLength(name) + value.length + 10
  return bytes
}

/** The records, all of one partition, as one batch. */
export function encodeBatch(
  records: readonly ProducerRecord[],
  producer: BatchProducer,
  compression: Compression,
): Buffer {
  const baseMs = records[0]?.timestampMs ?? 0
  const sizes = records.map((record, index) => recordBytes(record, index, baseMs))
  const total = sizes.reduce((sum, size) => sum + size + varintBytes(size), 0)
  const buffer = Buffer.allocUnsafe(BATCH_HEADER_BYTES + total)
  let at = BATCH_HEADER_BYTES
  let maxMs = baseMs
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as ProducerRecord
    at = writeVarint(buffer, at, sizes[i] as number)
    at = writeRecord(buffer, at, record, i, baseMs)
    if (record.timestampMs > maxMs) maxMs = record.timestampMs
  }
  const { batch, codec } = compressed(buffer, compression)
  batch.writeBigInt64BE(0n, 0)
  batch.writeInt32BE(batch.length - 12, 8)
  batch.writeInt32BE(-1, 12)
  batch.writeInt8(2, 16)
  batch.writeInt16BE(codec | (producer.isTransactional ? TRANSACTIONAL : 0), ATTRIBUTES_AT)
  batch.writeInt32BE(records.length - 1, 23)
  batch.writeBigInt64BE(BigInt(baseMs), 27)
  batch.writeBigInt64BE(BigInt(maxMs), 35)
  batch.writeBigInt64BE(producer.producerId, 43)
  batch.writeInt16BE(producer.producerEpoch, 51)
  batch.writeInt32BE(producer.firstSequence, 53)
  batch.writeInt32BE(records.length, 57)
  batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT)), CRC_AT)
  return batch
}

/** The batch with its records compressed, and the codec's number. Small batches are not worth it. */
function compressed(buffer: Buffer, compression: Compression): { batch: Buffer; codec: number } {
  if (compression === 'none' || buffer.length < 512) return { batch: buffer, codec: 0 }
  const { compressSync, bitmask } = compressionsAlgorithms[compression]
  const body = compressSync(buffer.subarray(BATCH_HEADER_BYTES))
  return { batch: Buffer.concat([buffer.subarray(0, BATCH_HEADER_BYTES), body]), codec: bitmask }
}

function recordBytes({ timestampMs, key, value, headers }: ProducerRecord, index: number, baseMs: number): number {
  let bytes = 1 + varintBytes(timestampMs - baseMs) + varintBytes(index) + fieldBytes(key) + fieldBytes(value)
  bytes += varintBytes(headers?.length ?? 0)
  for (const [name, content] of headers ?? []) {
    const length = Buffer.byteLength(name)
    bytes += varintBytes(length) + length + fieldBytes(content)
  }
  return bytes
}

function writeRecord(buffer: Buffer, from: number, record: ProducerRecord, index: number, baseMs: number): number {
  const { timestampMs, key, value, headers } = record
  let at = from
  buffer[at++] = 0
  at = writeVarint(buffer, at, timestampMs - baseMs)
  at = writeVarint(buffer, at, index)
  at = writeField(buffer, at, key)
  at = writeField(buffer, at, value)
  at = writeVarint(buffer, at, headers?.length ?? 0)
  for (const [name, content] of headers ?? []) {
    at = writeVarint(buffer, at, Buffer.byteLength(name))
    at += buffer.write(name, at, 'utf8')
    at = writeField(buffer, at, content)
  }
  return at
}

function fieldBytes(bytes: Buffer | null): number {
  return bytes === null ? 1 : varintBytes(bytes.length) + bytes.length
}

function writeField(buffer: Buffer, at: number, bytes: Buffer | null): number {
  if (bytes === null) return writeVarint(buffer, at, -1)
  const start = writeVarint(buffer, at, bytes.length)
  buffer.set(bytes, start)
  return start + bytes.length
}

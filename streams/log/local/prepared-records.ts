import { StreamsError } from '../../errors.ts'
import type { Headers, ProducerRecord } from '../log.ts'
import type { PartitionState, TopicTable } from './partition-state.ts'

/** Records that are known to be writable, each with its partition. */
export type PreparedRecords = {
  readonly records: readonly ProducerRecord[]
  readonly partitions: readonly PartitionState[]
  readonly bytes: number
}

/**
 * Checks records before any of them is written.
 * @throws StreamsError LOG_UNKNOWN_TOPIC, LOG_RECORD_TOO_LARGE, LOG_RECORD_INVALID
 */
export function prepareRecords(
  topics: TopicTable,
  records: readonly ProducerRecord[],
  recordBytesMax: number,
): PreparedRecords {
  const partitions: PartitionState[] = new Array(records.length)
  let bytes = 0
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as ProducerRecord
    const before = records[i - 1]
    partitions[i] =
      before !== undefined && before.topic === record.topic && before.partition === record.partition
        ? (partitions[i - 1] as PartitionState)
        : topics.partition(record.topic, record.partition)
    if (!Number.isSafeInteger(record.timestampMs)) throw invalidTimestamp(record)
    const size = sizeOf(record)
    if (size > recordBytesMax) throw tooLarge(record, size, recordBytesMax)
    bytes += size
  }
  return { records, partitions, bytes }
}

function sizeOf(record: ProducerRecord): number {
  const size = (record.key?.length ?? 0) + (record.value?.length ?? 0)
  return record.headers === undefined || record.headers.length === 0 ? size : size + headerBytes(record.headers)
}

function headerBytes(headers: Headers): number {
  let bytes = 0
  for (const [name, value] of headers) bytes += Buffer.byteLength(name) + value.length
  return bytes
}

function tooLarge(record: ProducerRecord, size: number, max: number): StreamsError {
  return new StreamsError(
    'LOG_RECORD_TOO_LARGE',
    `A record for ${record.topic}/${record.partition} takes ${size} bytes; the log takes records up to ${max}. ` +
      'Make the record smaller, or open the log with a larger recordBytesMax. Nothing of its transaction was written.',
  )
}

function invalidTimestamp(record: ProducerRecord): StreamsError {
  return new StreamsError(
    'LOG_RECORD_INVALID',
    `A record for ${record.topic}/${record.partition} has the timestamp ${record.timestampMs}; ` +
      'give whole milliseconds since the epoch. Nothing of its transaction was written.',
  )
}

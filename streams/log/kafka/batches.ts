import { StreamsError } from '../../errors.ts'
import type { ProducerRecord, TopicPartition } from '../log.ts'
import type { Cluster } from './cluster.ts'
import { batchedBytes } from './record-batch.ts'

/** Records that go to one partition, in batches that a broker takes. */
export type PartitionBatches = TopicPartition & { readonly batches: readonly (readonly ProducerRecord[])[] }

/** A batch is closed near this size: brokers take 1,048,588 bytes unless a topic says otherwise. */
export const BATCH_BYTES_MAX = 1_000_000

/**
 * Sorts records by partition, in their order, and checks each before anything is sent.
 * @throws StreamsError LOG_UNKNOWN_TOPIC, LOG_RECORD_TOO_LARGE, LOG_RECORD_INVALID
 */
export function toBatches(cluster: Cluster, records: readonly ProducerRecord[]): PartitionBatches[] {
  const groups = new Map<string, Open>()
  let last: Open | undefined
  for (const record of records) {
    if (last === undefined || last.topic !== record.topic || last.partition !== record.partition) {
      last = groupOf(groups, cluster, record)
    }
    const bytes = checkedBytes(record, cluster.options.recordBytesMax)
    const open = last.batches.at(-1)
    if (open === undefined || last.bytes + bytes > BATCH_BYTES_MAX) {
      last.batches.push([record])
      last.bytes = bytes
    } else {
      open.push(record)
      last.bytes += bytes
    }
  }
  return [...groups.values()]
}

type Open = { readonly topic: string; readonly partition: number; readonly batches: ProducerRecord[][]; bytes: number }

function groupOf(groups: Map<string, Open>, cluster: Cluster, { topic, partition }: ProducerRecord): Open {
  const name = `${topic}/${partition}`
  let group = groups.get(name)
  if (group === undefined) {
    cluster.assertKnown({ topic, partition })
    group = { topic, partition, batches: [], bytes: 0 }
    groups.set(name, group)
  }
  return group
}

function checkedBytes(record: ProducerRecord, max: number): number {
  const { topic, partition, timestampMs, key, value, headers } = record
  if (!Number.isSafeInteger(timestampMs)) {
    throw new StreamsError(
      'LOG_RECORD_INVALID',
      `A record for ${topic}/${partition} has the timestamp ${timestampMs}; ` +
        'give whole milliseconds since the epoch. Nothing of its transaction was written.',
    )
  }
  let bytes = (key?.length ?? 0) + (value?.length ?? 0)
  for (const [name, content] of headers ?? []) bytes += Buffer.byteLength(name) + content.length
  if (bytes > max)
    throw recordTooLarge(`${topic}/${partition}`, `takes ${bytes} bytes; the log takes records up to ${max}`)
  return batchedBytes(record)
}

/** A record that the log, or the broker, does not take. */
export function recordTooLarge(at: string, why: string): StreamsError {
  return new StreamsError(
    'LOG_RECORD_TOO_LARGE',
    `A record for ${at} ${why}. Make the record smaller, or raise recordBytesMax and the topic's max.message.bytes. ` +
      'Nothing of its transaction was written.',
  )
}

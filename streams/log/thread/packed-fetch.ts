/**
 * Fetches as they go from thread to thread, little-endian. Most of them ask for dozens of partitions, of which one or
 * two have something: as objects they would cost more than what they are for.
 *
 * ```
 * request  count u32 | count × (partition number u32 | offset f64)
 * answer   for each partition asked, in that order: nextOffset f64 | endOffset f64 | baseOffset f64 | records u32
 *          | all records, one behind the other
 * ```
 */
import { encodedBytes, readRun } from '../local/record-bytes.ts'
import type { FetchedPartition, LogRecord, Position } from '../log.ts'
import { ByteWriter } from './byte-writer.ts'
import type { FreshPartitions, PartitionTable } from './partition-table.ts'

/** Which positions are asked for. */
export type PackedPositions = { readonly fresh: FreshPartitions; readonly bytes: ArrayBuffer }

/** What was fetched. */
export type PackedFetch = { readonly bytes: ArrayBuffer }

const PART_BYTES = 28

/** Packs what is asked for. The answer is read with the same positions. */
export function packPositions(positions: readonly Position[], table: PartitionTable): PackedPositions {
  const writer = new ByteWriter(4 + positions.length * 12)
  writer.u32(positions.length)
  for (const { topic, partition, offset } of positions) {
    writer.u32(table.numberOf(topic, partition))
    writer.f64(offset)
  }
  return { fresh: table.takeFresh(), bytes: writer.bytes }
}

/** What is asked for. */
export function unpackPositions({ fresh, bytes }: PackedPositions, table: PartitionTable): Position[] {
  table.learn(fresh)
  const view = new DataView(bytes)
  return Array.from({ length: view.getUint32(0, true) }, (_, index) => {
    const { topic, partition } = table.at(view.getUint32(4 + index * 12, true))
    return { topic, partition, offset: view.getFloat64(8 + index * 12, true) }
  })
}

/** Packs what was fetched, in the order of the positions asked. */
export function packFetch(fetched: readonly FetchedPartition[]): PackedFetch {
  let size = fetched.length * PART_BYTES
  for (const { records } of fetched) for (const record of records) size += encodedBytes(record)
  const writer = new ByteWriter(size)
  for (const { records, nextOffset, endOffset } of fetched) {
    writer.f64(nextOffset)
    writer.f64(endOffset)
    writer.f64(records[0]?.offset ?? 0)
    writer.u32(records.length)
  }
  for (const { records } of fetched) {
    const baseOffset = records[0]?.offset ?? 0
    for (const record of records) writer.record(record, record.offset - baseOffset)
  }
  return { bytes: writer.bytes }
}

/**
 * What was fetched; keys and values are views of the packed bytes.
 * @param asked what the request was for
 */
export function unpackFetch({ bytes }: PackedFetch, asked: readonly Position[]): FetchedPartition[] {
  const view = new DataView(bytes)
  const buffer = Buffer.from(bytes)
  let at = asked.length * PART_BYTES
  return asked.map(({ topic, partition }, index) => {
    const head = index * PART_BYTES
    const records: LogRecord[] = []
    const count = view.getUint32(head + 24, true)
    if (count > 0) {
      const baseOffset = view.getFloat64(head + 16, true)
      at = readRun(buffer, at, { topic, partition, count, baseOffset }, records)
    }
    const [nextOffset, endOffset] = [view.getFloat64(head, true), view.getFloat64(head + 8, true)]
    return { topic, partition, records, nextOffset, endOffset }
  })
}

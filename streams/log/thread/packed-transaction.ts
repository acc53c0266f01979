/**
 * What is to be written as it goes from thread to thread, little-endian: in one buffer that is handed over, where
 * objects would be copied one by one.
 *
 * ```
 * transaction  runs u32 | positions u32 | runs × (partition number u32 | records u32)
 *              | positions × (partition number u32 | offset f64) | all records, one behind the other
 * receipt      positions × (partition number u32 | offset f64)
 * ```
 */
import { encodedBytes, readRun } from '../local/record-bytes.ts'
import type { CommitReceipt, LogRecord, Position, ProducerRecord } from '../log.ts'
import { ByteWriter } from './byte-writer.ts'
import type { FreshPartitions, PartitionTable } from './partition-table.ts'

/** Records in their order, and positions. */
export type PackedTransaction = { readonly fresh: FreshPartitions; readonly bytes: ArrayBuffer }

/** Where the records have come to stand. */
export type PackedReceipt = { readonly bytes: ArrayBuffer }

const POSITION_BYTES = 12

/** Packs records and positions. */
export function packTransaction(
  records: readonly ProducerRecord[],
  positions: readonly Position[],
  table: PartitionTable,
): PackedTransaction {
  const runs = runsOf(records)
  let size = 8 + runs.length * 8 + positions.length * POSITION_BYTES
  for (const record of records) size += encodedBytes(record)
  const writer = new ByteWriter(size)
  writer.u32(runs.length)
  writer.u32(positions.length)
  for (const { first, count } of runs) {
    writer.u32(table.numberOf(first.topic, first.partition))
    writer.u32(count)
  }
  for (const position of positions) writePosition(writer, position, table)
  for (const record of records) writer.record(record, 0)
  return { fresh: table.takeFresh(), bytes: writer.bytes }
}

/** The records (their offsets mean nothing) and the positions again. */
export function unpackTransaction(
  { fresh, bytes }: PackedTransaction,
  table: PartitionTable,
): { readonly records: readonly ProducerRecord[]; readonly positions: readonly Position[] } {
  table.learn(fresh)
  const view = new DataView(bytes)
  const [runs, count] = [view.getUint32(0, true), view.getUint32(4, true)]
  const positionsAt = 8 + runs * 8
  const positions = readPositions(view, positionsAt, count, table)
  const records: LogRecord[] = []
  const buffer = Buffer.from(bytes)
  let at = positionsAt + count * POSITION_BYTES
  for (let run = 0; run < runs; run++) {
    const { topic, partition } = table.at(view.getUint32(8 + run * 8, true))
    at = readRun(buffer, at, { topic, partition, count: view.getUint32(12 + run * 8, true), baseOffset: 0 }, records)
  }
  return { records, positions }
}

/** Packs where the records have come to stand. */
export function packReceipt({ positions }: CommitReceipt, table: PartitionTable): PackedReceipt {
  const writer = new ByteWriter(positions.length * POSITION_BYTES)
  for (const position of positions) writePosition(writer, position, table)
  return { bytes: writer.bytes }
}

/** Where the records have come to stand. */
export function unpackReceipt({ bytes }: PackedReceipt, table: PartitionTable): CommitReceipt {
  return { positions: readPositions(new DataView(bytes), 0, bytes.byteLength / POSITION_BYTES, table) }
}

type Run = { readonly first: ProducerRecord; count: number }

/** Neighbours of one partition count once. */
function runsOf(records: readonly ProducerRecord[]): readonly Run[] {
  const runs: Run[] = []
  let last: Run | undefined
  for (const record of records) {
    if (last !== undefined && last.first.topic === record.topic && last.first.partition === record.partition) {
      last.count++
    } else {
      last = { first: record, count: 1 }
      runs.push(last)
    }
  }
  return runs
}

function writePosition(writer: ByteWriter, { topic, partition, offset }: Position, table: PartitionTable): void {
  writer.u32(table.numberOf(topic, partition))
  writer.f64(offset)
}

function readPositions(view: DataView, start: number, count: number, table: PartitionTable): Position[] {
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * POSITION_BYTES
    const { topic, partition } = table.at(view.getUint32(at, true))
    return { topic, partition, offset: view.getFloat64(at + 4, true) }
  })
}

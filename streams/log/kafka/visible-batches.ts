/**
 * Which batches of a fetched partition count. A broker sends whole batches from the one that holds the asked offset,
 * the last one perhaps cut; with them the transactions among them that were aborted. What a reader of committed records
 * may not see is left out here: control batches and those of aborted transactions.
 */
import type { TopicPartition } from '../log.ts'
import { corrupt } from './batch-reader.ts'
import { BATCH_HEADER_BYTES } from './record-batch.ts'

/** An aborted transaction among the fetched batches: its producer's records from `firstOffset` on do not count. */
export type AbortedTransaction = { readonly producerId: bigint; readonly firstOffset: bigint }

/** The batches that count, still encoded, and where to read on. */
export type VisibleBatches = { readonly batches: readonly Buffer[]; readonly nextOffset: number }

const TRANSACTIONAL = 0x10
const CONTROL = 0x20

/** @throws StreamsError LOG_CORRUPT */
export function visibleBatches(
  at: TopicPartition,
  bytes: Buffer,
  fromOffset: number,
  aborted: readonly AbortedTransaction[],
): VisibleBatches {
  const batches: Buffer[] = []
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
    else if ((attributes & TRANSACTIONAL) === 0 || !dropping.has(producerId)) batches.push(batch)
    nextOffset = lastOffset + 1
  }
  return { batches, nextOffset }
}

import type { LogRecord } from '../log.ts'
import type { BatchRewrite, LogStorage, StoredBatch } from './log-storage.ts'
import type { PartitionState } from './partition-state.ts'
import { recordBytes } from './tail-cache.ts'

/** How far compaction goes, and when. */
export type CompactionOptions = {
  /** Milliseconds a tombstone stays after the first pass over it, for readers who have seen what it deletes. */
  readonly tombstoneKeepMs: number
  /** So many different keys are remembered in a pass, which bounds its memory. */
  readonly keysMax: number
  /** A partition with more records than this is compacted only when the new part is half as long as the old. */
  readonly smallRecords: number
}

/** Bytes of rewritten batches put into one write. */
const REWRITE_BYTES = 4 * 1024 * 1024

/**
 * Drops the batches at the beginning whose records are all older than the time, like Kafka: whole batches, from the
 * front, whether anybody has read them or not.
 */
export async function retain(storage: LogStorage, state: PartitionState, beforeMs: number): Promise<void> {
  let begin = state.begin
  for await (const batch of storage.batches(state, state.begin, state.next)) {
    if (batch.maxTimestampMs >= beforeMs) break
    begin = batch.nextOffset
  }
  if (begin === state.begin) return
  // First for the readers: one that is at work below it must not take the hole for a gap.
  state.begin = begin
  await storage.deleteBelow(state, state.mark())
}

/** The first offset whose timestamp is at or after the time, or the end. */
export async function firstAtTime(storage: LogStorage, state: PartitionState, timestampMs: number): Promise<number> {
  const end = state.next
  for await (const batch of storage.batches(state, state.begin, end)) {
    if (batch.maxTimestampMs < timestampMs) continue
    const record = batch.records().find((one) => one.timestampMs >= timestampMs && one.offset >= state.begin)
    if (record !== undefined) return record.offset
  }
  return end
}

/**
 * Keeps the newest record of each key. Offsets stay, and so does the last batch, whole. Goes on until everything below
 * that has been seen; each pass is bounded in memory, and crash-safe: what it drops has a newer record further on.
 * True where there was a pass.
 */
export async function compact(
  storage: LogStorage,
  state: PartitionState,
  nowMs: number,
  options: CompactionOptions,
): Promise<boolean> {
  if (!isDue(state, options)) return false
  for (let passes = 0; ; passes++) {
    const pass = await newestByKey(storage, state, options.keysMax)
    if (pass.to === state.cleanedTo) return passes > 0
    await rewriteBelow(storage, state, pass, nowMs, options.tombstoneKeepMs)
  }
}

function isDue(state: PartitionState, { smallRecords }: CompactionOptions): boolean {
  const fresh = state.next - state.cleanedTo
  return fresh + state.cleanRecords <= smallRecords || fresh * 2 >= state.cleanRecords
}

type Pass = { readonly newest: ReadonlyMap<string, number>; readonly to: number }

/** The newest offset of each key in the part no pass has seen yet, as far as the memory goes. */
async function newestByKey(storage: LogStorage, state: PartitionState, keysMax: number): Promise<Pass> {
  const newest = new Map<string, number>()
  const end = state.next
  let to = state.cleanedTo
  for await (const batch of storage.batches(state, to, end)) {
    if (batch.nextOffset >= end) break
    for (const record of batch.records()) {
      if (record.key !== null) newest.set(record.key.toString('latin1'), record.offset)
    }
    to = batch.nextOffset
    if (newest.size >= keysMax) break
  }
  return { newest, to }
}

async function rewriteBelow(
  storage: LogStorage,
  state: PartitionState,
  { newest, to }: Pass,
  nowMs: number,
  tombstoneKeepMs: number,
): Promise<void> {
  let changed: BatchRewrite[] = []
  let bytes = 0
  let kept = 0
  for await (const batch of storage.batches(state, state.begin, to)) {
    const before = batch.records()
    const records = before.filter((record) => survives(record, newest, batch.tombstonesUntilMs, nowMs))
    kept += records.length
    const seesTombstones = batch.tombstonesUntilMs === 0 && records.some((record) => record.value === null)
    if (records.length === before.length && !seesTombstones) continue
    const tombstonesUntilMs = seesTombstones ? nowMs + tombstoneKeepMs : batch.tombstonesUntilMs
    changed.push({ ...span(batch), at: state, records, tombstonesUntilMs })
    for (const record of records) bytes += recordBytes(record)
    if (bytes < REWRITE_BYTES) continue
    await storage.rewrite(state, changed, null)
    changed = []
    bytes = 0
  }
  state.cleanedTo = to
  state.cleanRecords = kept
  await storage.rewrite(state, changed, state.mark())
}

function survives(
  { key, value, offset }: LogRecord,
  newest: ReadonlyMap<string, number>,
  tombstonesUntilMs: number,
  nowMs: number,
): boolean {
  if (key === null) return true
  if (value === null && tombstonesUntilMs !== 0 && tombstonesUntilMs < nowMs) return false
  return (newest.get(key.toString('latin1')) ?? -1) <= offset
}

function span({ baseOffset, nextOffset }: StoredBatch): { baseOffset: number; nextOffset: number } {
  return { baseOffset, nextOffset }
}

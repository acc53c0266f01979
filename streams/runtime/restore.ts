/**
 * Brings the stores of a task up to their changelogs before it runs. A store may lag its changelog and never leads
 * it, so the records from the stored offset on are applied in order, each batch in one write with the offset it stands
 * for; being killed in the middle costs nothing.
 */
import type { Log, LogRecord, Position, TopicPartition } from '../log/log.ts'
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../store/checkpoint.ts'
import { changelogOffsetKey, storePrefix, storeRange } from '../store/keys.ts'
import type { StoreBackend } from '../store/store.ts'
import { changelogTopic } from '../topology/internal-topics.ts'

/** A partition of a changelog, the store it stands for, and where the store keeps how far it has come. */
export type ChangelogPartition = TopicPartition & {
  readonly store: string
  /** First bytes of the store's keys. */
  readonly prefix: Buffer
  readonly offsetKey: Buffer
}

/** The changelogs of a task: one for each of its stores, in the partition with the task's number. */
export function changelogsOf(app: string, taskId: string, partition: number, stores: readonly string[]) {
  return stores.map((store): ChangelogPartition => {
    const topic = changelogTopic(app, store)
    return {
      topic,
      partition,
      store,
      prefix: storePrefix(app, taskId, store),
      offsetKey: changelogOffsetKey(app, taskId, topic),
    }
  })
}

/** Why a store is built again from the beginning of its changelog instead of going on where it was. */
export type RebuildReason =
  /** The changelog begins after the store's offset: the changes between are not kept any more. */
  | 'log-begins-later'
  /** The changelog ends before the store's offset: the log has lost its end, or is another log. */
  | 'log-ends-earlier'
  /** The store was left behind for so long that the changelog may have dropped deletes the store has not seen. */
  | 'deletes-expired'

/**
 * How long a compacted topic keeps a delete, at least. Kafka's delete.retention.ms is 24 hours, and so is that of the
 * logs in this library; an hour is left for the restore itself.
 */
const DELETES_KEPT_MS = 23 * 60 * 60 * 1000

/** How far a restore has come. */
export type RestoreProgress = {
  readonly records: number
  /** Offsets still to go, over all partitions: 0 when done. */
  readonly remaining: number
}

/** What is restored, from where, and who hears of it. */
export type RestoreOptions = {
  readonly log: Log
  readonly backend: StoreBackend
  readonly changelogs: readonly ChangelogPartition[]
  readonly signal: AbortSignal
  readonly nowMs: () => number
  readonly onProgress?: (progress: RestoreProgress) => void
  readonly onRebuild?: (changelog: ChangelogPartition, reason: RebuildReason) => void
}

/** Bytes asked of the log at a time, and so the size of a write. */
const FETCH_BYTES = 4 * 1024 * 1024

type Cursor = { readonly changelog: ChangelogPartition; offset: number; readonly target: number }

/**
 * Applies the changelogs up to where they end now. Ends early, with what it has, when the signal is aborted.
 * @throws StreamsError of the log and of the store
 */
export async function restoreStores(options: RestoreOptions): Promise<void> {
  const cursors = await startingPoints(options)
  let records = 0
  const report = () => {
    const remaining = cursors.reduce((sum, { offset, target }) => sum + Math.max(0, target - offset), 0)
    options.onProgress?.({ records, remaining })
    return remaining
  }
  while (report() > 0 && !options.signal.aborted) records += await copyNext(options, cursors)
}

async function startingPoints(options: RestoreOptions): Promise<Cursor[]> {
  const { log, backend, changelogs } = options
  const [stored, begins, ends] = await Promise.all([
    backend.getMany(changelogs.map((changelog) => changelog.offsetKey)),
    log.beginningOffsets(changelogs),
    log.endOffsets(changelogs),
  ])
  const rebuilt: ChangelogPartition[] = []
  const cursors = changelogs.map((changelog, index) => {
    const begin = offsetOf(begins, changelog)
    const target = offsetOf(ends, changelog)
    const bytes = stored[index]
    if (bytes === undefined) return { changelog, offset: begin, target }
    const checkpoint = decodeCheckpoint(bytes)
    const reason = whyRebuild(checkpoint, begin, target, options.nowMs())
    if (reason === null) return { changelog, offset: checkpoint.offset, target }
    rebuilt.push(changelog)
    options.onRebuild?.(changelog, reason)
    return { changelog, offset: begin, target }
  })
  await wipe(backend, rebuilt)
  return cursors
}

function whyRebuild(
  { offset, savedAtMs }: Checkpoint,
  begin: number,
  end: number,
  nowMs: number,
): RebuildReason | null {
  if (offset < begin) return 'log-begins-later'
  if (offset > end) return 'log-ends-earlier'
  return offset < end && nowMs - savedAtMs > DELETES_KEPT_MS ? 'deletes-expired' : null
}

/** One step: fetch, and one atomic write of what came with the offsets it stands for. */
async function copyNext({ log, backend, signal, nowMs }: RestoreOptions, cursors: readonly Cursor[]): Promise<number> {
  const behind = cursors.filter(({ offset, target }) => offset < target)
  const positions = behind.map(({ changelog: { topic, partition }, offset }) => ({ topic, partition, offset }))
  const fetched = await log.fetch({ positions, maxBytes: FETCH_BYTES, maxWaitMs: 0, signal })
  const entries: [Buffer, Buffer | null][] = []
  let records = 0
  for (const { topic, partition, records: found, nextOffset } of fetched) {
    const cursor = behind.find(({ changelog }) => changelog.topic === topic && changelog.partition === partition)
    if (cursor === undefined || nextOffset === cursor.offset) continue
    for (const record of found) entries.push(...entryOf(cursor.changelog, record))
    entries.push([cursor.changelog.offsetKey, encodeCheckpoint({ offset: nextOffset, savedAtMs: nowMs() })])
    cursor.offset = nextOffset
    records += found.length
  }
  if (entries.length > 0) await backend.write({ entries })
  return records
}

/** The change a record makes; none where it has no key, which no task writes. */
function entryOf({ prefix }: ChangelogPartition, { key, value }: LogRecord): [Buffer, Buffer | null][] {
  return key === null ? [] : [[Buffer.concat([prefix, key]), value]]
}

async function wipe(backend: StoreBackend, changelogs: readonly ChangelogPartition[]): Promise<void> {
  if (changelogs.length === 0) return
  await backend.write({
    deleteRanges: changelogs.map(({ prefix }) => storeRange(prefix)),
    entries: changelogs.map(({ offsetKey }) => [offsetKey, null] as const),
  })
}

function offsetOf(positions: readonly Position[], { topic, partition }: TopicPartition): number {
  const found = positions.find((position) => position.topic === topic && position.partition === partition)
  return found?.offset ?? 0
}

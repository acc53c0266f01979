/**
 * From where changelogs are to be applied to the stores they stand for. A store may lag its changelog and never leads
 * it: what it lacks are the records from the stored offset on.
 */
import { StreamsError } from '../errors.ts'
import type { Log, Position, TopicPartition } from '../log/log.ts'
import { type Checkpoint, decodeCheckpoint } from '../store/checkpoint.ts'
import { changelogOffsetKey, storePrefix, storeRange } from '../store/keys.ts'
import type { StoreBackend } from '../store/store.ts'
import { changelogTopic } from '../topology/internal-topics.ts'
import { unlessAborted } from './unless-aborted.ts'

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

/** How far a changelog is applied, and where it ends. */
export type ChangelogCursor = {
  readonly changelog: ChangelogPartition
  /** The first offset that is not applied. */
  offset: number
  /** Where the changelog ended when it was last looked at. */
  endOffset: number
  /** What was applied by this cursor. */
  applied: Applied
}

/** Changelog records, and their bytes (keys and values). */
export type Applied = { readonly records: number; readonly bytes: number }

const NOTHING: Applied = { records: 0, bytes: 0 }

/** What cursors work with. */
export type CursorOptions = {
  readonly log: Log
  readonly backend: StoreBackend
  readonly nowMs: () => number
  readonly onRebuild?: (changelog: ChangelogPartition, reason: RebuildReason) => void
}

/** How cursors are opened. */
export type OpenOptions = {
  /**
   * A task that is to run has to see all that is committed, and so waits for transactions that are pending; who only
   * follows it goes on with what can be seen now.
   */
  readonly pending: 'await' | 'ignore'
  /** Ends the wait; nothing is written after it. */
  readonly signal: AbortSignal
}

/**
 * Where each changelog is to be applied from. Empties the stores that cannot go on from where they are.
 * @throws StreamsError STREAMS_CHANGELOG_TRUNCATED; Abandoned where the signal comes first
 */
export async function openCursors(
  { log, backend, nowMs, onRebuild }: CursorOptions,
  changelogs: readonly ChangelogPartition[],
  { pending, signal }: OpenOptions,
): Promise<ChangelogCursor[]> {
  const reads = Promise.all([
    backend.getMany(changelogs.map((changelog) => changelog.offsetKey)),
    log.beginningOffsets(changelogs),
    log.endOffsets(changelogs, { pending }),
  ])
  const [stored, begins, seen] = await unlessAborted(signal, reads)
  const checkpoints = stored.map((bytes) => (bytes === undefined ? undefined : decodeCheckpoint(bytes)))
  // What can be seen may end before what this store has written itself: only the decided end tells a shorter log.
  const isBeyond = changelogs.some((one, index) => (checkpoints[index]?.offset ?? 0) > offsetOf(seen, one))
  const ends = isBeyond ? await unlessAborted(signal, log.endOffsets(changelogs)) : seen
  const rebuilt: ChangelogPartition[] = []
  const cursors = changelogs.map((changelog, index) => {
    const begin = offsetOf(begins, changelog)
    const endOffset = offsetOf(ends, changelog)
    const checkpoint = checkpoints[index]
    const lacks = !log.capabilities.compactionMovesBegin && (checkpoint?.offset ?? 0) < begin
    if (lacks) throw isTruncated(changelog, begin)
    if (checkpoint === undefined) return { changelog, offset: begin, endOffset, applied: NOTHING }
    const reason = whyRebuild(checkpoint, begin, endOffset, nowMs())
    if (reason === null) return { changelog, offset: checkpoint.offset, endOffset, applied: NOTHING }
    rebuilt.push(changelog)
    onRebuild?.(changelog, reason)
    return { changelog, offset: begin, endOffset, applied: NOTHING }
  })
  await wipe(backend, rebuilt)
  return cursors
}

/** The changelog records between the cursors and where the changelogs were last seen to end; gaps count too. */
export function lagOf(cursors: readonly ChangelogCursor[]): number {
  return cursors.reduce((sum, { offset, endOffset }) => sum + Math.max(0, endOffset - offset), 0)
}

function isTruncated({ topic, partition, store }: ChangelogPartition, begin: number): StreamsError {
  return new StreamsError(
    'STREAMS_CHANGELOG_TRUNCATED',
    `The changelog ${topic}/${partition} begins at ${begin}: records before that were deleted, so the store ${store} ` +
      'built from it would lack keys without a word. Start an instance that still has the store; or reset the ' +
      'application, and delete the topic while it is stopped: it is made anew.',
  )
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

/** What several cursors have applied together. */
export function appliedBy(cursors: readonly ChangelogCursor[]): Applied {
  const sum = (of: (applied: Applied) => number) => cursors.reduce((total, { applied }) => total + of(applied), 0)
  return { records: sum(({ records }) => records), bytes: sum(({ bytes }) => bytes) }
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

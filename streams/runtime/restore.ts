/** Brings the stores of a task up to their changelogs before it runs. */
import type { FetchedEntries } from '../log/entry-reader.ts'
import type { Position } from '../log/log.ts'
import { applyFetched } from './apply-changelogs.ts'
import {
  appliedBy,
  type ChangelogCursor,
  type ChangelogPartition,
  type CursorOptions,
  openCursors,
} from './changelog-cursors.ts'
import { RestorePace, type RestoreProgress } from './restore-pace.ts'
import { Abandoned } from './unless-aborted.ts'

/** What is restored, from where, and who hears of it. */
export type RestoreOptions = CursorOptions & {
  readonly changelogs: readonly ChangelogPartition[]
  readonly signal: AbortSignal
  readonly onProgress?: (progress: RestoreProgress) => void
}

/** Bytes asked of the log at a time, and so the size of a write. Every task that restores holds so much. */
const FETCH_BYTES = 2 * 1024 * 1024

/**
 * Applies the changelogs up to where they end now. Ends early, with what it has, when the signal is aborted.
 * @throws StreamsError of the log and of the store
 */
export async function restoreStores(options: RestoreOptions): Promise<void> {
  const { signal, nowMs, onProgress } = options
  const cursors = await openCursors(options, options.changelogs, { pending: 'await', signal }).catch(noneIfAbandoned)
  const goals = cursors.map((cursor) => ({ cursor, target: cursor.endOffset }))
  const remaining = () => goals.reduce((sum, { cursor, target }) => sum + Math.max(0, target - cursor.offset), 0)
  const pace = new RestorePace(nowMs, remaining())
  onProgress?.(pace.progress())
  let coming = readOn(options, goals, [])
  while (remaining() > 0 && !signal.aborted) {
    const fetched = await coming
    // The next piece is on its way while this one is written. Where the write fails it is not wanted any more.
    coming = readOn(options, goals, fetched)
    coming.catch(() => undefined)
    await applyFetched(options, cursors, fetched)
    pace.mark(appliedBy(cursors), remaining())
    onProgress?.(pace.progress())
  }
}

type Goal = { readonly cursor: ChangelogCursor; readonly target: number }

/** Reads what follows after `fetched`, up to the goals; nothing where all of them are reached. */
async function readOn(
  { log, signal }: RestoreOptions,
  goals: readonly Goal[],
  fetched: readonly FetchedEntries[],
): Promise<readonly FetchedEntries[]> {
  const positions = goals.flatMap(({ cursor: { changelog, offset: from }, target }): Position[] => {
    const { topic, partition } = changelog
    const offset = fetched.find((one) => one.topic === topic && one.partition === partition)?.nextOffset ?? from
    return offset < target ? [{ topic, partition, offset }] : []
  })
  if (positions.length === 0 || signal.aborted) return []
  return await log.fetchEntries({ positions, maxBytes: FETCH_BYTES, maxWaitMs: 0, signal })
}

function noneIfAbandoned(error: unknown): [] {
  if (error instanceof Abandoned) return []
  throw error
}

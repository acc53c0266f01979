/**
 * Applies what was read of changelogs to the stores they stand for: what a restore and a standby have in common. The
 * records are applied in order, each write with the offset it reaches, so being killed in the middle costs nothing.
 */
import type { FetchedEntries } from '../log/entry-reader.ts'
import { encodeCheckpoint } from '../store/checkpoint.ts'
import type { StoreBackend } from '../store/store.ts'
import type { ChangelogCursor, CursorOptions } from './changelog-cursors.ts'

/** How much is read at a time, and how long a first record is waited for. */
export type AdvanceOptions = {
  readonly maxBytes: number
  readonly maxWaitMs: number
  readonly signal: AbortSignal
}

/** One step: a fetch, and the writes of what came. */
export async function advanceCursors(
  options: CursorOptions,
  cursors: readonly ChangelogCursor[],
  how: AdvanceOptions,
): Promise<void> {
  const positions = cursors.map(({ changelog: { topic, partition }, offset }) => ({ topic, partition, offset }))
  await applyFetched(options, cursors, await options.log.fetchEntries({ positions, ...how }))
}

/** Writes what was fetched from where the cursors stand, and moves them behind it. */
export async function applyFetched(
  { backend, nowMs }: CursorOptions,
  cursors: readonly ChangelogCursor[],
  fetched: readonly FetchedEntries[],
): Promise<void> {
  const writes = new Writes(backend, nowMs)
  try {
    for (const part of fetched) {
      const cursor = cursors.find(({ changelog: { topic, partition } }) => {
        return topic === part.topic && partition === part.partition
      })
      if (cursor !== undefined) await applyPart(writes, cursor, part)
    }
    await writes.end()
    for (const { release } of fetched) release()
  } catch (error) {
    // Whoever tries again must find nothing of this under way: it would come after what is newer.
    await writes.settled()
    throw error
  }
}

async function applyPart(
  writes: Writes,
  cursor: ChangelogCursor,
  { entries, nextOffset, endOffset }: FetchedEntries,
): Promise<void> {
  const { prefix } = cursor.changelog
  let { records, bytes } = cursor.applied
  while (entries.next()) {
    records++
    const key = entries.keyBehind(prefix)
    // A task writes no record without a key.
    if (key === null) continue
    const value = entries.value()
    bytes += key.length - prefix.length + (value?.length ?? 0)
    writes.put(key, value)
    if (writes.isFull) await writes.send(cursor, { offset: entries.offset + 1, endOffset, applied: { records, bytes } })
  }
  writes.reached(cursor, { offset: nextOffset, endOffset, applied: { records, bytes } })
}

/** How far a cursor has come. */
type Reached = Pick<ChangelogCursor, 'offset' | 'endOffset' | 'applied'>

/**
 * Entries a write: few enough that what was made for them is gone before the garbage collector has to carry it over,
 * and many enough that a write costs little of its own.
 */
const ENTRIES_MAX = 1_000

/** Writes of a bounded size, one after the other; the next one is put together while one is on its way. */
class Writes {
  private readonly backend: StoreBackend
  private readonly nowMs: () => number
  private entries: (readonly [Buffer, Buffer | null])[] = []
  private moves: (() => void)[] = []
  private onItsWay: Promise<void> = Promise.resolve()

  constructor(backend: StoreBackend, nowMs: () => number) {
    this.backend = backend
    this.nowMs = nowMs
  }

  get isFull(): boolean {
    return this.entries.length >= ENTRIES_MAX
  }

  put(key: Buffer, value: Buffer | null): void {
    this.entries.push([key, value])
  }

  /** What was put of this cursor's changelog goes so far. */
  reached(cursor: ChangelogCursor, reached: Reached): void {
    if (reached.offset !== cursor.offset) {
      const checkpoint = encodeCheckpoint({ offset: reached.offset, savedAtMs: this.nowMs() })
      this.entries.push([cursor.changelog.offsetKey, checkpoint])
    }
    this.moves.push(() => Object.assign(cursor, reached))
  }

  /** Begins to write what there is; waits for the write before it. */
  async send(cursor: ChangelogCursor, reached: Reached): Promise<void> {
    this.reached(cursor, reached)
    await this.write()
  }

  /** Writes the rest and waits for all of it. */
  async end(): Promise<void> {
    await this.write()
    await this.onItsWay
  }

  /** Waits until nothing is under way, whatever became of it. */
  async settled(): Promise<void> {
    await this.onItsWay.catch(() => undefined)
  }

  private async write(): Promise<void> {
    const { entries, moves } = this
    this.entries = []
    this.moves = []
    await this.onItsWay
    this.onItsWay = this.apply(entries, moves)
    // Whoever waits for it hears of its failure, and that may be later.
    this.onItsWay.catch(() => undefined)
  }

  /** Order matters: where the write fails, the cursors stand where the store stands. */
  private async apply(
    entries: readonly (readonly [Buffer, Buffer | null])[],
    moves: readonly (() => void)[],
  ): Promise<void> {
    if (entries.length > 0) await this.backend.write({ entries, mayPass: true })
    for (const move of moves) move()
  }
}

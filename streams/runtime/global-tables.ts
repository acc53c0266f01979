import type { FetchedPartition, Log, LogRecord, Position } from '../log/log.ts'
import type { ReadOnlyTable } from '../processor/store-handle.ts'
import type { GlobalTable } from '../topology/node.ts'
import type { AppHooks } from './app-hooks.ts'
import { decodeWhenReady } from './decode-when-ready.ts'
import type { GlobalStores } from './global-stores.ts'

/** What is read into memory, and from where. */
export type GlobalTablesOptions = {
  readonly app: string
  readonly tables: readonly GlobalTable[]
  readonly log: Log
  readonly hooks: AppHooks
}

const FETCH_BYTES = 4 * 1024 * 1024
const WAIT_MS_MAX = 30_000

type Loaded = { readonly table: GlobalTable; readonly values: Map<string, unknown> }
type Cursor = { readonly loaded: readonly Loaded[]; readonly topic: string; readonly partition: number; offset: number }

/**
 * The global tables of an application: whole topics in memory, read by every instance outside of any group. `load`
 * brings them up to the end of their topics before tasks start; `follow` keeps them current.
 */
export class GlobalTables implements GlobalStores {
  private readonly options: GlobalTablesOptions
  private readonly loaded: readonly Loaded[]
  private cursors: Cursor[] = []
  private readonly abort = new AbortController()

  constructor(options: GlobalTablesOptions) {
    this.options = options
    this.loaded = options.tables.map((table) => ({ table, values: new Map() }))
  }

  table(store: string): ReadOnlyTable<unknown> {
    const found = this.loaded.find(({ table }) => table.store === store)
    return { get: (key) => found?.values.get(key) }
  }

  /** The number of entries of each table. */
  sizes(): { readonly store: string; readonly keys: number }[] {
    return this.loaded.map(({ table, values }) => ({ store: table.store, keys: values.size }))
  }

  /** Reads the topics from the beginning to where they end now. */
  async load(): Promise<void> {
    const partitions = this.topics().flatMap((topic) =>
      Array.from({ length: this.options.log.partitionCount(topic) }, (_, partition) => ({ topic, partition })),
    )
    const begins = await this.options.log.beginningOffsets(partitions)
    this.cursors = begins.map(({ topic, partition, offset }) => {
      return { topic, partition, offset, loaded: this.loaded.filter(({ table }) => table.topic.name === topic) }
    })
    const ends = await this.options.log.endOffsets(partitions)
    const isBehind = (cursor: Cursor) => cursor.offset < endOf(ends, cursor)
    for (let behind = this.cursors.filter(isBehind); behind.length > 0; behind = behind.filter(isBehind)) {
      if (this.abort.signal.aborted) return
      await this.advance(behind, 0)
    }
  }

  /** Applies what comes, until `stop`. @throws StreamsError of the log's fetch */
  async follow(): Promise<void> {
    while (this.cursors.length > 0 && !this.abort.signal.aborted) await this.advance(this.cursors, WAIT_MS_MAX)
  }

  stop(): void {
    this.abort.abort()
  }

  private topics(): string[] {
    return [...new Set(this.loaded.map(({ table }) => table.topic.name))]
  }

  private async advance(cursors: readonly Cursor[], maxWaitMs: number): Promise<void> {
    const fetched = await this.options.log.fetch({
      positions: cursors.map(({ topic, partition, offset }) => ({ topic, partition, offset })),
      maxBytes: FETCH_BYTES,
      maxWaitMs,
      signal: this.abort.signal,
    })
    for (const part of fetched) {
      const cursor = cursors.find(({ topic, partition }) => topic === part.topic && partition === part.partition)
      if (cursor !== undefined) await this.apply(cursor, part)
    }
  }

  private async apply(cursor: Cursor, { records, nextOffset }: FetchedPartition): Promise<void> {
    for (const record of records) {
      for (const loaded of cursor.loaded) await this.put(loaded, record)
    }
    cursor.offset = nextOffset
  }

  private async put({ table, values }: Loaded, record: LogRecord): Promise<void> {
    const { key, value } = record
    if (key === null) return
    try {
      const name = String(table.topic.key.deserialize(key))
      if (value === null) values.delete(name)
      else values.set(name, await decodeWhenReady(table.topic.value, value))
    } catch (error) {
      const { topic, partition, offset } = record
      this.options.hooks.onGlobalTableError?.({ app: this.options.app, topic, partition, offset, error })
    }
  }
}

function endOf(ends: readonly Position[], cursor: Cursor): number {
  const end = ends.find(({ topic, partition }) => topic === cursor.topic && partition === cursor.partition)
  return end?.offset ?? 0
}

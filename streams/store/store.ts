/**
 * The state-store port: one ordered map of bytes for a whole instance ("one RocksDB an instance"). A task's store is
 * a key prefix in it, so that a commit over many tasks is one atomic write and a task that leaves is one range delete.
 * Adapters: `memory`, `rocksdb`; both pass `testing/store-suite.ts`.
 */

/** Keys from `gte` (included) to `lt` (not included), in byte order. */
export type KeyRange = { readonly gte: Buffer; readonly lt: Buffer }

/** Which entries a scan takes. */
export type ScanOptions = {
  readonly range: KeyRange
  /** At most so many entries; all of them where left out. */
  readonly limit?: number
  readonly reverse?: boolean
}

/** A key with its value. */
export type Entry = readonly [key: Buffer, value: Buffer]

/** Changes that become visible together, or not at all. Applied in order: deletes of ranges, then entries. */
export type WriteBatch = {
  readonly deleteRanges?: readonly KeyRange[]
  /** A null value deletes the key. */
  readonly entries: readonly (readonly [key: Buffer, value: Buffer | null])[]
  /**
   * True where it may pass, and be passed by, other writes of which the same is said: whoever asks for it has none
   * under way that touches the same keys. All others are done in the order in which they were asked for.
   */
  readonly mayPass?: boolean
}

/** A state store. */
export interface StoreBackend {
  readonly persistent: boolean
  /** One value a key, in the order asked; undefined where there is none. An empty value is a value. */
  getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]>
  /** The entries of a range as of one moment. */
  scan(options: ScanOptions): Promise<Entry[]>
  /** @throws StreamsError STORE_FULL, STORE_POISONED (after a failed write nothing is written until it is reopened) */
  write(batch: WriteBatch): Promise<void>
  /** About how many bytes a range takes. */
  approximateBytes(range: KeyRange): Promise<number>
  /** Makes what was written survive a power failure. */
  flush(): Promise<void>
  close(): Promise<void>
}

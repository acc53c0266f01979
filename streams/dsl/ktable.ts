import type { StoreHandle } from '../processor/store-handle.ts'
import type { KStream } from './kstream.ts'

/** A table: the newest value of each key, kept in a store that joins and queries read. */
export class KTable<K extends string, V> {
  /** Where its values are kept. */
  readonly store: StoreHandle<string, V>
  private readonly changes: KStream<K, V | null>

  constructor(store: StoreHandle<string, V>, changes: KStream<K, V | null>) {
    this.store = store
    this.changes = changes
  }

  /** The changes of the table as a stream; null where a key was deleted. */
  toStream(): KStream<K, V | null> {
    return this.changes
  }
}

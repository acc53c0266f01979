import type { TopicSpec } from '../log/log.ts'
import type { Serde } from '../serde/serde.ts'

/** A topic with the serdes of its key and value. Null keys are allowed where nothing is read by key. */
export type Topic<V, K = string> = TopicSpec & {
  readonly key: Serde<K>
  readonly value: Serde<V>
  /** The key a value belongs under; `to` uses it, so that a writer cannot file a record under a wrong key. */
  readonly keyOf?: (value: V) => K
  /**
   * True where a record goes to every partition, in one atomic step: news that every task must hear, each at a place of
   * its own input that a replay finds again. A global table has no such place.
   */
  readonly toEveryPartition?: boolean
}

/** A topic as its writers see it: one that takes these values, and perhaps others. */
export type WritableTopic<V, K = string> = TopicSpec & {
  readonly key: Serde<K>
  readonly value: { readonly serialize: (value: V) => Buffer }
  readonly keyOf?: (value: V) => K
  readonly toEveryPartition?: boolean
}

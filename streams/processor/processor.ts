import type { RecordContext } from './operator.ts'
import type { KeyValueStore, ReadOnlyTable, StoreHandle } from './store-handle.ts'

/** A record as a processor sees it. */
export type ProcessorRecord<K extends string, V> = {
  /** Null at run time where the log's record has no key. */
  readonly key: K
  readonly value: V
  /** Milliseconds since the epoch, as the log has it. */
  readonly timestampMs: number
}

/** What a processor may use. Valid only during the call it is given to; `init` may keep the stores it opens. */
export interface ProcessorContext<K extends string, V> {
  readonly taskId: string
  /** The record of the log that is being processed. */
  readonly record: RecordContext
  /** Opens a store that the node was wired with. @throws StreamsError STREAMS_STORE_NOT_CONNECTED */
  store<S>(handle: StoreHandle<string, S>): KeyValueStore<S>
  /** Opens a global table of the topology by its store name. @throws StreamsError STREAMS_STORE_NOT_CONNECTED */
  globalTable<G>(store: string): ReadOnlyTable<G>
  forward(key: K, value: V): void
}

/**
 * A step written by hand. Pure up to its context: a record may be run several times before it takes effect, so that a
 * processor keeps nothing in its own fields but the stores it opened in `init`.
 */
export interface Processor<K extends string, V, KOut extends string, VOut, Tick = never> {
  init?(context: ProcessorContext<KOut, VOut>): void
  process(record: ProcessorRecord<K, V>, context: ProcessorContext<KOut, VOut>): void
  /** A record of the clock that the node was wired with. */
  punctuate?(tick: Tick, context: ProcessorContext<KOut, VOut>): void
}

/** The context of a processor that cannot change keys. */
export interface ValueProcessorContext<V> extends Omit<ProcessorContext<string, V>, 'forward'> {
  forward(value: V): void
}

/** A step written by hand that keeps the key, so that what follows may keep state by it without a repartition. */
export interface ValueProcessor<K extends string, V, VOut> {
  init?(context: ValueProcessorContext<VOut>): void
  process(record: ProcessorRecord<K, V>, context: ValueProcessorContext<VOut>): void
}

import { aggregateOperator } from '../processor/aggregate.ts'
import type { StoreHandle } from '../processor/store-handle.ts'
import type { NodeInput } from '../topology/node.ts'
import type { GraphBuilder } from './graph-builder.ts'
import type { KStream } from './kstream.ts'
import { KTable } from './ktable.ts'

/** A stream seen by key, about to be folded into a table. */
export class GroupedStream<K extends string, V> {
  private readonly graph: GraphBuilder
  private readonly at: NodeInput
  private readonly streamAt: <A>(at: NodeInput) => KStream<K, A>

  constructor(graph: GraphBuilder, at: NodeInput, streamAt: <A>(at: NodeInput) => KStream<K, A>) {
    this.graph = graph
    this.at = at
    this.streamAt = streamAt
  }

  /** Folds the values of each key: `initial` for a key that has none yet, then `add` for each value. */
  aggregate<A>(
    name: string,
    options: {
      readonly store: StoreHandle<string, A>
      readonly initial: (key: K) => A
      readonly add: (aggregate: A, value: V, key: K) => A
    },
  ): KTable<K, A> {
    const { store, initial, add } = options
    return this.fold(name, 'aggregate', store, (aggregate, value, key) =>
      add(aggregate === undefined ? initial(key) : aggregate, value, key),
    )
  }

  /** Folds the values of each key into one of their own kind; the first one is taken as it is. */
  reduce(
    name: string,
    options: { readonly store: StoreHandle<string, V>; reducer(sum: V, value: V, key: K): V },
  ): KTable<K, V> {
    return this.fold(name, 'reduce', options.store, (sum, value, key) =>
      sum === undefined ? value : options.reducer(sum, value, key),
    )
  }

  /** Counts the records of each key. */
  count(name: string, options: { readonly store: StoreHandle<string, number> }): KTable<K, number> {
    return this.fold(name, 'count', options.store, (count) => (count ?? 0) + 1)
  }

  private fold<A>(
    name: string,
    operation: string,
    store: StoreHandle<string, A>,
    add: (aggregate: A | undefined, value: V, key: K) => A,
  ): KTable<K, A> {
    this.graph.addOperator({
      name,
      operation,
      inputs: [this.at],
      factory: aggregateOperator<K, V, A>(name, { store, add }),
      stores: [store as StoreHandle<string, unknown>],
      keeps: 'key',
    })
    return new KTable<K, A>(store, this.streamAt({ node: name }))
  }
}

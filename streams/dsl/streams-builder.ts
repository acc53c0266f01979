import type { StoreHandle } from '../processor/store-handle.ts'
import { tableStoreOperator } from '../processor/table-store.ts'
import { type Serde, stringSerde } from '../serde/serde.ts'
import { assertAppName, assertName } from '../topology/names.ts'
import { DEFAULT_POLICIES, type FailurePolicies } from '../topology/policies.ts'
import type { Topic } from '../topology/topic.ts'
import { Topology } from '../topology/topology.ts'
import type { Clock } from './clock.ts'
import type { GlobalKTable } from './global-ktable.ts'
import { GraphBuilder } from './graph-builder.ts'
import { KStream } from './kstream.ts'
import { KTable } from './ktable.ts'

/**
 * Writes a topology down: streams, tables, stores and the steps between them, every one with a name of its own. The
 * names become part of topics and state, so that moving a line changes nothing and renaming one is a new thing.
 *
 * ```ts
 * const builder = new StreamsBuilder('word-count')
 * builder.stream('lines', lines).flatMapValues('split', (line) => line.split(' ')) ...
 * const topology = builder.build()
 * ```
 */
export class StreamsBuilder {
  private readonly app: string
  private readonly policies: FailurePolicies
  private readonly graph: GraphBuilder

  /**
   * @param app name of the application: group, prefix of internal topics and of state
   * @param policies what happens to records that fail; dead letters where left out
   * @throws StreamsError STREAMS_ILLEGAL_NAME
   */
  constructor(app: string, policies: Partial<FailurePolicies> = {}) {
    assertAppName(app)
    this.app = app
    this.policies = { ...DEFAULT_POLICIES, ...policies }
    this.graph = new GraphBuilder(app)
  }

  /** Reads a topic as a stream of records. A record without a value is refused by the decode policy. */
  stream<V>(name: string, topic: Topic<V>): KStream<string, V> {
    this.graph.addSource(name, topic as Topic<unknown>, 'stream')
    return new KStream<string, V>(this.graph, { node: name }, false)
  }

  /** Reads a topic as a table: the newest value of each key, kept in a store. A record without a value deletes. */
  table<V>(
    name: string,
    topic: Topic<V>,
    options: { readonly store: string | StoreHandle<string, V> },
  ): KTable<string, V> {
    const store =
      typeof options.store === 'string'
        ? this.graph.addStore({ name: options.store, key: topic.key, value: topic.value })
        : options.store
    const keeper = `${name}-store`
    this.graph.addSource(name, topic as Topic<unknown>, 'table')
    this.graph.addOperator({
      name: keeper,
      operation: 'table-store',
      inputs: [{ node: name }],
      factory: tableStoreOperator(keeper, store),
      stores: [store as StoreHandle<string, unknown>],
      keeps: 'all',
    })
    return new KTable<string, V>(store, new KStream(this.graph, { node: keeper }, false))
  }

  /** Reads a whole topic on every instance, for joins by any key. */
  globalTable<V>(name: string, topic: Topic<V>, options: { readonly store: string }): GlobalKTable<V> {
    assertName('node', name)
    assertName('store', options.store)
    this.graph.globalTables.push({ name, topic: topic as Topic<unknown>, store: options.store })
    return { name, store: options.store }
  }

  /** Reads ticks of business time, which wake the steps that are given this clock. */
  clock<T>(name: string, topic: Topic<T>, options: { readonly timeMs: (tick: T) => number }): Clock<T> {
    assertName('node', name)
    this.graph.nodes.push({
      kind: 'clock',
      name,
      topic: topic as Topic<unknown>,
      timeMs: options.timeMs as (tick: unknown) => number,
    })
    return { name }
  }

  /** Declares a store, to be handed to the steps that use it. Its changelog is `<app>.<store>.changelog`. */
  store<V>(name: string, options: { readonly value: Serde<V>; readonly key?: Serde<string> }): StoreHandle<string, V> {
    return this.graph.addStore({ name, key: options.key ?? stringSerde, value: options.value })
  }

  /** Checks the graph and makes it a topology. @throws StreamsError where it could not run; see `validate.ts` */
  build(): Topology {
    const { nodes, stores, globalTables, repartitions } = this.graph
    return new Topology(
      this.app,
      this.policies,
      { nodes: [...nodes], stores: [...stores], globalTables: [...globalTables] },
      [...repartitions],
    )
  }
}

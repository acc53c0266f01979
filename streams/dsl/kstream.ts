import { StreamsError } from '../errors.ts'
import { branchOperator } from '../processor/branch.ts'
import { filterOperator } from '../processor/filter.ts'
import { flatMapOperator } from '../processor/flat-map.ts'
import { flatMapValuesOperator } from '../processor/flat-map-values.ts'
import { globalJoinOperator } from '../processor/global-join.ts'
import { mapOperator } from '../processor/map.ts'
import { mapValuesOperator } from '../processor/map-values.ts'
import { mergeOperator } from '../processor/merge.ts'
import { peekOperator } from '../processor/peek.ts'
import { processOperator, processValuesOperator } from '../processor/process.ts'
import type { Processor, ValueProcessor } from '../processor/processor.ts'
import { selectKeyOperator } from '../processor/select-key.ts'
import type { StoreHandle } from '../processor/store-handle.ts'
import { tableJoinOperator } from '../processor/table-join.ts'
import { tableStoreOperator } from '../processor/table-store.ts'
import { type Serde, stringSerde } from '../serde/serde.ts'
import { assertName } from '../topology/names.ts'
import type { NodeInput } from '../topology/node.ts'
import type { Topic, WritableTopic } from '../topology/topic.ts'
import type { Clock } from './clock.ts'
import { addDecide, type DecideStreamOptions } from './decide.ts'
import type { GlobalKTable } from './global-ktable.ts'
import type { GraphBuilder, OperatorSpec } from './graph-builder.ts'
import { GroupedStream } from './grouped-stream.ts'
import { KTable } from './ktable.ts'

/** A question about a record; a type guard where it narrows the value. */
type Predicate<K, V> = (value: V, key: K) => boolean

type TableJoiner<K, V, T, V2> = (value: V, table: T | undefined, key: K) => V2
type GlobalJoiner<K, V, G, V2> = (value: V, found: G | undefined, key: K) => V2

/** A question that narrows the value where the answer is yes. */
type Guard<V, K, W extends V> = (value: V, key: K) => value is W

/** The streams `branch` gives: one a predicate, narrowed where the predicate is a type guard. */
export type Branches<K extends string, V, P> = {
  readonly [N in keyof P]: P[N] extends Guard<V, K, infer W> ? KStream<K, W> : KStream<K, V>
}

/** Stores and tables a hand-written step may open. */
export type ProcessorWiring = {
  readonly stores?: readonly StoreHandle<string, unknown>[]
  readonly globalTables?: readonly GlobalKTable<unknown>[]
}

/**
 * A stream of records. Every step has a name, unique in the topology. Functions take `(value, key)`; only `map` and
 * `flatMap`, which give pairs back, take `(key, value)`. All of them are pure: they may run several times on a record.
 */
export class KStream<K extends string, V> {
  private readonly graph: GraphBuilder
  private readonly at: NodeInput
  private readonly keyChanged: boolean

  constructor(graph: GraphBuilder, at: NodeInput, keyChanged: boolean) {
    this.graph = graph
    this.at = at
    this.keyChanged = keyChanged
  }

  /** Keeps the records a predicate is true of; a type guard narrows the value. */
  filter<W extends V>(name: string, guard: (value: V, key: K) => value is W): KStream<K, W>
  filter(name: string, predicate: Predicate<K, V>): KStream<K, V>
  filter(name: string, predicate: Predicate<K, V>): KStream<K, V> {
    const factory = filterOperator(name, predicate)
    return this.step({ name, operation: 'filter', factory, keeps: 'all' })
  }

  /** Makes another key and value of each record. The key counts as changed. */
  map<K2 extends string, V2>(name: string, mapper: (key: K, value: V) => readonly [K2, V2]): KStream<K2, V2> {
    const factory = mapOperator(name, mapper)
    return this.step({ name, operation: 'map', factory })
  }

  /** Makes another value of each record. */
  mapValues<V2>(name: string, mapper: (value: V, key: K) => V2): KStream<K, V2> {
    const factory = mapValuesOperator(name, mapper)
    return this.step({ name, operation: 'map-values', factory, keeps: 'key' })
  }

  /** Makes any number of records of each one. The key counts as changed. */
  flatMap<K2 extends string, V2>(
    name: string,
    mapper: (key: K, value: V) => readonly (readonly [K2, V2])[],
  ): KStream<K2, V2> {
    const factory = flatMapOperator(name, mapper)
    return this.step({ name, operation: 'flat-map', factory })
  }

  /** Makes any number of values of each record. */
  flatMapValues<V2>(name: string, mapper: (value: V, key: K) => readonly V2[]): KStream<K, V2> {
    const factory = flatMapValuesOperator(name, mapper)
    return this.step({ name, operation: 'flat-map-values', factory, keeps: 'key' })
  }

  /** Shows each record to a function; for tracing, since it may see a record several times. */
  peek(name: string, look: (value: V, key: K) => void): KStream<K, V> {
    const factory = peekOperator(name, look)
    return this.step({ name, operation: 'peek', factory, keeps: 'all' })
  }

  /** Gives each record another key. State by the new key needs a `repartition` first. */
  selectKey<K2 extends string>(name: string, keyOf: (value: V, key: K) => K2): KStream<K2, V> {
    const factory = selectKeyOperator(name, keyOf)
    return this.step({ name, operation: 'select-key', factory })
  }

  /** This stream and others as one. */
  merge<W>(name: string, ...others: readonly KStream<K, W>[]): KStream<K, V | W> {
    this.graph.addOperator({
      name,
      operation: 'merge',
      inputs: [this.at, ...others.map((other) => other.at)],
      factory: mergeOperator(),
      keeps: 'all',
    })
    const changed = this.keyChanged || others.some((other) => other.keyChanged)
    return new KStream<K, V | W>(this.graph, { node: name }, changed)
  }

  /** Splits the stream: each record goes to the first branch whose predicate is true, or nowhere. */
  branch<P extends Readonly<Record<string, Predicate<K, V>>>>(name: string, predicates: P): Branches<K, V, P> {
    const ports = Object.entries(predicates) as [string, Predicate<K, V>][]
    for (const [port] of ports) assertName('branch', port)
    this.step({ name, operation: 'branch', factory: branchOperator(name, ports), keeps: 'all' })
    const streams = ports.map(([port]) => [port, new KStream<K, V>(this.graph, { node: name, port }, this.keyChanged)])
    return Object.fromEntries(streams) as Branches<K, V, P>
  }

  /** Runs a step written by hand, which may change keys: what follows counts as re-keyed. */
  process<K2 extends string, V2, Tick = never>(
    name: string,
    options: ProcessorWiring & {
      readonly processor: () => Processor<K, V, K2, V2, Tick>
      readonly clock?: Clock<Tick>
    },
  ): KStream<K2, V2> {
    const wiring = this.wire(name, 'process', options)
    const factory = processOperator(name, { ...wiring, processor: options.processor })
    return this.step({ name, operation: 'process', factory, ...wiring, clock: options.clock?.name ?? null })
  }

  /** Runs a step written by hand that keeps the key. */
  processValues<V2>(
    name: string,
    options: ProcessorWiring & { readonly processor: () => ValueProcessor<K, V, V2> },
  ): KStream<K, V2> {
    const wiring = this.wire(name, 'processValues', options)
    const factory = processValuesOperator(name, { ...wiring, processor: options.processor })
    return this.step({ name, operation: 'process-values', factory, ...wiring, keeps: 'key' })
  }

  /** Sees the stream by key, to fold it. */
  groupByKey(): GroupedStream<K, V> {
    this.assertKeyed('groupByKey', 'groupByKey')
    return new GroupedStream<K, V>(this.graph, this.at, (at) => new KStream(this.graph, at, false))
  }

  /** Joins with the table's value of the same key; a record that finds none is dropped. */
  join<T, V2>(name: string, table: KTable<K, T>, joiner: (value: V, table: T, key: K) => V2): KStream<K, V2> {
    return this.joinTable(name, 'inner', table, joiner as TableJoiner<K, V, T, V2>)
  }

  /** Joins with the table's value of the same key, or with undefined. */
  leftJoin<T, V2>(
    name: string,
    table: KTable<K, T>,
    joiner: (value: V, table: T | undefined, key: K) => V2,
  ): KStream<K, V2> {
    return this.joinTable(name, 'left', table, joiner)
  }

  /** Joins with a global table's value of any key; a record that finds none is dropped. */
  joinGlobal<G, V2>(
    name: string,
    table: GlobalKTable<G>,
    keyOf: (value: V, key: K) => string | null,
    joiner: (value: V, found: G, key: K) => V2,
  ): KStream<K, V2> {
    return this.joinGlobalTable(name, 'inner', table, keyOf, joiner as GlobalJoiner<K, V, G, V2>)
  }

  /** Joins with a global table's value of any key, or with undefined. */
  leftJoinGlobal<G, V2>(
    name: string,
    table: GlobalKTable<G>,
    keyOf: (value: V, key: K) => string | null,
    joiner: (value: V, found: G | undefined, key: K) => V2,
  ): KStream<K, V2> {
    return this.joinGlobalTable(name, 'left', table, keyOf, joiner)
  }

  /** Keeps the newest value of each key as a table. */
  toTable(name: string, options: { readonly store: StoreHandle<string, V> }): KTable<K, V> {
    this.assertKeyed('toTable', name)
    const { store } = options
    const factory = tableStoreOperator(name, store)
    const changes: KStream<K, V> = this.step({
      name,
      operation: 'to-table',
      factory,
      stores: [erased(store)],
      keeps: 'all',
    })
    return new KTable<K, V>(store, changes as KStream<K, V | null>)
  }

  /**
   * Runs a decider: the input's aggregate decides, its events change its state and go on, under the aggregate's key.
   * See `DecideStreamOptions` for time and for repeated commands.
   */
  decide<State, Event, Tick = never, Answer = never, Rules = never, Second = never>(
    name: string,
    options: DecideStreamOptions<State, V, Event, Tick, Answer, Rules, Second>,
  ): KStream<string, Event> {
    this.assertKeyed('decide', name)
    addDecide(this.graph, name, this.at, options)
    return new KStream<string, Event>(this.graph, { node: name }, false)
  }

  /** Sends the stream through an internal topic, so that records of one key meet in one task again. */
  repartition(
    name: string,
    options: { readonly value: Serde<V>; readonly key?: Serde<string>; readonly partitions?: number },
  ): KStream<K, V> {
    const partitions = options.partitions ?? this.graph.partitionsOf(this.at.node)
    const value = options.value as Serde<unknown>
    this.graph.addRepartition(name, { partitions, key: options.key ?? stringSerde, value }, this.at)
    return new KStream<K, V>(this.graph, { node: name }, false)
  }

  /** Writes the stream to a topic, under `topic.keyOf(value)` where the topic says so, else under the record's key. */
  to(name: string, topic: WritableTopic<Exclude<V, null>>): void {
    this.graph.addSink(name, topic as Topic<unknown>, this.at)
  }

  private joinTable<T, V2>(
    name: string,
    kind: 'inner' | 'left',
    table: KTable<K, T>,
    joiner: TableJoiner<K, V, T, V2>,
  ): KStream<K, V2> {
    this.assertKeyed(kind === 'inner' ? 'join' : 'leftJoin', name)
    const { store } = table
    const factory = tableJoinOperator(name, { store, joiner, kind })
    return this.step({ name, operation: `${kind}-join`, factory, stores: [erased(store)], keeps: 'key' })
  }

  private joinGlobalTable<G, V2>(
    name: string,
    kind: 'inner' | 'left',
    table: GlobalKTable<G>,
    keyOf: (value: V, key: K) => string | null,
    joiner: (value: V, found: G | undefined, key: K) => V2,
  ): KStream<K, V2> {
    const factory = globalJoinOperator(name, { table: table.store, keyOf, joiner, kind })
    return this.step({ name, operation: `${kind}-join-global`, factory, globalTables: [table.store], keeps: 'key' })
  }

  private wire(name: string, method: string, options: ProcessorWiring) {
    const stores = options.stores ?? []
    if (stores.length > 0) this.assertKeyed(method, name)
    return { stores, globalTables: (options.globalTables ?? []).map((table) => table.store) }
  }

  private step<K2 extends string, V2>(spec: Omit<OperatorSpec, 'inputs'>): KStream<K2, V2> {
    this.graph.addOperator({ ...spec, inputs: [this.at] })
    return new KStream<K2, V2>(this.graph, { node: spec.name }, spec.keeps === undefined || this.keyChanged)
  }

  /** Refuses state by a key that another task may hold. */
  private assertKeyed(method: string, name: string): void {
    if (!this.keyChanged) return
    throw new StreamsError(
      'STREAMS_REPARTITION_NEEDED',
      `${method} ${JSON.stringify(name)} keeps state by key, but ${JSON.stringify(this.at.node)} comes after a step ` +
        'that may change the key, so that records of one key can be in several tasks. ' +
        "Put .repartition('<name>', { value: <serde> }) before it, or use mapValues where the key stays the same.",
    )
  }
}

function erased<V>(store: StoreHandle<string, V>): StoreHandle<string, unknown> {
  return store as StoreHandle<string, unknown>
}

import { StreamsError } from '../errors.ts'
import type { StoreHandle } from '../processor/store-handle.ts'
import { PARKED_STORE } from './internal-topics.ts'
import { type GlobalTable, inputsOf, type TopologyNode } from './node.ts'
import type { Subtopology } from './subtopology.ts'

/** What a topology is made of, as the builder collected it. */
export type Graph = {
  readonly nodes: readonly TopologyNode[]
  /** Every store that was declared, connected or not. */
  readonly stores: readonly StoreHandle<string, unknown>[]
  readonly globalTables: readonly GlobalTable[]
}

/**
 * Refuses a graph that could not run, or that would lose state quietly.
 * @throws StreamsError STREAMS_DUPLICATE_NAME, STREAMS_ILLEGAL_NAME, STREAMS_TOPIC_READ_TWICE, STREAMS_UNKNOWN_NODE,
 *   STREAMS_STORE_NOT_CONNECTED, STREAMS_TOPOLOGY_EMPTY
 */
export function validateGraph(app: string, graph: Graph): void {
  assertUnique('node', [...graph.nodes.map((node) => node.name), ...graph.globalTables.map((table) => table.name)])
  const stores = [...graph.stores.map((store) => store.name), ...graph.globalTables.map((table) => table.store)]
  assertUnique('store', stores)
  assertNotReserved(stores)
  assertReadOnce(graph)
  assertInputsExist(graph)
  assertStoresConnected(graph)
  if (!graph.nodes.some((node) => node.kind === 'source' || node.kind === 'clock')) {
    throw new StreamsError(
      'STREAMS_TOPOLOGY_EMPTY',
      `The topology ${JSON.stringify(app)} reads no topic. Begin it with stream(), table() or clock().`,
    )
  }
}

/**
 * Refuses sub-topologies whose inputs differ in their partition counts: one task could not read them together.
 * @throws StreamsError STREAMS_NOT_COPARTITIONED
 */
export function validateCopartitioning(subtopologies: readonly Subtopology[]): void {
  for (const sub of subtopologies) {
    const counts = new Map<string, number>()
    for (const node of sub.nodes) {
      if (node.kind === 'source' || node.kind === 'clock') counts.set(node.topic.name, node.topic.partitions)
    }
    if (new Set(counts.values()).size <= 1) continue
    const listed = [...counts].map(([topic, count]) => `${topic} has ${count}`).join(', ')
    throw new StreamsError(
      'STREAMS_NOT_COPARTITIONED',
      `The topics of sub-topology ${JSON.stringify(sub.name)} must have the same number of partitions: ${listed}. ` +
        'Give them the same number, put a repartition between them, or read the smaller one as a globalTable.',
    )
  }
}

function assertUnique(what: string, names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) {
      throw new StreamsError(
        'STREAMS_DUPLICATE_NAME',
        `The ${what} name ${JSON.stringify(name)} is used twice. Each ${what} of a topology has a name of its own.`,
      )
    }
    seen.add(name)
  }
}

function assertNotReserved(stores: readonly string[]): void {
  const reserved = stores.find((name) => name === PARKED_STORE || name.startsWith(`${PARKED_STORE}-`))
  if (reserved === undefined) return
  throw new StreamsError(
    'STREAMS_ILLEGAL_NAME',
    `The store name ${JSON.stringify(reserved)} is kept for the runtime: take one that begins otherwise.`,
  )
}

function assertReadOnce(graph: Graph): void {
  const readers = new Map<string, string>()
  for (const node of graph.nodes) {
    if (node.kind !== 'source' && node.kind !== 'clock') continue
    const other = readers.get(node.topic.name)
    if (other !== undefined) {
      throw new StreamsError(
        'STREAMS_TOPIC_READ_TWICE',
        `The topic ${JSON.stringify(node.topic.name)} is read by ${JSON.stringify(other)} and by ` +
          `${JSON.stringify(node.name)}. Read it once and use that stream twice (or toTable on it).`,
      )
    }
    readers.set(node.topic.name, node.name)
  }
}

function assertInputsExist(graph: Graph): void {
  const names = new Set(graph.nodes.map((node) => node.name))
  const tables = new Set(graph.globalTables.map((table) => table.store))
  for (const node of graph.nodes) {
    const used = inputsOf(node).map((input) => input.node)
    if (node.kind === 'operator' && node.clock !== null) used.push(node.clock)
    for (const name of used) {
      if (!names.has(name)) throw foreign(node.name, name)
    }
    if (node.kind !== 'operator') continue
    for (const table of node.globalTables) {
      if (!tables.has(table)) throw foreign(node.name, table)
    }
  }
}

function foreign(node: string, name: string): StreamsError {
  return new StreamsError(
    'STREAMS_UNKNOWN_NODE',
    `${JSON.stringify(node)} is fed by ${JSON.stringify(name)}, which is not part of this topology. ` +
      'Streams, tables, clocks and global tables of another builder cannot be used.',
  )
}

function assertStoresConnected(graph: Graph): void {
  const declared = new Map(graph.stores.map((store) => [store.name, store]))
  const used = new Set<string>()
  for (const node of graph.nodes) {
    if (node.kind !== 'operator') continue
    for (const store of node.stores) {
      used.add(store.name)
      if (declared.get(store.name) !== store) throw foreign(node.name, store.name)
    }
  }
  for (const store of graph.stores) {
    if (used.has(store.name)) continue
    throw new StreamsError(
      'STREAMS_STORE_NOT_CONNECTED',
      `The store ${JSON.stringify(store.name)} is used by no node. Hand it to the step that keeps it, or remove it.`,
    )
  }
}

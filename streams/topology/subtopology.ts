import type { StoreHandle } from '../processor/store-handle.ts'
import { controlTopic, parkedStoreName } from './internal-topics.ts'
import { type ClockNode, inputsOf, type OperatorNode, type SourceNode, type TopologyNode } from './node.ts'
import type { ProcessPolicy } from './policies.ts'

/**
 * A connected part of the graph. Its task with number n reads partition n of each of its topics, so that all of them
 * have the same partition count.
 */
export type Subtopology = {
  /** The smallest name of its sources (of its clocks, where it has nothing else): never a number. */
  readonly name: string
  /** Its nodes, in the order in which they were named. */
  readonly nodes: readonly TopologyNode[]
  /** Topics its tasks read in the group: sources, clocks, the control topic. Sorted by name. */
  readonly inputTopics: readonly string[]
  /** Where parked keys are replayed or discarded; null where the policy parks nothing. */
  readonly controlTopic: string | null
  /** Where records wait whose key is parked; null where the policy parks nothing. */
  readonly parkedStore: string | null
  readonly stores: readonly StoreHandle<string, unknown>[]
  /** Names of its stores, with the runtime's own one for parked keys. Each has a changelog. */
  readonly storeNames: readonly string[]
  /** Partition count of its inputs = number of its tasks. */
  readonly partitions: number
  /** True where more than one topic is read, so that their interleaving is recorded. */
  readonly journalled: boolean
}

/** The parts of a graph that share an edge, a store, a clock or a topic. */
export function subtopologiesOf(
  app: string,
  nodes: readonly TopologyNode[],
  onProcessError: ProcessPolicy,
): readonly Subtopology[] {
  const groups = connected(nodes)
  const subtopologies = groups.map((group) => describeGroup(app, group, onProcessError, groups.length))
  return subtopologies.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function describeGroup(
  app: string,
  nodes: readonly TopologyNode[],
  onProcessError: ProcessPolicy,
  count: number,
): Subtopology {
  const readers = nodes.filter(
    (node): node is SourceNode | ClockNode => node.kind === 'source' || node.kind === 'clock',
  )
  const sources = readers.filter((node) => node.kind === 'source')
  const name = (sources.length > 0 ? sources : readers).map((node) => node.name).sort()[0] ?? ''
  const parks = onProcessError === 'park'
  const control = parks ? controlTopic(app, name, count) : null
  const parkedStore = parks ? parkedStoreName(name, count) : null
  const stores = new Map<string, StoreHandle<string, unknown>>()
  for (const node of nodes) {
    if (node.kind === 'operator') for (const store of node.stores) stores.set(store.name, store)
  }
  const inputTopics = readers.map((node) => node.topic.name)
  if (control !== null) inputTopics.push(control)
  return {
    name,
    nodes,
    inputTopics: inputTopics.sort(),
    controlTopic: control,
    stores: [...stores.values()],
    parkedStore,
    storeNames: parkedStore === null ? [...stores.keys()] : [...stores.keys(), parkedStore],
    partitions: readers[0]?.topic.partitions ?? 0,
    journalled: inputTopics.length > 1,
  }
}

/** Groups nodes by union and find over everything that must be handled by the same task. */
function connected(nodes: readonly TopologyNode[]): TopologyNode[][] {
  const parent = new Map<string, string>()
  const find = (id: string): string => {
    const up = parent.get(id)
    if (up === undefined || up === id) return id
    const root = find(up)
    parent.set(id, root)
    return root
  }
  const join = (a: string, b: string) => parent.set(find(a), find(b))
  for (const node of nodes) {
    for (const tie of tiesOf(node)) join(`node ${node.name}`, tie)
  }
  const groups = new Map<string, TopologyNode[]>()
  for (const node of nodes) {
    const root = find(`node ${node.name}`)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [node])
    else group.push(node)
  }
  return [...groups.values()]
}

function tiesOf(node: TopologyNode): string[] {
  const ties = inputsOf(node).map((input) => `node ${input.node}`)
  if (node.kind === 'operator') ties.push(...operatorTies(node))
  if (node.kind === 'source' || node.kind === 'clock') ties.push(`topic ${node.topic.name}`)
  return ties
}

function operatorTies(node: OperatorNode): string[] {
  const ties = node.stores.map((store) => `store ${store.name}`)
  if (node.clock !== null) ties.push(`node ${node.clock}`)
  return ties
}

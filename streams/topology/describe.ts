import type { GlobalTable, TopologyNode } from './node.ts'
import type { FailurePolicies } from './policies.ts'
import type { Subtopology } from './subtopology.ts'

/** A node, as plain data. */
export type NodeDescription = {
  readonly name: string
  /** `stream`, `table`, `clock`, `sink`, or the operation. */
  readonly kind: string
  /** `node`, or `node.port`. */
  readonly inputs: readonly string[]
  readonly topic: string | null
  readonly stores: readonly string[]
  readonly globalTables: readonly string[]
  readonly clock: string | null
}

/** A sub-topology, as plain data. */
export type SubtopologyDescription = {
  readonly name: string
  readonly partitions: number
  readonly inputTopics: readonly string[]
  readonly stores: readonly string[]
  readonly nodes: readonly NodeDescription[]
}

/** A topology, as plain data: what is drawn, compared and hashed. */
export type TopologyDescription = {
  readonly name: string
  readonly policies: FailurePolicies
  readonly subtopologies: readonly SubtopologyDescription[]
  readonly globalTables: readonly { readonly name: string; readonly topic: string; readonly store: string }[]
}

/** Turns a graph into plain data. */
export function topologyDescription(
  name: string,
  policies: FailurePolicies,
  subtopologies: readonly Subtopology[],
  globalTables: readonly GlobalTable[],
): TopologyDescription {
  return {
    name,
    policies,
    subtopologies: subtopologies.map((sub) => ({
      name: sub.name,
      partitions: sub.partitions,
      inputTopics: sub.inputTopics,
      stores: sub.storeNames,
      nodes: sub.nodes.map(describeNode),
    })),
    globalTables: globalTables.map((table) => ({ name: table.name, topic: table.topic.name, store: table.store })),
  }
}

/** The description as JSON, for tools. */
export function describeJson(description: TopologyDescription): string {
  return JSON.stringify(description, null, 2)
}

/** The description for people: a line a node. */
export function describeText(description: TopologyDescription): string {
  const { policies } = description
  const failures = `decode errors: ${policies.onDecodeError}, process errors: ${policies.onProcessError}`
  const lines = [`Topology ${description.name} (${failures})`]
  for (const table of description.globalTables) {
    lines.push(`  global table ${table.name} <- topic ${table.topic} (store ${table.store})`)
  }
  for (const sub of description.subtopologies) {
    lines.push(`  Sub-topology ${sub.name} (${sub.partitions} ${sub.partitions === 1 ? 'task' : 'tasks'})`)
    for (const node of sub.nodes) lines.push(`    ${nodeLine(node)}`)
  }
  return lines.join('\n')
}

function nodeLine(node: NodeDescription): string {
  const parts = [`${node.kind} ${node.name}`]
  if (node.inputs.length > 0) parts.push(`<- ${node.inputs.join(', ')}`)
  if (node.topic !== null) parts.push(`${node.kind === 'sink' ? '->' : '<-'} topic ${node.topic}`)
  const extras = [
    ...(node.stores.length > 0 ? [`stores: ${node.stores.join(', ')}`] : []),
    ...(node.globalTables.length > 0 ? [`global tables: ${node.globalTables.join(', ')}`] : []),
    ...(node.clock === null ? [] : [`clock: ${node.clock}`]),
  ]
  if (extras.length > 0) parts.push(`(${extras.join('; ')})`)
  return parts.join(' ')
}

function describeNode(node: TopologyNode): NodeDescription {
  const operator = node.kind === 'operator' ? node : null
  return {
    name: node.name,
    kind: kindOf(node),
    inputs:
      node.kind === 'operator' || node.kind === 'sink'
        ? node.inputs.map((input) => (input.port === undefined ? input.node : `${input.node}.${input.port}`))
        : [],
    topic: node.kind === 'operator' ? null : node.topic.name,
    stores: operator?.stores.map((store) => store.name) ?? [],
    globalTables: operator?.globalTables ?? [],
    clock: operator?.clock ?? null,
  }
}

function kindOf(node: TopologyNode): string {
  if (node.kind === 'operator') return node.operation
  return node.kind === 'source' ? node.reads : node.kind
}

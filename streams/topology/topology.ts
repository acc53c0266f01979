import { StreamsError } from '../errors.ts'
import type { TopicSpec } from '../log/log.ts'
import { describeJson, describeText, type TopologyDescription, topologyDescription } from './describe.ts'
import { fingerprintOf } from './fingerprint.ts'
import { internalTopicSpecs } from './internal-topics.ts'
import { describeMermaid } from './mermaid.ts'
import { assertAppName } from './names.ts'
import type { GlobalTable, TopologyNode } from './node.ts'
import type { FailurePolicies } from './policies.ts'
import { type Subtopology, subtopologiesOf } from './subtopology.ts'
import type { Topic } from './topic.ts'
import { type Graph, validateCopartitioning, validateGraph } from './validate.ts'

/**
 * A validated graph, ready to be drawn, compared and run. It is data: nothing is opened, read or written by making one.
 * @throws StreamsError where the graph cannot run; see `validate.ts`.
 */
export class Topology {
  /** The application's name: group, prefix of internal topics and of state. */
  readonly name: string
  readonly policies: FailurePolicies
  readonly nodes: readonly TopologyNode[]
  readonly globalTables: readonly GlobalTable[]
  readonly subtopologies: readonly Subtopology[]
  private readonly repartitions: readonly Topic<unknown>[]

  constructor(name: string, policies: FailurePolicies, graph: Graph, repartitions: readonly Topic<unknown>[]) {
    assertAppName(name)
    validateGraph(name, graph)
    this.name = name
    this.policies = policies
    this.nodes = graph.nodes
    this.globalTables = graph.globalTables
    this.subtopologies = subtopologiesOf(name, graph.nodes, policies.onProcessError)
    this.repartitions = repartitions
    validateCopartitioning(this.subtopologies)
  }

  /** Topics the group subscribes to: the inputs of all sub-topologies, sorted. Global tables are read outside it. */
  inputTopics(): readonly string[] {
    return this.subtopologies.flatMap((sub) => sub.inputTopics).sort()
  }

  /** Topics that records are written to, other than internal ones; sorted. */
  outputTopics(): readonly string[] {
    const internal = new Set(this.repartitions.map((topic) => topic.name))
    const names = this.nodes.flatMap((node) => (node.kind === 'sink' ? [node.topic.name] : []))
    return [...new Set(names.filter((name) => !internal.has(name)))].sort()
  }

  /** Topics the application makes for itself before it starts: changelogs, repartitions, dead letters, journal. */
  internalTopics(): TopicSpec[] {
    const repartitions = this.repartitions.map(({ name, partitions, cleanup, retentionMs }) => ({
      name,
      partitions,
      cleanup,
      retentionMs,
    }))
    const specs = [...repartitions, ...internalTopicSpecs(this.name, this.subtopologies)]
    return specs.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** The sub-topology that keeps a store. @throws StreamsError STREAMS_UNKNOWN_STORE */
  subtopologyOfStore(store: string): Subtopology {
    const found = this.subtopologies.find((sub) => sub.storeNames.includes(store))
    if (found !== undefined) return found
    const known = this.subtopologies.flatMap((sub) => sub.storeNames).join(', ') || 'none'
    throw new StreamsError(
      'STREAMS_UNKNOWN_STORE',
      `The topology ${JSON.stringify(this.name)} has no store ${JSON.stringify(store)}. Its stores: ${known}.`,
    )
  }

  /** The graph for people (`text`, `mermaid`) or for programs (`json`). */
  describe(format: 'text' | 'json' | 'mermaid' = 'text'): string {
    const description = this.description()
    if (format === 'json') return describeJson(description)
    return format === 'mermaid' ? describeMermaid(description) : describeText(description)
  }

  /** The graph as plain data: what `describe` prints. */
  description(): TopologyDescription {
    return topologyDescription(this.name, this.policies, this.subtopologies, this.globalTables)
  }

  /**
   * A hash over names, kinds, topics, partitions and stores, and not over code: where it changes, the state on disk and
   * in changelogs may not belong to the graph any more.
   */
  fingerprint(): string {
    return fingerprintOf(this.description())
  }
}

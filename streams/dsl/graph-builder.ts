import type { OperatorFactory } from '../processor/operator.ts'
import type { StoreHandle } from '../processor/store-handle.ts'
import { repartitionTopic } from '../topology/internal-topics.ts'
import { assertName } from '../topology/names.ts'
import type { GlobalTable, NodeInput, TopologyNode } from '../topology/node.ts'
import type { Topic } from '../topology/topic.ts'

/** What an operator node is made of; what is left out is empty. */
export type OperatorSpec = {
  readonly name: string
  readonly operation: string
  readonly inputs: readonly NodeInput[]
  readonly factory: OperatorFactory
  readonly stores?: readonly StoreHandle<string, unknown>[]
  readonly globalTables?: readonly string[]
  readonly clock?: string | null
  /** `all`: key and value pass unchanged; `key`: the value changes; left out: both change. */
  readonly keeps?: 'all' | 'key'
}

/** Collects the nodes of a topology while it is being written. Internal to the DSL. */
export class GraphBuilder {
  readonly app: string
  readonly nodes: TopologyNode[] = []
  readonly stores: StoreHandle<string, unknown>[] = []
  readonly globalTables: GlobalTable[] = []
  readonly repartitions: Topic<unknown>[] = []

  constructor(app: string) {
    this.app = app
  }

  addOperator(spec: OperatorSpec): void {
    assertName('node', spec.name)
    this.nodes.push({
      kind: 'operator',
      name: spec.name,
      operation: spec.operation,
      inputs: spec.inputs,
      stores: spec.stores ?? [],
      globalTables: spec.globalTables ?? [],
      clock: spec.clock ?? null,
      keeps: { key: spec.keeps !== undefined, value: spec.keeps === 'all' },
      factory: spec.factory,
    })
  }

  addSource(name: string, topic: Topic<unknown>, reads: 'stream' | 'table'): void {
    assertName('node', name)
    this.nodes.push({ kind: 'source', name, topic, reads })
  }

  addSink(name: string, topic: Topic<unknown>, input: NodeInput): void {
    assertName('node', name)
    this.nodes.push({ kind: 'sink', name, topic, inputs: [input] })
  }

  addStore<V>(handle: StoreHandle<string, V>): StoreHandle<string, V> {
    assertName('store', handle.name)
    this.stores.push(handle as StoreHandle<string, unknown>)
    return handle
  }

  /** Writes to an internal topic and reads it again; the reader has the name, the writer `<name>.write`. */
  addRepartition(
    name: string,
    topic: Omit<Topic<unknown>, 'name' | 'cleanup' | 'retentionMs'>,
    input: NodeInput,
  ): void {
    assertName('node', name)
    const internal: Topic<unknown> = {
      ...topic,
      name: repartitionTopic(this.app, name),
      cleanup: 'delete',
      retentionMs: -1,
    }
    this.repartitions.push(internal)
    this.nodes.push({ kind: 'sink', name: `${name}.write`, topic: internal, inputs: [input] })
    this.addSource(name, internal, 'stream')
  }

  /** The partition count of the topics that feed a node. */
  partitionsOf(name: string): number {
    const node = this.nodes.find((candidate) => candidate.name === name)
    if (node === undefined) return 0
    if (node.kind === 'source' || node.kind === 'clock') return node.topic.partitions
    return this.partitionsOf(node.inputs[0]?.node ?? '')
  }
}

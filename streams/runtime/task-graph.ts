import type { Downstream, Operator, OperatorContext, Outputs } from '../processor/operator.ts'
import type { Serde } from '../serde/serde.ts'
import { jsonSerde, stringSerde } from '../serde/serde.ts'
import { type ClockNode, inputsOf, type SinkNode, type SourceNode, type TopologyNode } from '../topology/node.ts'
import type { Subtopology } from '../topology/subtopology.ts'

/** An input topic of a task and what is fed by it. */
export type InputPort = {
  readonly kind: 'stream' | 'table' | 'clock' | 'control'
  readonly topic: string
  /** Name of its node, for errors. */
  readonly node: string
  readonly key: Serde<string>
  readonly value: Serde<unknown>
  /** Where records go; nowhere for clocks and control. */
  readonly head: Downstream
  /** Business time of a tick, and the operators it wakes. Only for clocks. */
  readonly timeMs: (tick: unknown) => number
  readonly woken: readonly Operator[]
  /** Operators that can name the state a record will touch before it is processed. */
  readonly byRecord: readonly Operator[]
  readonly byKey: readonly Operator[]
  /** The position after the last record processed; -1 where the batch has none of it. */
  nextOffset: number
}

const NOWHERE: Downstream = { process: () => {} }

/** Builds the operators of a task and connects them. Answers its inputs by topic. */
export function buildTaskGraph(
  subtopology: Subtopology,
  context: OperatorContext,
  sinkOf: (node: SinkNode) => Downstream,
): Map<string, InputPort> {
  const outputs = new Map<string, NodeOutputs>()
  const operators = new Map<string, Operator>()
  // Inputs are named before the nodes they feed, so that going backwards every node finds what it feeds.
  for (const node of subtopology.nodes.toReversed()) {
    const own = outputs.get(node.name)?.close() ?? new NodeOutputs().close()
    const downstream = downstreamOf(node, context, own, sinkOf)
    if (node.kind === 'operator') operators.set(node.name, downstream as Operator)
    for (const input of inputsOf(node)) {
      const feeding = outputs.get(input.node) ?? new NodeOutputs()
      outputs.set(input.node, feeding)
      feeding.connect(input.port ?? '', downstream)
    }
  }
  const ports = new Map<string, InputPort>()
  for (const node of subtopology.nodes) {
    if (node.kind === 'source') {
      ports.set(node.topic.name, sourcePort(node, outputs.get(node.name) ?? NOWHERE, subtopology.nodes, operators))
    }
    if (node.kind === 'clock') ports.set(node.topic.name, clockPort(node, subtopology.nodes, operators))
  }
  if (subtopology.controlTopic !== null) ports.set(subtopology.controlTopic, controlPort(subtopology.controlTopic))
  return ports
}

function downstreamOf(
  node: TopologyNode,
  context: OperatorContext,
  outputs: Outputs,
  sinkOf: (node: SinkNode) => Downstream,
): Downstream {
  if (node.kind === 'operator') return node.factory(context, outputs)
  return node.kind === 'sink' ? sinkOf(node) : outputs
}

/** The outputs of a node while the graph is being connected, and afterwards. */
class NodeOutputs implements Outputs {
  private readonly ports = new Map<string, Downstream[]>()
  private main: Downstream = NOWHERE

  connect(port: string, to: Downstream): void {
    const connected = this.ports.get(port)
    // The graph is walked backwards, and outputs are served in the order in which they were named.
    if (connected === undefined) this.ports.set(port, [to])
    else connected.unshift(to)
  }

  /** No more is connected. */
  close(): this {
    this.main = this.port('')
    return this
  }

  port(name: string): Downstream {
    const connected = this.ports.get(name) ?? []
    return connected.length > 1 ? new FanOut(connected) : (connected[0] ?? NOWHERE)
  }

  process(key: string, value: unknown): void {
    this.main.process(key, value)
  }
}

class FanOut implements Downstream {
  private readonly targets: readonly Downstream[]

  constructor(targets: readonly Downstream[]) {
    this.targets = targets
  }

  process(key: string, value: unknown): void {
    for (const target of this.targets) target.process(key, value)
  }
}

function sourcePort(
  node: SourceNode,
  head: Downstream,
  nodes: readonly TopologyNode[],
  operators: ReadonlyMap<string, Operator>,
): InputPort {
  const { byRecord, byKey } = prefetchersOf(node.name, nodes, operators)
  return {
    ...EMPTY_PORT,
    kind: node.reads,
    topic: node.topic.name,
    node: node.name,
    key: node.topic.key,
    value: node.topic.value,
    head,
    byRecord,
    byKey,
  }
}

function clockPort(
  node: ClockNode,
  nodes: readonly TopologyNode[],
  operators: ReadonlyMap<string, Operator>,
): InputPort {
  const woken: Operator[] = []
  for (const candidate of nodes) {
    if (candidate.kind !== 'operator' || candidate.clock !== node.name) continue
    const operator = operators.get(candidate.name)
    if (operator !== undefined) woken.push(operator)
  }
  return {
    ...EMPTY_PORT,
    kind: 'clock',
    topic: node.topic.name,
    node: node.name,
    key: node.topic.key,
    value: node.topic.value,
    timeMs: node.timeMs,
    woken,
  }
}

function controlPort(topic: string): InputPort {
  return { ...EMPTY_PORT, kind: 'control', topic, node: 'control' }
}

const EMPTY_PORT: InputPort = {
  kind: 'control',
  topic: '',
  node: '',
  key: stringSerde,
  value: jsonSerde<unknown>(),
  head: NOWHERE,
  timeMs: () => 0,
  woken: [],
  byRecord: [],
  byKey: [],
  nextOffset: -1,
}

/** Follows a source through the steps that leave its keys (and values) as they are. */
function prefetchersOf(
  source: string,
  nodes: readonly TopologyNode[],
  operators: ReadonlyMap<string, Operator>,
): { byRecord: Operator[]; byKey: Operator[] } {
  const reach = new Map<string, 'all' | 'key'>([[source, 'all']])
  const byRecord: Operator[] = []
  const byKey: Operator[] = []
  for (const node of nodes) {
    if (node.kind !== 'operator') continue
    const arriving = node.inputs.map((input) => reach.get(input.node)).filter((kept) => kept !== undefined)
    if (arriving.length === 0) continue
    const kept = arriving.includes('all') ? 'all' : 'key'
    const operator = operators.get(node.name)
    if (operator?.prefetch !== undefined && kept === 'all') byRecord.push(operator)
    else if (operator?.prefetchKey !== undefined) byKey.push(operator)
    if (node.keeps.key) reach.set(node.name, kept === 'all' && node.keeps.value ? 'all' : 'key')
  }
  return { byRecord, byKey }
}

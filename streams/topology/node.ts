/**
 * The graph of a topology as data: nodes that name their inputs. Building it, checking it, drawing it and running it
 * are separate concerns; nothing here does I/O.
 */
import type { OperatorFactory } from '../processor/operator.ts'
import type { StoreHandle } from '../processor/store-handle.ts'
import type { Topic } from './topic.ts'

/** An edge into a node: where its records come from; `port` names one of several outputs. */
export type NodeInput = { readonly node: string; readonly port?: string }

/** Reads a topic. */
export type SourceNode = {
  readonly kind: 'source'
  readonly name: string
  readonly topic: Topic<unknown>
  /** `stream` refuses records without a value; `table` takes them as deletes. */
  readonly reads: 'stream' | 'table'
}

/** Reads ticks of business time, which wake the nodes that name it as their clock. */
export type ClockNode = {
  readonly kind: 'clock'
  readonly name: string
  readonly topic: Topic<unknown>
  readonly timeMs: (tick: unknown) => number
}

/** Does something with each record. */
export type OperatorNode = {
  readonly kind: 'operator'
  readonly name: string
  /** What it is, for drawings and the fingerprint: `filter`, `decide`, `join`, ... */
  readonly operation: string
  readonly inputs: readonly NodeInput[]
  readonly stores: readonly StoreHandle<string, unknown>[]
  /** Store names of the global tables it looks into. */
  readonly globalTables: readonly string[]
  /** Name of the clock node that wakes it. */
  readonly clock: string | null
  /** What of a record passes unchanged, so that state can be named ahead for a whole batch. */
  readonly keeps: { readonly key: boolean; readonly value: boolean }
  readonly factory: OperatorFactory
}

/** Writes a topic. */
export type SinkNode = {
  readonly kind: 'sink'
  readonly name: string
  readonly topic: Topic<unknown>
  readonly inputs: readonly NodeInput[]
}

/** A node of a topology. */
export type TopologyNode = SourceNode | ClockNode | OperatorNode | SinkNode

/** A topic that every instance reads whole into memory. */
export type GlobalTable = { readonly name: string; readonly topic: Topic<unknown>; readonly store: string }

/** The nodes that feed a node. */
export function inputsOf(node: TopologyNode): readonly NodeInput[] {
  return node.kind === 'operator' || node.kind === 'sink' ? node.inputs : []
}

/**
 * The contract of operators, on one page. An operator takes records one at a time and pushes what it makes to its
 * outputs, at once and synchronously. One instance of each operator serves one task.
 *
 * What an operator may rely on:
 * - `process` is called with the records of its inputs in the order the task has chosen. The key is null at run time
 *   where the log's record has none; operators that keep state by key refuse that with STREAMS_NULL_KEY.
 * - Whatever it puts into stores and pushes to outputs takes effect together with the record, or not at all.
 *
 * What it must keep to:
 * - It holds nothing of a record in its own fields. Touching state that is not in memory ends the run of the record by
 *   a signal; the runtime loads the state and runs the record again from the start.
 * - It lets signals pass: an error it catches and does not throw again must have come from a function it called on
 *   purpose, never from a store.
 * - Before it calls a function of the user's, it says so: `context.at(name)`, so that an error names its step.
 */
import type { KeyValueStore, ReadOnlyTable, StoreHandle } from './store-handle.ts'

/** Where records go: an operator, a sink, or several of them. */
export interface Downstream {
  process(key: string, value: unknown): void
}

/** A node at work in a task. */
export interface Operator extends Downstream {
  /** A clock record has arrived: business time is now `timeMs`. Only for operators wired to a clock. */
  tick?(tick: unknown, timeMs: number): void
  /** Names the state the record will touch, so that one read loads it for a whole batch. What it throws is ignored. */
  prefetch?(key: string, value: unknown): void
  /** The same where only the key is known, because the value changes on the way here. */
  prefetchKey?(key: string): void
}

/** The outputs of a node. `port` is for nodes with several named ones (branch). */
export interface Outputs extends Downstream {
  port(name: string): Downstream
}

/** The record that is being processed; the same object for all records of a task. */
export interface RecordContext {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Milliseconds since the epoch, as the log has it; everything derived from the record inherits it. */
  readonly timestampMs: number
  readonly headers: readonly (readonly [name: string, value: Buffer])[]
}

/** What a store gives to the operator that owns it, beside the store itself. */
export interface OperatorStore<V> extends KeyValueStore<V> {
  /** Asks for a key to be loaded before the batch is processed; nothing happens where it is in memory. */
  want(key: string): void
  /** Says that a value is hardly ever read again once it is stored: memory is left to the other stores then. */
  holdNothing(): void
}

/** What a task gives to its operators when it is built. */
export interface OperatorContext {
  /** `<sub-topology>.<partition>` */
  readonly taskId: string
  readonly record: RecordContext
  /** Says which node's function is about to run. */
  at(node: string): void
  store<V>(handle: StoreHandle<string, V>): OperatorStore<V>
  table<V>(name: string): ReadOnlyTable<V>
  /**
   * Runs one part of a record (an aggregate woken by a tick) so that its failure undoes that part only: the error goes
   * to the dead letters under `key`, and the rest of the record stands. Policy `fail` lets the error through.
   * Answers whether it stood.
   */
  attempt(key: string, part: () => void): boolean
  /** Counts an input that had been answered before and was dropped. */
  countRepeat(): void
}

/** Builds an operator for a task. */
export type OperatorFactory = (context: OperatorContext, outputs: Outputs) => Operator

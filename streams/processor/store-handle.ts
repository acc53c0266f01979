import type { Serde } from '../serde/serde.ts'

/**
 * A state store as the wiring names it: its name (unique in the topology; part of the changelog topic's name) and the
 * serdes of its keys and values. Handed to operators and processors, which open it through their context.
 */
export type StoreHandle<K extends string, V> = {
  readonly name: string
  readonly key: Serde<K>
  readonly value: Serde<V>
}

/** Which entries a range takes: from `from` (included) to `to` (not included), in the order of the key's bytes. */
export type RangeOptions = {
  readonly from?: string
  readonly to?: string
  /** At most so many entries; all of them where left out. */
  readonly limit?: number
}

/** An entry of a store: its key and its value. */
export type StoreEntry<V> = readonly [key: string, value: V]

/**
 * The state of one task under one name, for the operator that is running. It is synchronous: what is not in memory is
 * loaded by the runtime, which then runs the record again from the start. Values are immutable: whoever changes one
 * puts a new one.
 */
export interface KeyValueStore<V> {
  /** The value of a key, with everything the task has put so far; undefined where there is none. */
  get(key: string): V | undefined
  /** The values of many keys, in their order: what is missing in memory is loaded in one step. */
  getMany(keys: readonly string[]): (V | undefined)[]
  put(key: string, value: V): void
  delete(key: string): void
  /** The entries of a range, with everything the task has put so far. */
  range(options: RangeOptions): StoreEntry<V>[]
  /** The entries whose key begins with the bytes of `prefix`. */
  prefix(prefix: string, limit?: number): StoreEntry<V>[]
}

/** A table that every task reads whole and nobody writes but the runtime. */
export interface ReadOnlyTable<V> {
  get(key: string): V | undefined
}

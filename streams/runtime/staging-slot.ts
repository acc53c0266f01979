/**
 * How a task holds state between the log and the store. Each key in memory has a slot; each batch that is not in the
 * store yet is a layer. A slot's newest value is that of its newest version, else its base: what the store has.
 *
 *   slot.top -> version (layer 7, open) -> version (layer 6, logged) -> null        slot.base = in the store
 *
 * Order matters: layers are staged, logged and stored in the order of their numbers.
 */
import type { StagingStore } from './staging-store.ts'

/** Where a layer stands. Interactive queries see it from `logged` on; once it is `stored` it can be dropped. */
export type LayerState = 'open' | 'staged' | 'logged' | 'stored'

/** The state changes of one batch. */
export class Layer {
  readonly sequence: number
  state: LayerState = 'open'
  /** In the order in which the keys were first changed. */
  readonly versions: Version[] = []

  constructor(sequence: number) {
    this.sequence = sequence
  }

  get isLogged(): boolean {
    return this.state === 'logged' || this.state === 'stored'
  }
}

/** A key in memory. */
export class Slot {
  readonly key: string
  /** The newest value: that of `top`, else `base`; undefined where the key is absent. */
  value: unknown
  top: Version | null = null
  /** What the store has, where that is known. */
  base: unknown
  baseKnown: boolean
  /** About how many bytes `base` takes in memory; counted while the slot is held. */
  size: number
  /** Number of the last batch that touched it. */
  used: number
  /** Its place among the staged keys of a store that is read in order: the key's bytes as latin1; null outside. */
  order: string | null = null

  constructor(key: string, base: unknown, baseKnown: boolean, size: number, used: number) {
    this.key = key
    this.value = base
    this.base = base
    this.baseKnown = baseKnown
    this.size = size
    this.used = used
  }
}

/** What one layer makes of one key. */
export class Version {
  readonly store: StagingStore
  readonly slot: Slot
  readonly layer: Layer
  /** undefined deletes the key. */
  value: unknown
  /** The serialised value, null for a delete; undefined until the record that wrote it is sealed. */
  bytes: Buffer | null | undefined = undefined
  /**
   * The key in the store and, as its tail, the key in the changelog; null until the version is sealed. Not kept longer
   * than the version: small buffers share larger ones, and one for every key in memory could keep all of those.
   */
  fullKey: Buffer | null
  userKey: Buffer | null
  timestampMs: number
  /** The version of the layer before. */
  prev: Version | null
  /** Number of the last savepoint since which a way back has been written down. */
  mark: number

  constructor(store: StagingStore, slot: Slot, layer: Layer, value: unknown, timestampMs: number, mark: number) {
    this.store = store
    this.slot = slot
    this.layer = layer
    this.value = value
    this.timestampMs = timestampMs
    this.prev = slot.top
    this.fullKey = slot.top?.fullKey ?? null
    this.userKey = slot.top?.userKey ?? null
    this.mark = mark
  }
}

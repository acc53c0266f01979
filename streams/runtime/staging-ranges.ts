import type { StoreEntry } from '../processor/store-handle.ts'
import { storeRange } from '../store/keys.ts'
import { SortedKeys } from '../store/sorted-keys.ts'
import type { StoreBackend } from '../store/store.ts'
import type { Staging } from './staging.ts'
import type { Slot } from './staging-slot.ts'
import type { StagingStore } from './staging-store.ts'

/** A range that must be loaded. Bounds are user keys as bytes, read as latin1; `limit` may be Infinity. */
export type RangeNeed = {
  readonly store: StagingStore
  readonly lower: string
  readonly upper: string
  readonly limit: number
}

/** What the backend has from `lower` (included) to `upper` (not included). */
type LoadedRange = {
  readonly lower: string
  readonly upper: string
  readonly order: readonly string[]
  readonly entries: readonly StoreEntry<unknown>[]
}

/** Above every key: keys as latin1 have no character so high. */
const TOP = '\u0100'

/**
 * Ordered reads of a store: what the backend has in a range, under everything that is staged. Nothing is kept for a
 * store that is never read in order.
 * Invariant: `loaded` is what the backend has as long as no layer is dropped; what is not there yet is dirty.
 */
export class StagingRanges {
  private readonly store: StagingStore
  private readonly staging: Staging
  private readonly loaded = new Map<string, LoadedRange>()
  /** Slots that differ from the backend, in the order of their keys; null until the first ordered read. */
  private dirty: { readonly order: SortedKeys; readonly slots: Map<string, Slot> } | null = null

  constructor(store: StagingStore, staging: Staging) {
    this.store = store
    this.staging = staging
  }

  range(from: string | undefined, to: string | undefined, limit = Infinity): StoreEntry<unknown>[] {
    const upper = to === undefined ? TOP : this.orderOf(to)
    return this.read(from === undefined ? '' : this.orderOf(from), upper, limit)
  }

  prefix(prefix: string, limit = Infinity): StoreEntry<unknown>[] {
    const lower = this.orderOf(prefix)
    return this.read(lower, afterPrefix(lower), limit)
  }

  /** Reads a range that was asked for from the backend. */
  async load(backend: StoreBackend, need: RangeNeed): Promise<void> {
    const { lower, upper, limit } = need
    const { keyPrefix } = this.store
    const whole = storeRange(keyPrefix)
    const gte = Buffer.concat([keyPrefix, Buffer.from(lower, 'latin1')])
    const lt = upper === TOP ? whole.lt : Buffer.concat([keyPrefix, Buffer.from(upper, 'latin1')])
    // A staged delete hides an entry, so as many more are read as there could be deletes.
    const most = limit === Infinity ? Infinity : limit + this.track().order.range(lower, upper, Infinity, false).length
    const found = await backend.scan({ range: { gte, lt }, ...(most === Infinity ? {} : { limit: most }) })
    const order: string[] = []
    const entries: StoreEntry<unknown>[] = []
    for (const [fullKey, bytes] of found) {
      const userKey = fullKey.subarray(keyPrefix.length)
      const key = this.store.keySerde.deserialize(userKey)
      const value = await this.store.decodeValue(key, bytes)
      order.push(userKey.toString('latin1'))
      entries.push([key, value])
      this.store.hold(key, value, bytes.length)
    }
    const covered = found.length < most ? upper : `${order.at(-1) ?? lower}\0`
    this.loaded.set(lower, { lower, upper: covered, order, entries })
  }

  /** What the backend has is about to change. */
  invalidate(): void {
    if (this.loaded.size > 0) this.loaded.clear()
  }

  onDirty(slot: Slot): void {
    if (this.dirty === null) return
    slot.order = this.orderOf(slot.key)
    this.dirty.order.add(slot.order)
    this.dirty.slots.set(slot.order, slot)
  }

  onClean(slot: Slot): void {
    if (this.dirty === null || slot.order === null) return
    this.dirty.order.delete(slot.order)
    this.dirty.slots.delete(slot.order)
    slot.order = null
  }

  private read(lower: string, upper: string, limit: number): StoreEntry<unknown>[] {
    if (lower >= upper || limit <= 0) return []
    const range = this.covering(lower)
    if (range === undefined) return this.need(lower, upper, limit)
    const found = this.merge(range, lower, upper < range.upper ? upper : range.upper, limit)
    if (found.length >= limit || upper <= range.upper) return found
    return this.need(lower, upper, limit + 2 * range.entries.length)
  }

  private covering(lower: string): LoadedRange | undefined {
    const exact = this.loaded.get(lower)
    if (exact !== undefined) return exact
    for (const range of this.loaded.values()) {
      if (range.lower <= lower && lower < range.upper) return range
    }
    return undefined
  }

  private need(lower: string, upper: string, limit: number): never {
    this.staging.rangeNeeds.push({ store: this.store, lower, upper, limit })
    return this.staging.signalNeed()
  }

  private merge(range: LoadedRange, lower: string, upper: string, limit: number): StoreEntry<unknown>[] {
    const { order, slots } = this.track()
    const staged = order.range(lower, upper, Infinity, false)
    const merged: StoreEntry<unknown>[] = []
    let at = firstAtOrAfter(range.order, lower)
    let stagedAt = 0
    while (merged.length < limit) {
      const stored = range.order[at]
      const dirty = staged[stagedAt]
      const hasStored = stored !== undefined && stored < upper
      if (dirty === undefined && !hasStored) break
      if (dirty === undefined || (hasStored && stored < dirty)) {
        merged.push(range.entries[at++] as StoreEntry<unknown>)
        continue
      }
      if (hasStored && stored === dirty) at++
      stagedAt++
      const slot = slots.get(dirty) as Slot
      if (slot.value !== undefined) merged.push([slot.key, slot.value])
    }
    return merged
  }

  /** Keeps the staged keys in order from now on. */
  private track() {
    if (this.dirty !== null) return this.dirty
    this.dirty = { order: new SortedKeys(), slots: new Map() }
    for (const layer of this.staging.layers) {
      for (const version of layer.versions) {
        if (version.store === this.store) this.onDirty(version.slot)
      }
    }
    return this.dirty
  }

  private orderOf(key: string): string {
    return this.store.keySerde.serialize(key).toString('latin1')
  }
}

/** The first key after all that begin with a prefix. */
function afterPrefix(prefix: string): string {
  let end = prefix.length
  while (end > 0 && prefix.charCodeAt(end - 1) === 0xff) end--
  return end === 0 ? TOP : prefix.slice(0, end - 1) + String.fromCharCode(prefix.charCodeAt(end - 1) + 1)
}

function firstAtOrAfter(order: readonly string[], key: string): number {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((order[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}

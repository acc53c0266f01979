import { StreamsError } from '../errors.ts'
import type { OperatorStore } from '../processor/operator.ts'
import type { RangeOptions, StoreEntry, StoreHandle } from '../processor/store-handle.ts'
import { type Serde, stringSerde } from '../serde/serde.ts'
import { decodeWhenReady } from './decode-when-ready.ts'
import type { Staging } from './staging.ts'
import { StagingRanges } from './staging-ranges.ts'
import { type Layer, Slot, Version } from './staging-slot.ts'

/** What a slot costs in memory beside its value: itself, its key, its place in the map. */
const SLOT_BYTES = 200
/** A decoded value is taken for so many times its serialised size. */
const DECODED_FACTOR = 3
/** What a staged change costs beside its bytes. */
const CHANGE_OVERHEAD_BYTES = 64

/** One store of a task as its operators see it: what the store has, under everything that is staged. */
export class StagingStore implements OperatorStore<unknown> {
  readonly name: string
  /** Topic of its changelog. */
  readonly changelog: string
  /** First bytes of its keys in the backend. */
  readonly keyPrefix: Buffer
  readonly keySerde: Serde<string>
  readonly slots = new Map<string, Slot>()
  readonly ranges: StagingRanges
  /** Keys to be loaded, with what they are called in the backend. */
  readonly wanted = new Map<string, Buffer>()
  /** Readers of committed state: each hears of the layers that are dropped while it reads. */
  readonly readers = new Set<Layer[]>()
  /** False while nobody has asked for a single key: then no clean values are held, only what is staged. */
  private isReadByKey = false
  private holdsStored = true
  private readonly valueSerde: Serde<unknown>
  private readonly staging: Staging

  constructor(handle: StoreHandle<string, unknown>, keyPrefix: Buffer, changelog: string, staging: Staging) {
    this.name = handle.name
    this.changelog = changelog
    this.keyPrefix = keyPrefix
    this.keySerde = handle.key
    this.valueSerde = handle.value
    this.staging = staging
    this.ranges = new StagingRanges(this, staging)
  }

  get(key: string): unknown {
    const slot = this.slots.get(key)
    if (slot === undefined) {
      this.isReadByKey = true
      this.wanted.set(key, this.fullKeyOf(key))
      return this.staging.signalNeed()
    }
    slot.used = this.staging.sequence
    return slot.value
  }

  getMany(keys: readonly string[]): unknown[] {
    for (const key of keys) this.want(key)
    if (this.wanted.size > 0) this.staging.signalNeed()
    return keys.map((key) => this.slots.get(key)?.value)
  }

  want(key: string): void {
    const slot = this.slots.get(key)
    if (slot === undefined) {
      this.isReadByKey = true
      this.wanted.set(key, this.fullKeyOf(key))
    } else slot.used = this.staging.sequence
  }

  holdNothing(): void {
    this.holdsStored = false
  }

  /** A null value deletes, as it does in a changelog. */
  put(key: string, value: unknown): void {
    this.write(key, value === null ? undefined : value)
  }

  delete(key: string): void {
    const slot = this.slots.get(key)
    if (slot !== undefined && slot.value === undefined) return
    this.write(key, undefined)
  }

  range({ from, to, limit }: RangeOptions): StoreEntry<unknown>[] {
    return this.ranges.range(from, to, limit)
  }

  prefix(prefix: string, limit?: number): StoreEntry<unknown>[] {
    return this.ranges.prefix(prefix, limit)
  }

  /** The key in the backend. @throws StreamsError STREAMS_STATE_KEY_INVALID */
  fullKeyOf(key: string): Buffer {
    const { keyPrefix } = this
    if (typeof key !== 'string') throw notAKey(this.name, key)
    // Not by `concat` and `copy`, which cost more than such a key is worth.
    const bytes = this.keySerde === stringSerde ? null : this.keySerde.serialize(key)
    const full = Buffer.allocUnsafe(keyPrefix.length + (bytes?.length ?? Buffer.byteLength(key)))
    full.set(keyPrefix)
    if (bytes === null) full.write(key, keyPrefix.length)
    else full.set(bytes, keyPrefix.length)
    return full
  }

  /** @throws StreamsError STREAMS_STATE_UNREADABLE where what the store has cannot be decoded */
  async decodeValue(key: string, bytes: Buffer): Promise<unknown> {
    try {
      return await decodeWhenReady(this.valueSerde, bytes)
    } catch (cause) {
      throw new StreamsError(
        'STREAMS_STATE_UNREADABLE',
        `The value of ${JSON.stringify(key)} in store ${JSON.stringify(this.name)} cannot be decoded. ` +
          'Was the serde of the store changed? Go back to the old one, or rebuild the store under a new name.',
        { cause },
      )
    }
  }

  /** Takes over what the backend has under a key that was wanted; answers a promise only where the serde must wait. */
  accept(key: string, bytes: Buffer | undefined): Promise<void> | undefined {
    if (this.slots.has(key)) return undefined
    let value: unknown
    try {
      value = bytes === undefined ? undefined : this.valueSerde.deserialize(bytes)
    } catch {
      return this.acceptWhenReady(key, bytes as Buffer)
    }
    this.hold(key, value, bytes?.length ?? 0)
    return undefined
  }

  private async acceptWhenReady(key: string, bytes: Buffer): Promise<void> {
    this.hold(key, await this.decodeValue(key, bytes), bytes.length)
  }

  /** Keeps a clean value in memory; one that is there already is at least as new. */
  hold(key: string, value: unknown, bytes: number): void {
    if (!this.isReadByKey || this.slots.has(key)) return
    const size = memoryOf(key, bytes)
    this.slots.set(key, new Slot(key, value, true, size, this.staging.sequence))
    this.staging.cacheBytes += size
  }

  /**
   * Turns what a version holds into bytes. Answers about how many the batch carries for it.
   * @throws StreamsError STREAMS_RECORD_TOO_LARGE, and what the serde throws
   */
  serialize(version: Version): number {
    const bytes = version.value === undefined ? null : this.valueSerde.serialize(version.value)
    if (version.fullKey === null) {
      version.fullKey = this.fullKeyOf(version.slot.key)
      version.userKey = version.fullKey.subarray(this.keyPrefix.length)
    }
    const size = version.fullKey.length + (bytes?.length ?? 0)
    this.staging.assertFits(this.changelog, size)
    version.bytes = bytes
    return 2 * size + CHANGE_OVERHEAD_BYTES
  }

  /** A version is gone: the slot falls back to the one before. */
  revert(version: Version): void {
    const { slot } = version
    slot.top = version.prev
    slot.value = version.prev === null ? slot.base : version.prev.value
    if (slot.top !== null) return
    this.ranges.onClean(slot)
    if (!slot.baseKnown) this.slots.delete(slot.key)
  }

  /** A version is in the backend now: it becomes the base of its slot. */
  settle(version: Version): void {
    const { slot } = version
    const size = memoryOf(slot.key, version.bytes?.length ?? 0)
    this.staging.cacheBytes += size - slot.size
    slot.size = size
    slot.base = version.value
    slot.baseKnown = true
    this.ranges.invalidate()
    if (slot.top === version) {
      slot.top = null
      this.ranges.onClean(slot)
      if (!this.isReadByKey || !this.holdsStored) this.drop(slot)
      return
    }
    for (let newer = slot.top; newer !== null; newer = newer.prev) {
      if (newer.prev === version) newer.prev = null
    }
  }

  /** A layer is about to be dropped. */
  noteDrop(layer: Layer): void {
    for (const reader of this.readers) reader.push(layer)
  }

  /**
   * Lets go of clean values that were not used lately, until about `bytes` are free: a clock hand over the slots, in
   * which a used one gets a second chance.
   */
  evict(bytes: number): void {
    let toFree = bytes
    let visits = 2 * this.slots.size
    for (const [key, slot] of this.slots) {
      if (toFree <= 0 || visits-- <= 0) return
      if (slot.top !== null) continue
      if (slot.used === 0) {
        toFree -= slot.size
        this.drop(slot)
      } else {
        slot.used = 0
        this.slots.delete(key)
        this.slots.set(key, slot)
      }
    }
  }

  private drop(slot: Slot): void {
    this.slots.delete(slot.key)
    this.staging.cacheBytes -= slot.size
  }

  private write(key: string, value: unknown): void {
    const { staging } = this
    let slot = this.slots.get(key)
    if (slot === undefined) {
      slot = new Slot(key, undefined, false, 0, staging.sequence)
      this.slots.set(key, slot)
    }
    const { top } = slot
    if (top === null || top.layer !== staging.open) {
      const version = new Version(this, slot, staging.open, value, staging.timestampMs, staging.mark)
      staging.open.versions.push(version)
      slot.top = version
      if (top === null) this.ranges.onDirty(slot)
      staging.onCreated(version)
    } else {
      if (top.mark !== staging.mark) {
        staging.onChange(top)
        top.mark = staging.mark
      }
      top.value = value
      top.bytes = undefined
      top.timestampMs = staging.timestampMs
    }
    slot.value = value
    slot.used = staging.sequence
  }
}

function notAKey(store: string, key: unknown): StreamsError {
  return new StreamsError(
    'STREAMS_STATE_KEY_INVALID',
    `A key of store ${JSON.stringify(store)} is a string; ${String(key)} (${typeof key}) is not.`,
  )
}

function memoryOf(key: string, bytes: number): number {
  return SLOT_BYTES + 2 * key.length + DECODED_FACTOR * bytes
}

import type { RangeOptions, StoreEntry } from '../processor/store-handle.ts'
import { storeRange } from '../store/keys.ts'
import type { StoreBackend } from '../store/store.ts'
import type { Staging } from './staging.ts'
import type { Layer, Version } from './staging-slot.ts'
import type { StagingStore } from './staging-store.ts'

/**
 * Reads of what is committed, for interactive queries. A batch counts from the moment it is in the log, also while it
 * is still being written to the backend; one that is only staged does not.
 */
export async function getCommitted(store: StagingStore, backend: StoreBackend, key: string): Promise<unknown> {
  const slot = store.slots.get(key)
  if (slot !== undefined) {
    for (let version = slot.top; version !== null; version = version.prev) {
      if (version.layer.isLogged) return version.value
    }
    if (slot.baseKnown) return slot.base
  }
  const [bytes] = await backend.getMany([store.fullKeyOf(key)])
  return bytes === undefined ? undefined : store.decodeValue(key, bytes)
}

/** Which entries a committed read takes: a range, or all whose key begins with `prefix`. */
export type CommittedScan = RangeOptions & { readonly prefix?: string }

/** Where a scan reads, and how much of what is staged it shows. */
export type ScanSource = {
  readonly store: StagingStore
  readonly staging: Staging
  readonly backend: StoreBackend
  /** `committed`: batches that are in the log. `staged`: all batches that are done. */
  readonly sees: 'committed' | 'staged'
}

/** The entries of a range, in the order of the key's bytes. */
export async function scanStore(source: ScanSource, scan: CommittedScan): Promise<StoreEntry<unknown>[]> {
  const { store, staging, backend } = source
  const isSeen = (layer: Layer) => layer.isLogged || (source.sees === 'staged' && layer.state === 'staged')
  const range = boundsOf(store, scan)
  const limit = scan.limit ?? Infinity
  if (range.gte.compare(range.lt) >= 0 || limit <= 0) return []
  for (let most = limit; ; most *= 2) {
    // Race: a layer may be stored and dropped while the backend is being read, after the moment the read shows. The
    // store tells us of each one, and together with those still here they cover whatever the read could miss.
    const dropped: Layer[] = []
    store.readers.add(dropped)
    const hidden = staging.layers.reduce((sum, layer) => sum + layer.versions.length, 0)
    const ask = most + hidden
    const found = await backend.scan({ range, ...(ask === Infinity ? {} : { limit: ask }) })
    store.readers.delete(dropped)
    const logged = [...dropped, ...staging.layers.filter(isSeen)]
    // What lies after the last entry of a read that was cut short is not known yet.
    const last = found.at(-1)
    const isCut = found.length >= ask && last !== undefined
    const lt = isCut ? Buffer.concat([last[0], Buffer.of(0)]) : range.lt
    const merged = await merge(store, found, logged, { gte: range.gte, lt })
    if (merged.length >= limit || !isCut) return merged.slice(0, limit)
  }
}

async function merge(
  store: StagingStore,
  found: readonly (readonly [Buffer, Buffer])[],
  layers: readonly Layer[],
  range: { readonly gte: Buffer; readonly lt: Buffer },
): Promise<StoreEntry<unknown>[]> {
  const entries = new Map<string, Buffer | Version>()
  for (const [fullKey, bytes] of found) entries.set(fullKey.toString('latin1'), bytes)
  for (const layer of layers) {
    for (const version of layer.versions) {
      const { fullKey } = version
      if (version.store !== store || fullKey === null) continue
      if (fullKey.compare(range.gte) >= 0 && fullKey.compare(range.lt) < 0) {
        entries.set(fullKey.toString('latin1'), version)
      }
    }
  }
  const merged: StoreEntry<unknown>[] = []
  for (const order of [...entries.keys()].sort()) {
    const entry = entries.get(order)
    if (Buffer.isBuffer(entry)) {
      const key = store.keySerde.deserialize(Buffer.from(order, 'latin1').subarray(store.keyPrefix.length))
      merged.push([key, await store.decodeValue(key, entry)])
    } else if (entry?.value !== undefined) merged.push([entry.slot.key, entry.value])
  }
  return merged
}

/** How the keys of a store are written in the backend. */
export type KeySpace = { readonly keyPrefix: Buffer; fullKeyOf(key: string): Buffer }

/** The keys in the backend that a scan takes. Empty where they do not go up. */
export function boundsOf(store: KeySpace, scan: CommittedScan): { gte: Buffer; lt: Buffer } {
  const whole = storeRange(store.keyPrefix)
  if (scan.prefix !== undefined)
    return { gte: store.fullKeyOf(scan.prefix), lt: afterAll(store, scan.prefix, whole.lt) }
  return {
    gte: scan.from === undefined ? whole.gte : store.fullKeyOf(scan.from),
    lt: scan.to === undefined ? whole.lt : store.fullKeyOf(scan.to),
  }
}

/** The first key after all that begin with a prefix. */
function afterAll(store: KeySpace, prefix: string, end: Buffer): Buffer {
  const bytes = store.fullKeyOf(prefix)
  for (let last = bytes.length - 1; last >= store.keyPrefix.length; last--) {
    const byte = bytes[last] as number
    if (byte === 0xff) continue
    bytes[last] = byte + 1
    return bytes.subarray(0, last + 1)
  }
  return end
}

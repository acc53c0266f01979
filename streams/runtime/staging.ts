import { StreamsError } from '../errors.ts'
import type { ProducerRecord } from '../log/log.ts'
import type { SerdeNotReady } from '../serde/serde.ts'
import type { StoreBackend } from '../store/store.ts'
import { PREPARES_MAX } from './decode-when-ready.ts'
import type { DeadLetterEvent } from './hooks.ts'

import type { RangeNeed } from './staging-ranges.ts'
import { Layer, Version } from './staging-slot.ts'
import type { StagingStore } from './staging-store.ts'

/** Ends the run of a record whose state is not in memory. Not an error: nobody but the task sees it. */
class NeedState extends Error {
  override readonly name = 'NeedState'
}

/** One for all, without a stack, since it is thrown on the hot path. */
const NEED_STATE = makeSignal()

function makeSignal(): NeedState {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  const signal = new NeedState('State must be loaded. Let this pass: the runtime runs the record again.')
  Error.stackTraceLimit = limit
  return signal
}

/** A point that everything staged after it can be taken back to. */
export type Savepoint = {
  readonly undo: number
  readonly records: number
  readonly deadLetters: number
  readonly bytes: number
  readonly repeats: number
  readonly skipped: number
}

/** What a version was before a change. */
type Change = {
  readonly version: Version
  readonly value: unknown
  readonly bytes: Buffer | null | undefined
  readonly timestampMs: number
  readonly mark: number
}

/** The way back of one change; of a version that did not exist before, that version. */
type Undo = (() => void) | Version | Change

/** Fixed costs of a staged record beside its key and value: offsets, lengths, headers. */
export const RECORD_OVERHEAD_BYTES = 64

/** Logs take records of 1 MiB; this leaves room for headers and framing. */
const RECORD_BYTES_MAX = 1_000_000

/** What the batch that is being processed has staged: outputs, state, and the way back for each record. */
export class Staging {
  readonly stores: StagingStore[] = []
  /** Layers that are not dropped yet, oldest first; the open one, if any, is the last. */
  readonly layers: Layer[] = []
  records: ProducerRecord[] = []
  deadLetters: DeadLetterEvent[] = []
  /** Bytes of `records` and of the state changes. */
  bytes = 0
  /** Inputs that had been answered before and were dropped. */
  repeats = 0
  /** Records dropped by the policy `skip`. */
  skipped = 0
  /** Timestamp of the record that is being processed. */
  timestampMs = 0
  /** Number of the batch: what a slot's `used` is set to. */
  sequence = 0
  /** Number of the last savepoint. */
  mark = 0
  /** True once something was touched that is not in memory; the run of the record counts for nothing then. */
  isNeedy = false
  /** Bytes of clean values held. */
  cacheBytes = 0
  readonly rangeNeeds: RangeNeed[] = []
  private readonly prepares: { readonly name: string; readonly error: SerdeNotReady }[] = []
  /** What was waited for on behalf of the record that is being processed, and why it could not be had. */
  private readonly prepared = new Map<string, { tries: number; failure: unknown }>()
  private readonly backend: StoreBackend
  private readonly recordBytesMax: number
  private undo: Undo[] = []

  /** @param recordBytesMax bytes a record of the log may have, key and value together */
  constructor(backend: StoreBackend, recordBytesMax = RECORD_BYTES_MAX) {
    this.backend = backend
    this.recordBytesMax = recordBytesMax
  }

  /** Lets go of clean values until about so many bytes of them are left. */
  evict(bytesMax: number): void {
    for (const store of this.stores) {
      if (this.cacheBytes <= bytesMax) return
      store.evict(this.cacheBytes - bytesMax)
    }
  }

  /** Opens the layer of the next batch. */
  begin(): Layer {
    this.sequence++
    this.records = []
    this.deadLetters = []
    this.undo = []
    this.bytes = 0
    this.isNeedy = false
    const layer = new Layer(this.sequence)
    this.layers.push(layer)
    return layer
  }

  get open(): Layer {
    return this.layers[this.layers.length - 1] as Layer
  }

  savepoint(): Savepoint {
    this.mark++
    return {
      undo: this.undo.length,
      records: this.records.length,
      deadLetters: this.deadLetters.length,
      bytes: this.bytes,
      repeats: this.repeats,
      skipped: this.skipped,
    }
  }

  /** Takes back everything since the savepoint. */
  rollback(to: Savepoint): void {
    this.records.length = to.records
    this.deadLetters.length = to.deadLetters
    this.bytes = to.bytes
    this.repeats = to.repeats
    this.skipped = to.skipped
    while (this.undo.length > to.undo) {
      const undo = this.undo.pop() as Undo
      if (typeof undo === 'function') undo()
      else revert(undo)
    }
  }

  /** The record stands: its state changes become bytes. @throws StreamsError of a serde that refuses a value */
  seal(from: Savepoint): void {
    for (let i = from.undo; i < this.undo.length; i++) {
      const undo = this.undo[i] as Undo
      if (typeof undo === 'function') continue
      const version = undo instanceof Version ? undo : undo.version
      if (version.bytes === undefined) this.bytes += version.store.serialize(version)
    }
  }

  /** The record is sealed: no way back from it is needed any more. */
  forgetUndo(): void {
    this.undo.length = 0
    if (this.prepared.size > 0) this.prepared.clear()
  }

  /** Writes the way back of a change down that is no state of a store. */
  onRollback(undo: () => void): void {
    this.undo.push(undo)
  }

  onCreated(version: Version): void {
    this.undo.push(version)
  }

  onChange(version: Version): void {
    const { value, bytes, timestampMs, mark } = version
    this.undo.push({ version, value, bytes, timestampMs, mark })
  }

  /**
   * Refuses a record that the log would refuse, while the input it comes from can still be given up on alone.
   * @throws StreamsError STREAMS_RECORD_TOO_LARGE
   */
  assertFits(topic: string, bytes: number): void {
    if (bytes <= this.recordBytesMax) return
    throw new StreamsError(
      'STREAMS_RECORD_TOO_LARGE',
      `A record for ${JSON.stringify(topic)} has ${bytes} bytes; at most ${this.recordBytesMax} are allowed. ` +
        'Split the value, or keep what is large elsewhere and refer to it.',
    )
  }

  /** Ends the run of the record; what it needs has been noted by the store. */
  signalNeed(): never {
    this.isNeedy = true
    throw NEED_STATE
  }

  /**
   * Ends the run of the record until a serde has what it needs. Where it was waited for in vain (under the same name,
   * for the same record of the log), answers why.
   */
  waitFor(name: string, error: SerdeNotReady): unknown {
    const before = this.prepared.get(name)
    if (before?.failure !== undefined) return before.failure
    if (before !== undefined && before.tries >= PREPARES_MAX) return error
    this.prepares.push({ name, error })
    return this.signalNeed()
  }

  /** Loads everything that was asked for: all keys in one read, all ranges beside it. */
  async load(): Promise<void> {
    const ranges = this.rangeNeeds.splice(0)
    const stores = this.stores.filter((store) => store.wanted.size > 0)
    const keys = stores.flatMap((store) => [...store.wanted.values()])
    const [values] = await Promise.all([
      keys.length === 0 ? [] : this.backend.getMany(keys),
      ...this.prepares.splice(0).map(({ name, error }) => this.prepare(name, error)),
      ...ranges.map((need) => need.store.ranges.load(this.backend, need)),
    ])
    let at = 0
    for (const store of stores) {
      for (const key of store.wanted.keys()) {
        const waits = store.accept(key, values[at++])
        if (waits !== undefined) await waits
      }
      store.wanted.clear()
    }
    this.isNeedy = false
  }

  private async prepare(name: string, error: SerdeNotReady): Promise<void> {
    const entry = this.prepared.get(name) ?? { tries: 0, failure: undefined }
    this.prepared.set(name, entry)
    entry.tries++
    try {
      await error.prepare()
    } catch (failure) {
      entry.failure = failure
    }
  }

  get hasWants(): boolean {
    return this.rangeNeeds.length > 0 || this.stores.some((store) => store.wanted.size > 0)
  }

  /** Drops the layers that the backend has. */
  dropStored(): void {
    while (this.layers[0]?.state === 'stored') {
      const layer = this.layers.shift() as Layer
      for (const store of this.stores) store.noteDrop(layer)
      for (const version of layer.versions) version.store.settle(version)
    }
  }

  /** Drops what is not in the log, newest first. */
  dropUnlogged(): void {
    while (this.layers.at(-1)?.isLogged === false) this.dropNewest()
  }

  /** Drops the batch that is being processed, if there is one. */
  dropOpen(): void {
    if (this.layers.at(-1)?.state === 'open') this.dropNewest()
  }

  private dropNewest(): void {
    const layer = this.layers.pop() as Layer
    for (const version of layer.versions.toReversed()) version.store.revert(version)
    for (const store of this.stores) store.wanted.clear()
    this.rangeNeeds.length = 0
    this.prepares.length = 0
    this.prepared.clear()
    this.undo = []
    this.records = []
    this.deadLetters = []
  }
}

function revert(undo: Version | Change): void {
  if (undo instanceof Version) {
    undo.layer.versions.pop()
    undo.store.revert(undo)
    return
  }
  const { version } = undo
  version.value = undo.value
  version.bytes = undo.bytes
  version.timestampMs = undo.timestampMs
  version.mark = undo.mark
  if (version.slot.top === version) version.slot.value = undo.value
}

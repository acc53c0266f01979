import { StreamsError } from '../errors.ts'
import type { Position } from '../log/log.ts'
import { partitionFor } from '../log/partitioner.ts'
import type { StoreEntry } from '../processor/store-handle.ts'
import type { Subtopology } from '../topology/subtopology.ts'
import type { Topology } from '../topology/topology.ts'
import type { QueryRouter } from './query-router.ts'
import type { CommittedScan } from './staging-committed.ts'
import type { ReadFrom, TaskRead, TaskReading } from './task-read.ts'

/** How a read waits. */
export type WaitOptions = {
  /**
   * A record of an input topic of the application: the read waits until the task that reads it has committed past it.
   * So whoever appended the record reads what came of it, whichever instances they are on.
   */
  readonly position?: Position
  /** How long a read may wait for the position, a restore, or a task that moves, in milliseconds. 5,000. */
  readonly timeoutMs?: number
}

/** How one value is read. */
export type GetOptions = WaitOptions & {
  /** The key that chose the partition of the inputs; the key itself where left out. */
  readonly partitionKey?: string
}

/** How entries are read. */
export type ScanStoreOptions = WaitOptions &
  CommittedScan & {
    /** Reads the partition of this key only; all partitions where left out. */
    readonly partitionKey?: string
  }

/** What a copy had, and how far it lagged behind what is committed. */
export type Staleness = {
  /** Changelog records that the copy had not applied yet when it last looked. 0 where the owner has answered. */
  readonly lag: number
  /**
   * Milliseconds since the copy last was known to have everything: what it says was true that long ago at the latest.
   * Null where it never was known to. 0 where the owner has answered.
   */
  readonly ageMs: number | null
  /** Who has answered: the owner, a standby, or the owner while it still restores. Of several the least reliable. */
  readonly from: ReadFrom
}

/** A value as some copy of the store has it. */
export type StaleValue<V> = Staleness & { readonly value: V | undefined }

/** Entries as some copies of the store have them; lag is summed, and the age is that of the oldest. */
export type StaleEntries<V> = Staleness & { readonly entries: readonly StoreEntry<V>[] }

/** Reads of one store of a running application. They see what is committed, and nothing else. */
export interface StoreQuery<V> {
  /**
   * @throws StreamsError QUERY_TIMEOUT, QUERY_POSITION_INVALID, and where the task is on another instance
   *   QUERY_NOT_HERE (without a query server), QUERY_OWNER_UNKNOWN, QUERY_OWNER_UNREACHABLE, QUERY_FORBIDDEN,
   *   QUERY_ANSWER_INVALID
   */
  get(key: string, options?: GetOptions): Promise<V | undefined>
  /** Entries in the order of the keys' bytes. @throws the same */
  scan(options?: ScanStoreOptions): Promise<StoreEntry<V>[]>
  /** A value from whatever copy is nearest: also from a standby, and while the owner is lost. @throws the same */
  getStale(key: string, options?: Omit<GetOptions, 'position'>): Promise<StaleValue<V>>
  /** Entries from whatever copies are nearest. @throws the same */
  scanStale(options?: Omit<ScanStoreOptions, 'position'>): Promise<StaleEntries<V>>
}

const TIMEOUT_MS = 5_000
const RELIABILITY: readonly ReadFrom[] = ['active', 'standby', 'restoring']

/** Turns reads of stores into reads of tasks. */
export class Queries {
  private readonly topology: Topology
  private readonly router: QueryRouter

  constructor(topology: Topology, router: QueryRouter) {
    this.topology = topology
    this.router = router
  }

  /** @throws StreamsError STREAMS_UNKNOWN_STORE */
  store<V>(store: string): StoreQuery<V> {
    const sub = this.topology.subtopologyOfStore(store)
    const readKey = async (key: string, options: GetOptions, isStale: boolean) => {
      const [reading] = await this.readAll(sub, { store, key }, { partitionKey: key, ...options }, isStale)
      return reading as TaskReading
    }
    const readScan = (options: ScanStoreOptions, isStale: boolean) => {
      return this.readAll(sub, { store, scan: scanOf(options) }, options, isStale)
    }
    return {
      get: async (key, options = {}) => firstValue<V>(await readKey(key, options, false)),
      scan: async (options = {}) => mergeParts<V>(await readScan(options, false), options.limit),
      getStale: async (key, options = {}) => {
        const reading = await readKey(key, options, true)
        return { value: firstValue<V>(reading), ...stalenessOf([reading]) }
      },
      scanStale: async (options = {}) => {
        const readings = await readScan(options, true)
        return { entries: mergeParts<V>(readings, options.limit), ...stalenessOf(readings) }
      },
    }
  }

  private async readAll(
    sub: Subtopology,
    what: TaskRead['what'],
    options: ScanStoreOptions,
    isStale: boolean,
  ): Promise<readonly TaskReading[]> {
    const deadlineMs = performance.now() + (options.timeoutMs ?? TIMEOUT_MS)
    const ids = partitionsOf(sub, options.partitionKey).map((partition) => `${sub.name}.${partition}`)
    const { position } = options
    const reader = position === undefined ? null : this.readerOf(position)
    if (position !== undefined && reader !== null && (ids.length > 1 || ids[0] !== reader)) {
      await this.router.read({ taskId: reader, what: null, position, isStale: false }, deadlineMs)
    }
    return await Promise.all(
      ids.map((taskId) => {
        const own = taskId === reader ? (position ?? null) : null
        return this.router.read({ taskId, what, position: own, isStale }, deadlineMs)
      }),
    )
  }

  /** The task that reads a position. @throws StreamsError QUERY_POSITION_INVALID */
  private readerOf({ topic, partition }: Position): string {
    const reader = this.topology.subtopologies.find((sub) => sub.inputTopics.includes(topic))
    if (reader !== undefined && partition >= 0 && partition < reader.partitions) return `${reader.name}.${partition}`
    throw new StreamsError(
      'QUERY_POSITION_INVALID',
      `${topic}/${partition} is not an input of ${this.topology.name}: only the position of a record it reads can be ` +
        'waited for.',
    )
  }
}

/** What of the options says which entries. */
function scanOf({ from, to, prefix, limit }: ScanStoreOptions): CommittedScan {
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(limit === undefined ? {} : { limit }),
  }
}

function partitionsOf(sub: Subtopology, partitionKey: string | undefined): number[] {
  if (partitionKey !== undefined) return [partitionFor(Buffer.from(partitionKey, 'utf8'), sub.partitions)]
  return Array.from({ length: sub.partitions }, (_, partition) => partition)
}

function firstValue<V>({ entries }: TaskReading): V | undefined {
  return entries[0]?.[1] as V | undefined
}

function stalenessOf(readings: readonly TaskReading[]): Staleness {
  const ages = readings.map(({ ageMs }) => ageMs)
  const known = ages.filter((age) => age !== null)
  return {
    lag: readings.reduce((sum, { lag }) => sum + lag, 0),
    ageMs: known.length < ages.length ? null : Math.max(0, ...known),
    from: RELIABILITY[Math.max(0, ...readings.map(({ from }) => RELIABILITY.indexOf(from)))] ?? 'active',
  }
}

/** The entries of all partitions in one order. A key is in one partition only, so nothing has to be put together. */
function mergeParts<V>(readings: readonly TaskReading[], limit = Infinity): StoreEntry<V>[] {
  const [only] = readings
  if (readings.length === 1 && only !== undefined) return [...only.entries] as StoreEntry<V>[]
  const order = (entry: StoreEntry<unknown>) => Buffer.from(entry[0], 'utf8')
  const sorted = readings.flatMap(({ entries }) => entries).map((entry) => ({ entry, order: order(entry) }))
  sorted.sort((a, b) => Buffer.compare(a.order, b.order))
  return sorted.slice(0, limit).map(({ entry }) => entry as StoreEntry<V>)
}

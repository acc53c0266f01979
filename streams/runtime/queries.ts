import { StreamsError } from '../errors.ts'
import type { Position } from '../log/log.ts'
import { partitionFor } from '../log/partitioner.ts'
import type { StoreEntry } from '../processor/store-handle.ts'
import type { Subtopology } from '../topology/subtopology.ts'
import type { Topology } from '../topology/topology.ts'
import type { CommittedScan } from './staging-committed.ts'
import type { Task } from './task.ts'
import type { TaskHost } from './task-host.ts'
import type { TaskRegistry } from './task-registry.ts'
import { hasCommitted, type TaskWaiters } from './task-waiters.ts'

/** How a read waits. */
export type WaitOptions = {
  /**
   * A record of an input topic of the application: the read waits until the task that reads it has committed past it.
   * So whoever appended the record reads what came of it.
   */
  readonly position?: Position
  /** How long a read may wait for the position or for a restore, in milliseconds. 5,000. */
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

/** Reads of one store of a running application. They see what is committed, and nothing else. */
export interface StoreQuery<V> {
  /** @throws StreamsError QUERY_NOT_HERE, QUERY_TIMEOUT, QUERY_POSITION_INVALID */
  get(key: string, options?: GetOptions): Promise<V | undefined>
  /** Entries in the order of the keys' bytes. @throws the same */
  scan(options?: ScanStoreOptions): Promise<StoreEntry<V>[]>
}

/** Where answers come from. */
export type QueriesOptions = {
  readonly topology: Topology
  readonly registry: TaskRegistry
  readonly waiters: TaskWaiters
}

const TIMEOUT_MS = 5_000

/** Answers reads from the tasks of this instance. */
export class Queries {
  private readonly options: QueriesOptions

  constructor(options: QueriesOptions) {
    this.options = options
  }

  /** @throws StreamsError STREAMS_UNKNOWN_STORE */
  store<V>(store: string): StoreQuery<V> {
    const sub = this.options.topology.subtopologyOfStore(store)
    return {
      get: async (key, options = {}) => {
        const partition = partitionFor(Buffer.from(options.partitionKey ?? key, 'utf8'), sub.partitions)
        const task = await this.taskOf(sub, partition, options)
        return await task.get<V>(store, key)
      },
      scan: async (options = {}) => {
        const numbers = partitionsOf(sub, options.partitionKey)
        const tasks = await Promise.all(numbers.map((partition) => this.taskOf(sub, partition, options)))
        const parts = await Promise.all(tasks.map((task) => task.scan<V>(store, options)))
        return mergeParts(parts, options.limit)
      },
    }
  }

  private async taskOf(sub: Subtopology, partition: number, options: WaitOptions): Promise<Task> {
    const deadlineMs = performance.now() + (options.timeoutMs ?? TIMEOUT_MS)
    const host = this.hostOf(sub, partition)
    if (options.position !== undefined) await this.waitForPosition(options.position, deadlineMs)
    await this.waitFor(host, () => host.task !== undefined || host.state === 'CLOSED', deadlineMs)
    if (host.task === undefined) throw notHere(sub, partition)
    return host.task
  }

  private async waitForPosition({ topic, partition, offset }: Position, deadlineMs: number): Promise<void> {
    const reader = this.options.topology.subtopologies.find((sub) => sub.inputTopics.includes(topic))
    if (reader === undefined || partition < 0 || partition >= reader.partitions) {
      throw notAnInput(this.options.topology, `${topic}/${partition}`)
    }
    const host = this.hostOf(reader, partition)
    await this.waitFor(host, () => hasCommitted(host, topic, offset) || host.state === 'CLOSED', deadlineMs)
    if (!hasCommitted(host, topic, offset)) throw notHere(reader, partition)
  }

  private async waitFor(host: TaskHost, check: () => boolean, deadlineMs: number): Promise<void> {
    if (await this.options.waiters.until(host.id, check, deadlineMs - performance.now())) return
    throw new StreamsError(
      'QUERY_TIMEOUT',
      `Task ${host.id} of ${this.options.topology.name} (${host.state}) did not get there in time. Try again, or ask ` +
        'with a longer timeoutMs.',
    )
  }

  private hostOf(sub: Subtopology, partition: number): TaskHost {
    const host = this.options.registry.find(sub, partition)
    if (host === undefined) throw notHere(sub, partition)
    return host
  }
}

function partitionsOf(sub: Subtopology, partitionKey: string | undefined): number[] {
  if (partitionKey !== undefined) return [partitionFor(Buffer.from(partitionKey, 'utf8'), sub.partitions)]
  return Array.from({ length: sub.partitions }, (_, partition) => partition)
}

/** The entries of all partitions in one order. A key is in one partition only, so nothing has to be put together. */
function mergeParts<V>(parts: readonly StoreEntry<V>[][], limit = Infinity): StoreEntry<V>[] {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const order = (entry: StoreEntry<V>) => Buffer.from(entry[0], 'utf8')
  const sorted = parts.flat().map((entry) => ({ entry, order: order(entry) }))
  sorted.sort((a, b) => Buffer.compare(a.order, b.order))
  return sorted.slice(0, limit).map(({ entry }) => entry)
}

function notHere(sub: Subtopology, partition: number): StreamsError {
  return new StreamsError(
    'QUERY_NOT_HERE',
    `Task ${sub.name}.${partition} is not on this instance now. Ask the instance that has it, or try again after the ` +
      'rebalance.',
  )
}

function notAnInput(topology: Topology, at: string): StreamsError {
  return new StreamsError(
    'QUERY_POSITION_INVALID',
    `${at} is not an input of ${topology.name}: only the position of a record it reads can be waited for.`,
  )
}

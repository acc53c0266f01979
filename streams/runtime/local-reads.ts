import { StreamsError } from '../errors.ts'
import type { Position } from '../log/log.ts'
import type { StoreEntry, StoreHandle } from '../processor/store-handle.ts'
import { storePrefix } from '../store/keys.ts'
import type { StoreBackend } from '../store/store.ts'
import type { Topology } from '../topology/topology.ts'
import { decodeWhenReady } from './decode-when-ready.ts'
import { parkedStoreHandle } from './parked-keys.ts'
import { boundsOf } from './staging-committed.ts'
import type { Standbys } from './standbys.ts'
import type { Task } from './task.ts'
import type { TaskHost } from './task-host.ts'
import type { TaskRead, TaskReading } from './task-read.ts'
import type { TaskRegistry } from './task-registry.ts'
import { hasCommitted, type TaskWaiters } from './task-waiters.ts'

/** Where answers come from. */
export type LocalReadsOptions = {
  readonly topology: Topology
  readonly registry: TaskRegistry
  readonly standbys: Standbys
  readonly waiters: TaskWaiters
  readonly backend: StoreBackend
}

/** Answers reads from what this instance has: the tasks it runs and, where that is enough, those it follows. */
export class LocalReads {
  private readonly options: LocalReadsOptions

  constructor(options: LocalReadsOptions) {
    this.options = options
  }

  /** True where this instance runs the task, or is about to. */
  isOwner(taskId: string): boolean {
    return this.options.registry.get(taskId) !== undefined
  }

  /** True where it runs or follows the task: then what it has is worth reading. */
  hasCopy(taskId: string): boolean {
    const { registry, standbys } = this.options
    return registry.get(taskId)?.task !== undefined || standbys.find(taskId)?.isOpen === true
  }

  /** @throws StreamsError QUERY_NOT_HERE, QUERY_TIMEOUT */
  async read(read: TaskRead, deadlineMs: number): Promise<TaskReading> {
    const host = this.options.registry.get(read.taskId)
    if (host?.task === undefined && read.isStale) return this.readCopy(read, host)
    if (host === undefined) throw notHere(read.taskId)
    if (read.position !== null) await this.waitForPosition(host, read.position, deadlineMs)
    await this.waitFor(host, () => host.task !== undefined || host.state === 'CLOSED', deadlineMs)
    if (host.task === undefined) throw notHere(host.id)
    return { entries: await entriesOf(host.task, read), lag: 0, ageMs: 0, from: 'active' }
  }

  private async waitForPosition(host: TaskHost, { topic, offset }: Position, deadlineMs: number): Promise<void> {
    await this.waitFor(host, () => hasCommitted(host, topic, offset) || host.state === 'CLOSED', deadlineMs)
    if (!hasCommitted(host, topic, offset)) throw notHere(host.id)
  }

  private async waitFor(host: TaskHost, check: () => boolean, deadlineMs: number): Promise<void> {
    if (await this.options.waiters.until(host.id, check, deadlineMs - performance.now())) return
    throw new StreamsError(
      'QUERY_TIMEOUT',
      `Task ${host.id} of ${this.options.topology.name} (${host.state}) did not get there in time. Try again, or ask ` +
        'with a longer timeoutMs.',
    )
  }

  /** From the backend, as a restore or a standby has left it. */
  private async readCopy({ taskId, what }: TaskRead, host: TaskHost | undefined): Promise<TaskReading> {
    const standby = this.options.standbys.find(taskId)
    if (host === undefined && standby?.isOpen !== true) throw notHere(taskId)
    // Order matters: looked at before the state, so that the state is no older than that.
    const known = host === undefined ? standby?.progress() : { ...host.progress, ageMs: null }
    const lag = host === undefined ? (standby?.lag ?? 0) : host.progress.remaining
    const entries = what === null ? [] : await this.entriesOfCopy(taskId, what)
    return { entries, lag, ageMs: known?.ageMs ?? null, from: host === undefined ? 'standby' : 'restoring' }
  }

  private async entriesOfCopy(taskId: string, what: NonNullable<TaskRead['what']>): Promise<StoreEntry<unknown>[]> {
    const { topology, backend } = this.options
    const handle = storeHandle(topology, what.store)
    const keyPrefix = storePrefix(topology.name, taskId, what.store)
    const fullKeyOf = (key: string) => Buffer.concat([keyPrefix, handle.key.serialize(key)])
    if ('key' in what) {
      const [bytes] = await backend.getMany([fullKeyOf(what.key)])
      return bytes === undefined ? [] : [[what.key, await decodeWhenReady(handle.value, bytes)]]
    }
    const range = boundsOf({ keyPrefix, fullKeyOf }, what.scan)
    const { limit } = what.scan
    if (range.gte.compare(range.lt) >= 0 || (limit !== undefined && limit <= 0)) return []
    const found = await backend.scan({ range, ...(limit === undefined ? {} : { limit }) })
    return await Promise.all(
      found.map(async ([key, bytes]): Promise<StoreEntry<unknown>> => {
        return [handle.key.deserialize(key.subarray(keyPrefix.length)), await decodeWhenReady(handle.value, bytes)]
      }),
    )
  }
}

/** How a store's keys and values are written. @throws StreamsError STREAMS_UNKNOWN_STORE */
export function storeHandle(topology: Topology, store: string): StoreHandle<string, unknown> {
  const sub = topology.subtopologyOfStore(store)
  return sub.stores.find(({ name }) => name === store) ?? parkedStoreHandle(store)
}

/** Said where a task is not on the instance that was asked. */
export function notHere(taskId: string): StreamsError {
  return new StreamsError(
    'QUERY_NOT_HERE',
    `Task ${taskId} is not on this instance now. Ask the instance that has it, or try again after the rebalance.`,
  )
}

async function entriesOf(task: Task, { what }: TaskRead): Promise<readonly StoreEntry<unknown>[]> {
  if (what === null) return []
  if ('scan' in what) return await task.scan<unknown>(what.store, what.scan)
  const value = await task.get<unknown>(what.store, what.key)
  return value === undefined ? [] : [[what.key, value]]
}

import type { Log, Position, TopicPartition } from '../log/log.ts'
import { storePrefix, storeRange } from '../store/keys.ts'
import type { KeyRange, StoreBackend } from '../store/store.ts'
import type { Topology } from '../topology/topology.ts'
import type { AppState } from './app-state.ts'
import type { Rates } from './rate-meter.ts'
import type { RestoreProgress } from './restore-pace.ts'
import type { StandbyProgress, StandbyTask } from './standby-task.ts'
import type { TaskHost, TaskState } from './task-host.ts'

/** Where a task stands in one of its input partitions. */
export type InputStatus = {
  readonly topic: string
  readonly partition: number
  /** The committed position and the end of the log; `lag` is what lies between. */
  readonly position: number
  readonly end: number
  readonly lag: number
}

/** How large a store of a task is, about. */
export type StoreStatus = { readonly name: string; readonly bytes: number; readonly keys: number }

/** What there is to see of a task. */
export type TaskStatus = {
  readonly id: string
  readonly state: TaskState
  readonly inputs: readonly InputStatus[]
  readonly lag: number
  /** Input records processed and committed since this instance has the task. */
  readonly processed: number
  readonly rates: Rates
  readonly stores: readonly StoreStatus[]
  readonly deadLetters: number
  readonly parkedKeys: number
  readonly parkedRecords: number
  /** Milliseconds; null before the first commit. */
  readonly lastCommitMs: number | null
  /** While it restores: how far it has come, how fast it goes, how long it still takes. */
  readonly restore: RestoreProgress | null
}

/** What there is to see of a task that is followed here. */
export type StandbyStatus = {
  readonly id: string
  /** Changelog records to go. */
  readonly lag: number
  /** True where the task is to run here as soon as it has caught up. */
  readonly isWarmUp: boolean
  readonly progress: StandbyProgress
}

/** What there is to see of an application on this instance. */
export type AppStatus = {
  readonly app: string
  readonly instanceId: string
  readonly state: AppState
  readonly error: string | null
  /** How many tasks the application has, on all instances together. */
  readonly taskCount: number
  /** Those of this instance. */
  readonly tasks: readonly TaskStatus[]
  /** Tasks of other instances whose state is kept here too. */
  readonly standbys: readonly StandbyStatus[]
  readonly globalTables: readonly { readonly store: string; readonly keys: number }[]
  readonly totals: StatusTotals
}

/** Sums over the tasks of this instance; `lag` over all inputs of the application, whoever reads them. */
export type StatusTotals = Rates & {
  readonly lag: number
  readonly processed: number
  readonly stateBytes: number
  readonly stateKeys: number
  readonly deadLetters: number
  readonly parkedKeys: number
  readonly parkedRecords: number
}

/** Looks at a task: its inputs in the log, its stores in the backend. */
export async function taskStatus(
  host: TaskHost,
  topology: Topology,
  log: Log,
  backend: StoreBackend,
): Promise<TaskStatus> {
  const stats = host.task?.stats()
  const [inputs, stores] = await Promise.all([
    inputStatus(host, log),
    Promise.all(host.subtopology.storeNames.map((name) => storeStatus(backend, topology.name, host.id, name))),
  ])
  return {
    id: host.id,
    state: host.state,
    inputs,
    lag: inputs.reduce((sum, input) => sum + input.lag, 0),
    processed: host.processed,
    rates: host.meter.rates(),
    stores,
    deadLetters: stats?.deadLetters ?? 0,
    parkedKeys: stats?.parkedKeys ?? 0,
    parkedRecords: stats?.parkedRecords ?? 0,
    lastCommitMs: host.lastCommitMs,
    restore: host.state === 'RESTORING' ? host.progress : null,
  }
}

/** Looks at a task that is followed. */
export function standbyStatus(task: StandbyTask): StandbyStatus {
  return { id: task.id, lag: task.lag, isWarmUp: task.warmUp !== 'no', progress: task.progress() }
}

/** Sums the tasks up. */
export function totalsOf(tasks: readonly TaskStatus[], lag: number): StatusTotals {
  const sum = (of: (task: TaskStatus) => number) => tasks.reduce((total, task) => total + of(task), 0)
  const sumStores = (of: (store: StoreStatus) => number) => {
    return sum((task) => task.stores.reduce((total, store) => total + of(store), 0))
  }
  return {
    lag,
    processed: sum((task) => task.processed),
    perSecond1s: sum((task) => task.rates.perSecond1s),
    perSecond10s: sum((task) => task.rates.perSecond10s),
    perSecond1m: sum((task) => task.rates.perSecond1m),
    stateBytes: sumStores((store) => store.bytes),
    stateKeys: sumStores((store) => store.keys),
    deadLetters: sum((task) => task.deadLetters),
    parkedKeys: sum((task) => task.parkedKeys),
    parkedRecords: sum((task) => task.parkedRecords),
  }
}

/**
 * How many input records of the application are not processed and committed yet, over all its inputs (repartition
 * topics too) and all instances. Asks the log, so that it is right also for tasks that are elsewhere or restoring.
 */
export async function applicationLag(
  topology: Topology,
  log: Log,
  group: string,
  readers: readonly TaskHost[],
): Promise<number> {
  const partitions = topology.subtopologies.flatMap((sub) =>
    sub.inputTopics.flatMap((topic) =>
      Array.from({ length: sub.partitions }, (_, partition) => ({ topic, partition })),
    ),
  )
  const [committed, begins, ends] = await Promise.all([
    log.committed(group, partitions),
    log.beginningOffsets(partitions),
    log.endOffsets(partitions, { pending: 'ignore' }),
  ])
  const readable = settledOffsets(readers)
  return partitions.reduce((sum, at) => {
    const position = readable.get(nameOf(at)) ?? offsetOf(committed, at) ?? offsetOf(begins, at) ?? 0
    return sum + Math.max(0, (offsetOf(ends, at) ?? 0) - position)
  }, 0)
}

/** Where nothing is left of what was fetched, the position is where the fetch came to: past gaps too. */
function settledOffsets(readers: readonly TaskHost[]): Map<string, number> {
  const inputs = readers.flatMap((host) => host.inputs)
  return new Map(inputs.map((input) => [nameOf(input), input.settledOffset]))
}

async function inputStatus(host: TaskHost, log: Log): Promise<InputStatus[]> {
  const ends = await log.endOffsets(host.inputs, { pending: 'ignore' })
  return host.inputs.map((input) => {
    const end = offsetOf(ends, input) ?? input.endOffset
    const position = input.settledOffset
    return { topic: input.topic, partition: input.partition, position, end, lag: Math.max(0, end - position) }
  })
}

/** Entries looked at to tell how large one is; a store with fewer is counted exactly. */
const SAMPLE = 40

async function storeStatus(backend: StoreBackend, app: string, taskId: string, name: string): Promise<StoreStatus> {
  const range: KeyRange = storeRange(storePrefix(app, taskId, name))
  const [bytes, sample] = await Promise.all([backend.approximateBytes(range), backend.scan({ range, limit: SAMPLE })])
  const sampled = sample.reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  if (sample.length < SAMPLE) return { name, bytes: sampled, keys: sample.length }
  return { name, bytes, keys: Math.max(SAMPLE, Math.round((bytes * SAMPLE) / sampled)) }
}

const nameOf = ({ topic, partition }: TopicPartition) => `${topic}/${partition}`

function offsetOf(positions: readonly Position[], at: TopicPartition): number | undefined {
  return positions.find((position) => position.topic === at.topic && position.partition === at.partition)?.offset
}

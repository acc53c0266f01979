import { StreamsError } from '../errors.ts'
import type { Log, Position, TopicPartition } from '../log/log.ts'
import type { StoreBackend } from '../store/store.ts'
import type { Subtopology } from '../topology/subtopology.ts'
import type { Topology } from '../topology/topology.ts'
import type { StreamsAppHooks } from './app-hooks.ts'
import { changelogsOf } from './changelog-cursors.ts'
import type { GlobalTables } from './global-tables.ts'
import { InputPartition } from './input-partition.ts'
import { byTimestamp } from './interleaving.ts'
import { RateMeter } from './rate-meter.ts'
import { restoreStores } from './restore.ts'
import { NO_PROGRESS, type RestoreProgress } from './restore-pace.ts'
import { type StagedBatch, Task } from './task.ts'
import { unlessAborted } from './unless-aborted.ts'

/** How much of a changelog is read at a time to see whether there is anything in it, and how long it may take. */
const LOOK_BYTES = 64 * 1024
const LOOK_MS = 500

/** RESTORING until its stores are up to their changelogs; CLOSED once it is not ours any more. */
export type TaskState = 'RESTORING' | 'RUNNING' | 'CLOSED'

/** What the tasks of an application share. */
export type TaskHostShared = {
  readonly topology: Topology
  readonly group: string
  readonly log: Log
  readonly backend: StoreBackend
  readonly globals: GlobalTables
  readonly hooks: StreamsAppHooks
  readonly cacheBytesMax: number
  readonly nowMs: () => number
  /** Resolves when nobody else here writes to the stores of the task. */
  readonly takeOver: (taskId: string) => Promise<void>
  /** A task has come to RUNNING. */
  readonly onReady: () => void
  readonly onFailure: (error: unknown) => void
  /** Whoever waits for this task may look again: it has committed, or its state has changed. */
  readonly onProgress: (taskId: string) => void
}

/** A task with its inputs: brings it up, feeds it, and knows how far it is. */
export class TaskHost {
  readonly id: string
  readonly subtopology: Subtopology
  readonly partition: number
  readonly meter: RateMeter
  private readonly shared: TaskHostShared
  private currentState: TaskState = 'RESTORING'
  private currentTask: Task | undefined
  private currentInputs: readonly InputPartition[] = []
  private currentProgress: RestoreProgress = NO_PROGRESS
  private processedTotal = 0
  private commitMs: number | null = null
  private abort = new AbortController()
  private starting: Promise<void> = Promise.resolve()

  constructor(shared: TaskHostShared, subtopology: Subtopology, partition: number) {
    this.shared = shared
    this.subtopology = subtopology
    this.partition = partition
    this.id = `${subtopology.name}.${partition}`
    this.meter = new RateMeter(shared.nowMs)
  }

  get state(): TaskState {
    return this.currentState
  }

  /** The task, while it runs. */
  get task(): Task | undefined {
    return this.currentTask
  }

  get inputs(): readonly InputPartition[] {
    return this.currentInputs
  }

  get progress(): RestoreProgress {
    return this.currentProgress
  }

  /** Input records processed and committed since the application has this task. */
  get processed(): number {
    return this.processedTotal
  }

  /** How long its last commit took, in milliseconds; null before the first. */
  get lastCommitMs(): number | null {
    return this.commitMs
  }

  /**
   * Restores the stores in the background, then runs. Also the way back after everything uncommitted was dropped.
   *
   * Race: a start may still be under way when the next one is asked for, such as by a second recovery right after the
   * first. It must not come up any more: its task would process records, and the later start would then take its place
   * from positions read before those are committed, and process them again.
   */
  start(): void {
    this.abort.abort()
    this.abort = new AbortController()
    const { signal } = this.abort
    this.currentState = 'RESTORING'
    this.currentTask = undefined
    this.currentInputs = []
    const before = this.starting
    this.starting = before
      .then(() => this.bringUp(signal))
      .catch((error: unknown) => {
        if (!signal.aborted) this.shared.onFailure(error)
      })
  }

  /** Lets go of the task. Nothing of it is staged any more; what it restored stays for the next time. */
  async release(): Promise<void> {
    this.currentState = 'CLOSED'
    this.currentTask = undefined
    this.currentInputs = []
    this.abort.abort()
    this.shared.onProgress(this.id)
    await this.starting
  }

  /** True where there is something to process, and nothing that should come first is still on its way. */
  isReady(): boolean {
    if (this.currentTask === undefined) return false
    let buffered = false
    for (const input of this.currentInputs) {
      if (input.isAwaited) return false
      buffered ||= input.buffered > 0
    }
    return buffered
  }

  async process(recordsMax: number, stagedBytesMax: number): Promise<StagedBatch> {
    const task = this.currentTask as Task
    const inputs = this.currentInputs
    const chosen = byTimestamp(inputs, recordsMax)
    const batch = await task.process(chosen.records, stagedBytesMax)
    chosen.consume(batch.processed)
    return batch
  }

  /** A batch is in the log: it counts, whatever happens next. */
  logged(batch: StagedBatch): void {
    this.currentTask?.logged(batch)
    for (const { topic, partition, offset } of batch.positions) {
      const input = this.currentInputs.find((one) => one.topic === topic && one.partition === partition)
      if (input !== undefined) input.committedOffset = offset
    }
    this.processedTotal += batch.processed
    this.meter.mark(batch.processed)
    this.shared.onProgress(this.id)
  }

  /** It is in the store too. */
  committed(batch: StagedBatch, ms: number): void {
    this.currentTask?.committed(batch)
    this.commitMs = ms
  }

  private async bringUp(signal: AbortSignal): Promise<void> {
    const { topology, log, backend, hooks, nowMs } = this.shared
    const app = topology.name
    await unlessAborted(signal, this.shared.takeOver(this.id))
    if (signal.aborted) return
    // Order matters: a committed position is given only when no transaction on it is pending, so that the ends of the
    // changelogs, which are read after it, hold everything that was committed with it.
    const inputs = await unlessAborted(signal, this.openInputs())
    await restoreStores({
      log,
      backend,
      signal,
      nowMs,
      changelogs: changelogsOf(app, this.id, this.partition, this.subtopology.storeNames),
      onProgress: (progress) => {
        this.currentProgress = progress
        hooks.onRestoreProgress?.({ app, taskId: this.id, ...progress })
      },
      onRebuild: ({ store }, reason) => hooks.onStoreRebuild?.({ app, taskId: this.id, store, reason }),
    })
    if (signal.aborted) return
    this.currentTask = this.openTask()
    this.currentInputs = inputs
    this.currentState = 'RUNNING'
    this.shared.onReady()
    this.shared.onProgress(this.id)
  }

  private openTask(): Task {
    const { topology, log, backend, globals, hooks, cacheBytesMax } = this.shared
    return new Task({
      app: topology.name,
      topology,
      subtopology: this.subtopology,
      partition: this.partition,
      partitionCount: (topic) => log.partitionCount(topic),
      backend,
      globals,
      hooks,
      cacheBytesMax,
    })
  }

  private async openInputs(): Promise<InputPartition[]> {
    const { log, group } = this.shared
    const partitions = this.subtopology.inputTopics.map(
      (topic): TopicPartition => ({ topic, partition: this.partition }),
    )
    const committed = await log.committed(group, partitions)
    if (committed.length === 0) await this.assertNeverRan()
    const [begins, ends] = await Promise.all([log.beginningOffsets(partitions), log.endOffsets(partitions)])
    return partitions.map((at) => {
      const position = offsetOf(committed, at) ?? offsetOf(begins, at) ?? 0
      return new InputPartition(at, position, offsetOf(ends, at) ?? position)
    })
  }

  /**
   * Without any position the inputs are read from their beginning. That is right for a task that never ran; one that
   * has written to its changelogs would do everything twice.
   */
  private async assertNeverRan(): Promise<void> {
    const { topology, log, group } = this.shared
    const changelogs = changelogsOf(topology.name, this.id, this.partition, this.subtopology.storeNames)
    if (!(await hasRecords(log, changelogs))) return
    throw new StreamsError(
      'APP_POSITIONS_LOST',
      `Task ${this.id} has state, and the group ${group} has no position in any of its inputs: the log has ` +
        'forgotten them (Kafka does after offsets.retention.minutes without members). Set them by hand ' +
        '(kafka-consumer-groups --reset-offsets), or build everything anew: ' +
        `npm run streams -- reset ${topology.name}`,
    )
  }
}

/**
 * True where a committed record is in one of the partitions, or was once. An end above 0 alone says nothing: a
 * transaction that was aborted, because its instance died in it, moves the end as well.
 */
async function hasRecords(log: Log, partitions: readonly TopicPartition[]): Promise<boolean> {
  const [begins, ends] = await Promise.all([log.beginningOffsets(partitions), log.endOffsets(partitions)])
  if (begins.some(({ offset }) => offset > 0)) return true
  let positions = begins
  for (;;) {
    positions = positions.filter((at) => at.offset < (offsetOf(ends, at) ?? 0))
    if (positions.length === 0) return false
    const fetched = await log.fetch({ positions, maxBytes: LOOK_BYTES, maxWaitMs: LOOK_MS })
    if (fetched.some(({ records }) => records.length > 0)) return true
    positions = fetched.map(({ topic, partition, nextOffset }) => ({ topic, partition, offset: nextOffset }))
  }
}

function offsetOf(positions: readonly Position[], { topic, partition }: TopicPartition): number | undefined {
  return positions.find((position) => position.topic === topic && position.partition === partition)?.offset
}

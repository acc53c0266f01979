import { setTimeout as sleep } from 'node:timers/promises'
import { isStreamsError } from '../errors.ts'
import type { Log } from '../log/log.ts'
import type { StoreBackend } from '../store/store.ts'
import type { Topology } from '../topology/topology.ts'
import type { AppHooks } from './app-hooks.ts'
import { advanceCursors } from './apply-changelogs.ts'
import { type ChangelogCursor, type CursorOptions, changelogsOf, openCursors } from './changelog-cursors.ts'
import { StandbyTask } from './standby-task.ts'
import { Abandoned } from './unless-aborted.ts'
import { Wakeup } from './wakeup.ts'

/** What is followed, from where, and who hears of it. */
export type StandbysOptions = {
  readonly topology: Topology
  readonly log: Log
  readonly backend: StoreBackend
  readonly hooks: AppHooks
  readonly nowMs: () => number
  /** A task that warms up may become active when it is at most so many records behind. */
  readonly acceptableLag: number
  /** Asks for a new assignment; where it rejects, it is asked again after the next step. */
  readonly onWarm: (taskId: string) => Promise<void>
  readonly onFailure: (error: unknown) => void
  /** Milliseconds between two tries where the log fails. 1,000. */
  readonly retryMs?: number
}

/** Bytes of a step: small, so that running tasks and a promotion are never held up for long. */
const FETCH_BYTES = 1024 * 1024
/** How long a step waits for something new. It bounds how old the copy of a quiet task says it is. */
const WAIT_MS_MAX = 500
/**
 * Least time between two requests of a task to become active: each costs the whole group a rebalance, and one that just
 * falls behind again is not to ask without end.
 */
const ASK_MS_MIN = 1_000
/** After trouble with the log it is asked again so much later. */
const RETRY_MS = 1_000

/**
 * Follows the changelogs of tasks that run elsewhere, outside of any group, into the same backend, keys and checkpoints
 * that a restore writes. So whoever runs the task next here reads the tail only.
 *
 * Invariant: nothing is written for a task once `stop` for it has resolved; the task that runs is the only writer of
 * its keys.
 */
export class Standbys {
  private readonly options: StandbysOptions
  private readonly cursors: CursorOptions
  private readonly wakeup = new Wakeup()
  private tasks: ReadonlyMap<string, StandbyTask> = new Map()
  private abort = new AbortController()
  private stopped = false
  private isMoving = true
  /** The step on its way: whoever waits for it knows that nothing is being written any more. */
  private step: Promise<void> = Promise.resolve()

  constructor(options: StandbysOptions) {
    this.options = options
    const { log, backend, nowMs } = options
    this.cursors = { log, backend, nowMs }
  }

  all(): readonly StandbyTask[] {
    return [...this.tasks.values()]
  }

  find(taskId: string): StandbyTask | undefined {
    return this.tasks.get(taskId)
  }

  /** Follows these tasks and no others from now on; those in `warmUps` are to become active here. */
  follow(taskIds: readonly string[], warmUps: readonly string[]): void {
    if (this.stopped) return
    const tasks = taskIds.map((id) => this.tasks.get(id) ?? this.taskOf(id)).filter((task) => task !== undefined)
    for (const task of tasks) task.warmUp = warmUps.includes(task.id) ? 'wanted' : 'no'
    this.keep(tasks)
  }

  /** Stops following a task. When it resolves, the checkpoints say how far its stores are, and nothing is written. */
  async stop(taskId: string): Promise<void> {
    if (this.tasks.has(taskId)) this.keep(this.all().filter(({ id }) => id !== taskId))
    await this.step
  }

  /** Runs until `close`. */
  async run(): Promise<void> {
    while (!this.stopped) {
      if (this.tasks.size === 0) await this.wakeup.sleep()
      else await this.doStep()
    }
  }

  /** Follows nothing any more; `run` returns after it. */
  async close(): Promise<void> {
    this.follow([], [])
    this.stopped = true
    this.refresh()
    await this.step
  }

  private async doStep(): Promise<void> {
    if (this.abort.signal.aborted) this.abort = new AbortController()
    const work = this.advance([...this.tasks.values()])
    this.step = work.catch(() => undefined)
    try {
      await work
    } catch (error) {
      await this.recover(error)
    }
    // Lets whatever else is due have its turn: a standby far behind would otherwise go from one step to the next.
    await new Promise((resolve) => setImmediate(resolve))
  }

  private async advance(tasks: readonly StandbyTask[]): Promise<void> {
    const { signal } = this.abort
    for (const task of tasks) if (!task.isOpen && !signal.aborted) await this.open(task)
    this.askWhereWarm(tasks)
    if (signal.aborted) return
    const cursors = tasks.flatMap((task) => task.cursors)
    const before = offsetsOf(cursors)
    // Where the last step got nowhere although something seems to be left, asking at once again would not help.
    const maxWaitMs = this.isMoving && tasks.some((task) => task.lag > 0) ? 0 : WAIT_MS_MAX
    await advanceCursors(this.cursors, cursors, { maxBytes: FETCH_BYTES, maxWaitMs, signal })
    this.isMoving = offsetsOf(cursors) !== before
    for (const task of tasks) if (task.advanced()) this.report(task)
    this.askWhereWarm(tasks)
  }

  private async open(task: StandbyTask): Promise<void> {
    const { topology, hooks } = this.options
    const app = topology.name
    const { id, partition, stores } = task
    const cursors = await openCursors(
      { ...this.cursors, onRebuild: ({ store }, reason) => hooks.onStoreRebuild?.({ app, taskId: id, store, reason }) },
      changelogsOf(app, id, partition, stores),
      { pending: 'ignore', signal: this.abort.signal },
    )
    task.open(cursors)
  }

  private report(task: StandbyTask): void {
    const { topology, hooks } = this.options
    hooks.onStandbyProgress?.({ app: topology.name, taskId: task.id, ...task.progress() })
  }

  private askWhereWarm(tasks: readonly StandbyTask[]): void {
    const now = this.options.nowMs()
    for (const task of tasks) {
      if (task.warmUp !== 'wanted' || !task.isOpen || task.lag > this.options.acceptableLag) continue
      if (now - task.askedAtMs < ASK_MS_MIN) continue
      task.warmUp = 'asked'
      task.askedAtMs = now
      this.options.onWarm(task.id).catch(() => {
        if (task.warmUp === 'asked') task.warmUp = 'wanted'
      })
    }
  }

  /**
   * Trouble with the log ends no application: a standby can wait, and says by its lag that it does. Where the beginning
   * of a changelog is gone, the stores are opened again, and built again.
   */
  private async recover(error: unknown): Promise<void> {
    if (this.stopped || error instanceof Abandoned) return
    if (!isStreamsError(error) || !error.code.startsWith('LOG_') || error.code === 'LOG_CLOSED') {
      this.stopped = true
      this.options.onFailure(error)
      return
    }
    const { topology, hooks } = this.options
    hooks.onStandbyTrouble?.({ app: topology.name, error })
    if (error.code === 'LOG_OFFSET_OUT_OF_RANGE') for (const task of this.tasks.values()) task.close()
    await sleep(this.options.retryMs ?? RETRY_MS, undefined, { signal: this.abort.signal }).catch(() => undefined)
  }

  private keep(tasks: readonly StandbyTask[]): void {
    this.tasks = new Map(tasks.map((task) => [task.id, task]))
    this.refresh()
  }

  private taskOf(id: string): StandbyTask | undefined {
    const { topology, nowMs } = this.options
    const at = id.lastIndexOf('.')
    const sub = topology.subtopologies.find(({ name }) => name === id.slice(0, at))
    const partition = Number(id.slice(at + 1))
    if (sub === undefined || sub.storeNames.length === 0 || !(partition < sub.partitions)) return undefined
    return new StandbyTask(id, partition, sub.storeNames, nowMs)
  }

  private refresh(): void {
    this.abort.abort()
    this.wakeup.wake()
  }
}

function offsetsOf(cursors: readonly ChangelogCursor[]): number {
  return cursors.reduce((sum, { offset }) => sum + offset, 0)
}

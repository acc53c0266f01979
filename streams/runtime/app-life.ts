/**
 * The life of an application from the inside: how it comes up, shares the work, recovers and ends. `app.ts` is its
 * outside. Invariants: the store never leads the changelog; whatever ends a transaction badly, processing goes on from
 * the committed positions; nothing uncommitted is ever shown.
 */
import { StreamsError } from '../errors.ts'
import type { ResolvedOptions } from './app-options.ts'
import { type AppState, AppStateMachine } from './app-state.ts'
import { CommitLoop } from './commit-loop.ts'
import { Committer } from './committer.ts'
import { FetchLoop } from './fetch-loop.ts'
import { guardFingerprint } from './fingerprint-guard.ts'
import { GlobalTables } from './global-tables.ts'
import { Membership } from './membership.ts'
import { assertNoReset } from './reset.ts'
import { Standbys } from './standbys.ts'
import { TaskDirectory } from './task-directory.ts'
import { TaskRegistry } from './task-registry.ts'
import { TaskWaiters } from './task-waiters.ts'

/** Runs the tasks of one instance of an application. */
export class AppLife {
  readonly registry: TaskRegistry
  readonly waiters = new TaskWaiters()
  readonly globals: GlobalTables
  readonly standbys: Standbys
  readonly directory = new TaskDirectory()
  private readonly options: ResolvedOptions
  private readonly app: string
  private readonly states: AppStateMachine
  private readonly committer: Committer
  private readonly commits: CommitLoop
  private readonly fetches: FetchLoop
  private membership: Membership | undefined
  private starting: Promise<void> = Promise.resolve()
  private work: Promise<void> = Promise.resolve()
  private closing: Promise<void> | undefined
  private failed: { readonly error: unknown } | undefined
  /** When the log has refused us as a zombie although our group had not moved on, in the last minute. */
  private fencedAtMs: number[] = []
  private waiting: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []

  constructor(options: ResolvedOptions) {
    this.options = options
    const { topology, log, backend, hooks, nowMs, applicationId: group, cacheBytesMax } = options
    this.app = topology.name
    this.states = new AppStateMachine((to, from) => this.onState(to, from))
    this.globals = new GlobalTables({ app: this.app, tables: topology.globalTables, log, hooks })
    this.standbys = new Standbys({
      ...{ topology, log, backend, hooks, nowMs, acceptableLag: options.acceptableRecoveryLag },
      onWarm: async (taskId) => await this.currentMembership().rejoin(`${taskId} has caught up`),
      onFailure: (error) => this.commits.interrupt(error),
    })
    this.registry = new TaskRegistry({
      ...{ topology, group, log, backend, hooks, nowMs, cacheBytesMax, globals: this.globals },
      takeOver: (taskId) => this.standbys.stop(taskId),
      onReady: () => this.onTasksChanged(),
      onFailure: (error) => this.commits.interrupt(error),
      onProgress: (taskId) => this.waiters.notify(taskId),
    })
    this.committer = new Committer({
      ...{ app: this.app, backend, hooks, nowMs },
      epoch: () => this.currentMembership().epoch(),
      givesUp: () => !this.states.isUp(),
    })
    this.commits = new CommitLoop({
      ...options.commit,
      hosts: () => this.registry.all(),
      commit: (staged) => this.committer.commit(staged),
      onConsumed: () => this.fetches.afterConsume(),
    })
    this.fetches = new FetchLoop({
      ...{ log, limits: options.buffer, pace: options.pace },
      lastCommitMs: () => this.committer.lastMs,
      inputs: () => this.registry.inputs(),
      onRecords: () => this.commits.wake(),
    })
  }

  get state(): AppState {
    return this.states.current
  }

  /** Why it ended by itself; undefined where it did not. */
  get failure(): unknown {
    return this.failed?.error
  }

  /** See `StreamsApp.start`. */
  async start(): Promise<void> {
    this.states.to('STARTING')
    this.starting = this.comeUp()
    await this.starting
    await this.untilRunning()
  }

  /** See `StreamsApp.close`. */
  close(options: { readonly keepsPlace: boolean }): Promise<void> {
    this.closing ??= this.shutDown(options)
    return this.closing
  }

  /** See `StreamsApp.hurry`. */
  hurry(): () => void {
    return this.fetches.hurry()
  }

  private async comeUp(): Promise<void> {
    try {
      await this.prepare()
      if (this.states.current !== 'STARTING') throw closedEarly()
      this.states.to('REBALANCING')
      this.work = this.run()
      await this.join()
    } catch (error) {
      if (this.states.current !== 'CLOSING') await this.fail(error)
      throw error
    }
  }

  private async prepare(): Promise<void> {
    const { topology, log, backend } = this.options
    await log.createTopics(topology.internalTopics())
    for (const sub of topology.subtopologies) {
      for (const topic of sub.inputTopics) assertWidth(topic, sub.partitions, log.partitionCount(topic))
    }
    for (const topic of topology.outputTopics()) log.partitionCount(topic)
    await assertNoReset(backend, this.app)
    await guardFingerprint(backend, topology)
    await this.globals.load()
    await this.openProducer()
  }

  private async openProducer(): Promise<void> {
    const { log, applicationId, instanceId } = this.options
    await this.committer.close()
    this.committer.use(await log.producer(`${applicationId}-${instanceId}`))
  }

  private async join(): Promise<void> {
    const { topology, log, backend, applicationId, instanceId, peers } = this.options
    const { standbyReplicas, acceptableRecoveryLag } = this.options
    this.membership = new Membership({
      ...{ topology, log, backend, group: applicationId, instanceId },
      address: peers?.address ?? null,
      assignment: { standbyReplicas, acceptableRecoveryLag },
      standbys: () => this.standbys.all().map(({ id }) => id),
      onAssigned: (partitions, { standbys, warmUps, holders }) => {
        if (!this.states.isUp()) return
        this.directory.update(holders)
        this.states.to('REBALANCING')
        this.registry.assign(partitions)
        const active = new Set(this.registry.all().map(({ id }) => id))
        this.standbys.follow(
          standbys.filter((id) => !active.has(id)),
          warmUps,
        )
        this.onTasksChanged()
      },
      onRevoked: async (partitions) => {
        const hosts = this.registry.of(partitions)
        if (hosts.length === 0) return
        if (this.states.isUp()) this.states.to('REBALANCING')
        await this.commits.atRest(() => this.registry.release(hosts))
        this.onTasksChanged()
      },
      onLost: () => this.commits.interrupt(lostMembership()),
    })
    await this.membership.join()
  }

  private currentMembership(): Membership {
    if (this.membership === undefined) throw new StreamsError('APP_ILLEGAL_STATE', 'The application has not joined.')
    return this.membership
  }

  /** The working life: fetches, tables and commits beside each other, and a recovery after what can be recovered. */
  private async run(): Promise<void> {
    const interrupt = (error: unknown) => this.commits.interrupt(error)
    const beside = [this.fetches.run().catch(interrupt), this.globals.follow().catch(interrupt), this.standbys.run()]
    for (;;) {
      try {
        await this.commits.run()
        break
      } catch (error) {
        if (await this.recover(error)) continue
        if (this.states.isUp()) await this.fail(error)
        break
      }
    }
    this.stopReading()
    await Promise.all(beside)
  }

  /** True where everything uncommitted was dropped and work can go on from the committed positions. */
  private async recover(cause: unknown): Promise<boolean> {
    if (!this.states.isUp() || !(cause instanceof StreamsError)) return false
    const fenced = cause.code === 'LOG_FENCED'
    if (!fenced && cause.code !== 'LOG_OUTCOME_UNKNOWN') return false
    const rejoins = this.currentMembership().isLost || (fenced && this.isMembershipStale())
    if (rejoins && this.isFencedTooOften()) return false
    this.options.hooks.onRecovery?.({ app: this.app, cause, rejoins })
    try {
      this.states.to('REBALANCING')
      if (rejoins) await this.rejoin()
      else await this.goOnFromCommitted()
      return true
    } catch (error) {
      if (this.states.isUp()) await this.fail(error)
      return false
    }
  }

  /** Fenced although the group has not moved on: then it is our name that somebody else has taken. */
  private isMembershipStale(): boolean {
    return this.committer.epochUsed?.generation === this.currentMembership().epoch().generation
  }

  /** True where somebody else must be running under our name: each fences the other, for ever. */
  private isFencedTooOften(): boolean {
    const now = performance.now()
    this.fencedAtMs = [...this.fencedAtMs.filter((at) => now - at < 60_000), now]
    return this.fencedAtMs.length > this.options.fencedPerMinuteMax
  }

  private async goOnFromCommitted(): Promise<void> {
    await this.openProducer()
    this.registry.restart()
    this.onTasksChanged()
  }

  private async rejoin(): Promise<void> {
    const old = this.membership
    await this.registry.release(this.registry.all())
    await old?.leave()
    if (!this.states.isUp()) throw closedEarly()
    await this.openProducer()
    await this.join()
  }

  private onTasksChanged(): void {
    this.fetches.refresh()
    this.commits.wake()
    if (!this.states.isUp()) return
    if (this.states.current === 'REBALANCING') this.states.to('RESTORING')
    const next = this.registry.isRunning() ? 'RUNNING' : 'RESTORING'
    if (this.states.current !== next) this.states.to(next)
  }

  private onState(to: AppState, from: AppState): void {
    this.options.hooks.onStateChange?.({ app: this.app, from, to })
    if (to === 'RUNNING') for (const { resolve } of this.waiting.splice(0)) resolve()
    if (to === 'FAILED') for (const { reject } of this.waiting.splice(0)) reject(this.failed?.error)
    if (to === 'CLOSING') for (const { reject } of this.waiting.splice(0)) reject(closedEarly())
  }

  private untilRunning(): Promise<void> {
    if (this.states.current === 'RUNNING') return Promise.resolve()
    if (this.failed !== undefined) return Promise.reject(this.failed.error)
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }))
  }

  /** Stops for good. What is committed stands, everything else is dropped, the tasks go to whoever else is there. */
  private async fail(error: unknown): Promise<void> {
    this.failed = { error }
    this.states.to('FAILED')
    this.options.hooks.onFailure?.({ app: this.app, error })
    this.stopReading()
    this.commits.stop()
    await this.registry.release(this.registry.all())
    await this.membership?.leave()
    await this.committer.close()
  }

  private async shutDown(options: { readonly keepsPlace: boolean }): Promise<void> {
    const hasFailed = this.states.current === 'FAILED'
    this.states.to('CLOSING')
    this.globals.stop()
    await this.starting.catch(() => undefined)
    // Leaving drains: the tasks are asked for, and given when everything staged is committed.
    if (!hasFailed) await this.membership?.leave(options)
    this.commits.stop()
    this.stopReading()
    await this.work
    // A recovery that was under way may have joined again in the meantime.
    await this.membership?.leave()
    await this.registry.release(this.registry.all())
    await this.committer.close()
    this.states.to('CLOSED')
  }

  private stopReading(): void {
    this.waiters.endAll()
    this.fetches.stop()
    this.globals.stop()
    void this.standbys.close()
  }
}

function assertWidth(topic: string, expected: number, found: number): void {
  if (found === expected) return
  throw new StreamsError(
    'APP_PARTITIONS_DIFFER',
    `The topology was built for ${expected} partitions of ${topic}, and the log has ${found}. Make both the same.`,
  )
}

function lostMembership(): StreamsError {
  return new StreamsError('LOG_FENCED', 'The membership of the group was lost.')
}

function closedEarly(): StreamsError {
  return new StreamsError('APP_CLOSED', 'The application was closed before it ran.')
}

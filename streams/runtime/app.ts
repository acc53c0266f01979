import { AppLife } from './app-life.ts'
import { type ResolvedOptions, resolveOptions, type StreamsAppOptions } from './app-options.ts'
import type { AppState } from './app-state.ts'
import { LocalReads } from './local-reads.ts'
import { type DeadLetter, type ParkedKey, Quarantine } from './quarantine.ts'
import { Queries, type StoreQuery } from './queries.ts'
import { QueryRouter } from './query-router.ts'
import { type AppStatus, applicationLag, standbyStatus, taskStatus, totalsOf } from './status.ts'

/**
 * Runs a topology: takes its share of the tasks, restores their state, processes and commits exactly once until it is
 * closed. Any number of instances share the tasks of an application.
 */
export class StreamsApp {
  readonly name: string
  private readonly options: ResolvedOptions
  private readonly life: AppLife
  private readonly router: QueryRouter
  private readonly queries: Queries
  private readonly quarantine: Quarantine
  private endServing: (() => void) | undefined

  /** @throws StreamsError APP_OPTION_INVALID */
  constructor(options: StreamsAppOptions) {
    this.options = resolveOptions(options)
    this.life = new AppLife(this.options)
    const { topology, log, backend, nowMs, peers, applicationId } = this.options
    const { registry, standbys, waiters, directory } = this.life
    this.name = topology.name
    this.router = new QueryRouter({
      ...{ topology, directory },
      local: new LocalReads({ topology, registry, standbys, waiters, backend }),
      peers: peers === null ? null : { server: peers.server, app: applicationId, ownAddress: peers.address },
    })
    this.queries = new Queries(topology, this.router)
    this.quarantine = new Quarantine({ topology, log, registry, nowMs })
  }

  get state(): AppState {
    return this.life.state
  }

  /** Why the application stopped by itself; undefined where it did not. */
  get failure(): unknown {
    return this.life.failure
  }

  /**
   * Starts, and resolves when the tasks of the first assignment are restored and run. Where it rejects the application
   * is FAILED; close it.
   * @throws StreamsError TOPOLOGY_CHANGED, LOG_UNKNOWN_TOPIC, LOG_PARTITIONS_DIFFER, APP_PARTITIONS_DIFFER,
   *   APP_RESET_UNFINISHED, APP_ILLEGAL_STATE, APP_CLOSED, and what the log and the store throw
   */
  async start(): Promise<void> {
    const { peers, applicationId } = this.options
    if (this.state === 'CREATED') {
      this.endServing = peers?.server.serve(applicationId, (question) => this.router.answer(question))
    }
    await this.life.start()
  }

  /**
   * Stops taking new records, commits what is on its way, gives the tasks up and leaves. May be called twice. With
   * `keepsPlace` the group is not told (KIP-812): an instance that is back under its name before its session ends goes
   * on with its tasks, and no task has moved; where it does not come back the others take over after that time.
   */
  async close(options: { readonly keepsPlace: boolean } = { keepsPlace: false }): Promise<void> {
    await this.life.close(options)
    this.endServing?.()
    this.endServing = undefined
  }

  /**
   * Somebody waits for all that is on its way: the instance takes no rests (`StreamsAppOptions.pace`) until each of
   * those who called this has called what it returns.
   */
  hurry(): () => void {
    return this.life.hurry()
  }

  /** Reads of a store, wherever its tasks are. @throws StreamsError STREAMS_UNKNOWN_STORE */
  query<V>(store: string): StoreQuery<V> {
    return this.queries.store<V>(store)
  }

  /** The keys that are parked on this instance, the longest waiting first. */
  parkedKeys(): Promise<ParkedKey[]> {
    return this.quarantine.parkedKeys()
  }

  /** Has the records of a parked key processed again, in order. @throws StreamsError APP_KEY_NOT_PARKED */
  replayKey(key: string): Promise<void> {
    return this.quarantine.decide({ action: 'replay', key })
  }

  /**
   * Sends the records of a parked key (or the first `records` of them) to the dead letters.
   * @throws StreamsError APP_KEY_NOT_PARKED
   */
  discardKey(key: string, options: { readonly records?: number } = {}): Promise<void> {
    return this.quarantine.decide({ action: 'discard', key, ...options })
  }

  /** The newest dead letters of the application, newest first. */
  deadLetters(options: { readonly limit: number } = { limit: 100 }): Promise<DeadLetter[]> {
    return this.quarantine.deadLetters(options.limit)
  }

  /** Input records that are not processed and committed yet, over all inputs of the application and all instances. */
  lag(): Promise<number> {
    const { topology, log, applicationId } = this.options
    return applicationLag(topology, log, applicationId, this.life.registry.all())
  }

  /** What there is to see of the application: its state, its tasks, their sums. */
  async status(): Promise<AppStatus> {
    const { topology, log, backend, instanceId } = this.options
    const [lag, tasks] = await Promise.all([
      this.lag(),
      Promise.all(this.life.registry.all().map((host) => taskStatus(host, topology, log, backend))),
    ])
    return {
      ...{ app: this.name, instanceId, state: this.state, tasks },
      standbys: this.life.standbys.all().map(standbyStatus),
      taskCount: topology.subtopologies.reduce((sum, { partitions }) => sum + partitions, 0),
      error: this.life.failure === undefined ? null : String(this.life.failure),
      globalTables: this.life.globals.sizes(),
      totals: totalsOf(tasks, lag),
    }
  }
}

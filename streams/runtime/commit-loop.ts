/**
 * The heart of an application: takes what has arrived, has the tasks process it, and puts what they staged into one
 * transaction after another. While one is on its way the next is being staged; it starts the moment the last has
 * ended and takes all there is. So latency is one transaction when little happens, and batches grow by themselves
 * under load: there is no commit interval. An application nobody waits for fetches less often (`pace.ts`).
 */
import { StreamsError } from '../errors.ts'
import type { Staged } from './committer.ts'
import type { StagedBatch } from './task.ts'
import type { TaskHost } from './task-host.ts'
import { Wakeup } from './wakeup.ts'

/** What the loop works with. */
export type CommitLoopOptions = {
  /** The tasks that run now. */
  readonly hosts: () => readonly TaskHost[]
  /** Commits to the log, then to the store. */
  readonly commit: (staged: readonly Staged[]) => Promise<void>
  /** Records were taken out of the buffers. */
  readonly onConsumed: () => void
  /** Bytes of outputs and changes staged at most beside the transaction that is on its way. */
  readonly stagedBytesMax: number
  /** Records a task processes between two looks at what else there is to do. */
  readonly recordsMax: number
}

type AtRest = { readonly run: () => Promise<void>; readonly resolve: () => void; readonly reject: (e: unknown) => void }

/** Processes and commits, round after round. */
export class CommitLoop {
  private readonly options: CommitLoopOptions
  private readonly wakeup = new Wakeup()
  private staged: Staged[] = []
  private stagedBytes = 0
  private inFlight: Promise<void> | undefined
  private failure: { readonly error: unknown } | undefined
  private atRestRequests: AtRest[] = []
  private running = false
  private stopping = false

  constructor(options: CommitLoopOptions) {
    this.options = options
  }

  /** Something has arrived, or a task has become ready. */
  wake(): void {
    this.wakeup.wake()
  }

  /**
   * Runs `step` when nothing is staged and no transaction is on its way, with everything that was staged committed.
   * Where the loop does not run (not yet, not any more, or while its owner recovers from a failure) nothing is staged,
   * and nothing has to be waited for.
   */
  atRest(step: () => Promise<void>): Promise<void> {
    if (!this.running) return step()
    return new Promise((resolve, reject) => {
      this.atRestRequests.push({ run: step, resolve, reject })
      this.wakeup.wake()
    })
  }

  /** Ends `run` with this error as soon as it can; what is staged is dropped. */
  interrupt(error: unknown): void {
    this.failure ??= { error }
    this.wakeup.wake()
  }

  /** Lets `run` return once what is staged has been committed. */
  stop(): void {
    this.stopping = true
    this.wakeup.wake()
  }

  /**
   * Runs until `stop`. Where it throws, nothing is on its way any more and what was staged is dropped; it may be run
   * again.
   * @throws what a task, the log or the store threw, or what `interrupt` was given
   */
  async run(): Promise<void> {
    this.running = true
    try {
      while (!(this.stopping && this.isIdle())) await this.step()
    } catch (error) {
      // Known before the transaction on its way ends, so that no other one follows it.
      this.failure ??= { error }
      throw error
    } finally {
      await this.inFlight
      this.staged = []
      this.stagedBytes = 0
      this.failure = undefined
      this.running = false
      await this.runAtRest()
    }
  }

  private isIdle(): boolean {
    return this.staged.length === 0 && this.inFlight === undefined
  }

  private async step(): Promise<void> {
    if (this.failure !== undefined) throw this.failure.error
    const draining = this.stopping || this.atRestRequests.length > 0
    if (draining && this.isIdle()) return this.runAtRest()
    const ready = draining || this.stagedBytes >= this.options.stagedBytesMax ? [] : this.readyHosts()
    if (ready.length === 0) return this.wakeup.sleep()
    await this.processAll(ready)
  }

  private readyHosts(): TaskHost[] {
    return this.options.hosts().filter((host) => host.isReady())
  }

  /** All at once, so that one task's reads of state overlap with another one's work. */
  private async processAll(hosts: readonly TaskHost[]): Promise<void> {
    const bytes = Math.ceil((this.options.stagedBytesMax - this.stagedBytes) / hosts.length)
    const [only] = hosts
    if (hosts.length === 1 && only !== undefined) await this.process(only, bytes)
    else await allSettled(hosts.map((host) => this.process(host, bytes)))
    this.options.onConsumed()
    this.startCommit()
  }

  private async process(host: TaskHost, bytes: number): Promise<void> {
    const batch = await host.process(this.options.recordsMax, bytes)
    if (batch.processed === 0) throw stuck(host, batch)
    this.staged.push({ host, batch })
    this.stagedBytes += batch.bytes
  }

  private startCommit(): void {
    if (this.inFlight !== undefined || this.staged.length === 0 || this.failure !== undefined) return
    const staged = this.staged
    this.staged = []
    this.stagedBytes = 0
    this.inFlight = this.commit(staged)
  }

  /** Never rejects: a failure ends the loop at its next step. */
  private async commit(staged: readonly Staged[]): Promise<void> {
    try {
      await this.options.commit(staged)
    } catch (error) {
      this.failure ??= { error }
    }
    this.inFlight = undefined
    this.startCommit()
    this.wakeup.wake()
  }

  private async runAtRest(): Promise<void> {
    for (const { run, resolve, reject } of this.atRestRequests.splice(0)) await run().then(resolve, reject)
  }
}

/** Waits for all, also where one fails, so that nobody works on behind our back; then throws the first failure. */
async function allSettled(promises: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises)) if (result.status === 'rejected') throw result.reason
}

function stuck(host: TaskHost, batch: StagedBatch): StreamsError {
  const message = `Task ${host.id} was given records and processed none of them (${batch.bytes} bytes staged).`
  return new StreamsError('APP_TASK_STUCK', message)
}

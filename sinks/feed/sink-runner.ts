import { setTimeout as sleep } from 'node:timers/promises'
import { type Log, type Position, RateMeter, type Topic } from '#streams'
import { AppliedPositions } from './applied-positions.ts'
import { EventFeed } from './event-feed.ts'
import type { FeedBatch, SinkEvent } from './feed-record.ts'

/** Where a sink writes to. */
export interface SinkTarget {
  readonly name: string
  /** Makes it ready (tables) and answers how far it has come. Called again after every failure. */
  open(): Promise<readonly Position[]>
  /** Writes a batch and how far it goes, all or nothing, and answers how many rows it wrote. */
  write(batch: FeedBatch): Promise<number>
  close(): Promise<void>
}

/** What a sink says of itself. */
export type SinkStatus = {
  readonly name: string
  readonly state: 'starting' | 'running' | 'failing' | 'stopped'
  /** What it cannot do, where it is failing: the last error, in words. */
  readonly problem: string | null
  /** For each partition the next offset to apply. */
  readonly positions: readonly Position[]
  /** Records that are in the log and not applied yet. */
  readonly lag: number
  /** Since it was started. */
  readonly events: number
  readonly rows: number
  readonly unreadable: number
  /** Mean of the last ten seconds. */
  readonly eventsPerSecond: number
}

/** What a sink copies from, and into. */
export type SinkRunnerOptions = {
  readonly log: Log
  readonly topics: readonly Topic<SinkEvent>[]
  readonly target: SinkTarget
  /** First wait after a failure; doubled up to half a minute. */
  readonly retryMs?: number
  /** About so many bytes of records go into one write. */
  readonly batchBytes?: number
  /**
   * Least time from one write to the next, while the sink is not behind and nobody waits for it: a write costs the same
   * for few records as for many. 0 where it is left out.
   */
  readonly restMs?: number
}

const RETRY_MS = 250
const RETRY_MAX_MS = 30_000

/**
 * Copies topics into a target: reads the next batch while the last one is written. After a failure it asks the target
 * how far it has come and goes on from there, so that a write whose outcome nobody knows is neither lost nor doubled.
 */
export class SinkRunner {
  readonly applied = new AppliedPositions()
  readonly #options: SinkRunnerOptions
  readonly #feed: EventFeed
  readonly #stop = new AbortController()
  readonly #rate = new RateMeter(Date.now)
  readonly #counts = { events: 0, rows: 0, unreadable: 0 }
  #state: SinkStatus['state'] = 'starting'
  #problem: string | null = null
  #running: Promise<void> = Promise.resolve()

  constructor(options: SinkRunnerOptions) {
    this.#options = options
    this.#feed = new EventFeed(options.log, options.topics, options.batchBytes)
  }

  /** Opens the target and begins to copy. Rejects where the target cannot be opened at all. */
  async start(): Promise<void> {
    await this.#resume()
    this.#running = this.#run()
  }

  /** Finishes the write that is under way, and closes the target. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    this.applied.close()
    this.#state = 'stopped'
    await this.#options.target.close()
  }

  /** Waits until all that is in the log now is applied: true, or false after `timeoutMs`. */
  async catchUp(timeoutMs: number): Promise<boolean> {
    const ends = await this.#options.log.endOffsets(this.#feed.partitions())
    const waits = ends.map((end) => this.applied.waitFor({ ...end, offset: end.offset - 1 }, timeoutMs))
    return (await Promise.all(waits)).every((applied) => applied)
  }

  async status(): Promise<SinkStatus> {
    const positions = this.applied.all()
    const ends = await this.#options.log.endOffsets(positions)
    const lag = ends.reduce(
      (sum, end) => sum + Math.max(0, end.offset - this.applied.applied(end.topic, end.partition)),
      0,
    )
    const { name } = this.#options.target
    const eventsPerSecond = this.#rate.rates().perSecond10s
    return { name, state: this.#state, problem: this.#problem, positions, lag, ...this.#counts, eventsPerSecond }
  }

  async #run(): Promise<void> {
    const first = this.#options.retryMs ?? RETRY_MS
    let waitMs = first
    let resumed = true
    while (!this.#stop.signal.aborted) {
      try {
        if (!resumed) await this.#resume()
        resumed = true
        await this.#copy(() => {
          waitMs = first
        })
      } catch (error) {
        resumed = false
        this.#state = 'failing'
        this.#problem = String(error)
        await sleep(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined)
        waitMs = Math.min(waitMs * 2, RETRY_MAX_MS)
      }
    }
  }

  /** Copies until it is stopped or something fails. A write that fails ends the wait for further records. */
  async #copy(onWritten: () => void): Promise<void> {
    const failed = new AbortController()
    const signal = AbortSignal.any([this.#stop.signal, failed.signal])
    const { restMs = 0 } = this.#options
    let writing: Promise<void> = Promise.resolve()
    let restUntil = 0
    try {
      while (!signal.aborted) {
        await this.applied.rest(restUntil - performance.now(), signal)
        const batch = await this.#feed.next(signal)
        await writing
        restUntil = batch.behind ? 0 : performance.now() + restMs
        writing = this.#write(batch).then(onWritten)
        // The failure itself is met where the write is awaited; until then it must not count as unhandled.
        writing.catch(() => failed.abort())
      }
    } finally {
      await writing
    }
  }

  async #write(batch: FeedBatch): Promise<void> {
    const count = batch.events.length + batch.unreadable.length
    if (count > 0) this.#counts.rows += await this.#options.target.write(batch)
    this.#counts.events += batch.events.length
    this.#counts.unreadable += batch.unreadable.length
    this.#rate.mark(count)
    this.applied.advance(batch.positions)
  }

  async #resume(): Promise<void> {
    this.applied.advance(await this.#feed.seek(await this.#options.target.open()))
    this.#state = 'running'
    this.#problem = null
  }
}

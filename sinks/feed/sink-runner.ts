import { setTimeout as sleep } from 'node:timers/promises'
import { type Log, LogGaps, type Position, RateMeter, type Topic } from '#streams'
import { AppliedPositions } from './applied-positions.ts'
import { EventFeed, keyOf } from './event-feed.ts'
import type { FeedBatch, SinkEvent } from './feed-record.ts'
import { type SinkGroup, SinkShare } from './sink-share.ts'

/** Where a sink writes to. */
export interface SinkTarget {
  readonly name: string
  /** Makes it ready (tables) and answers how far it has come. Called again after every failure. */
  open(): Promise<readonly Position[]>
  /** How far it has come, whoever wrote it. */
  positions(): Promise<readonly Position[]>
  /**
   * Writes a batch and how far it goes, all or nothing, and answers how many rows it wrote. A batch may hold no
   * records: then there is nothing to read up to its positions.
   * @throws StreamsError SINK_POSITION_MOVED where the target, which can tell, has come further than the batch begins.
   */
  write(batch: FeedBatch): Promise<number>
  close(): Promise<void>
}

/** What a sink says of itself. */
export type SinkStatus = {
  readonly name: string
  readonly state: 'starting' | 'running' | 'failing' | 'stopped'
  /** What it cannot do, where it is failing: the last error, in words. */
  readonly problem: string | null
  /** For each partition that is followed here the next offset to apply. */
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
  /** How the partitions are shared with other processes that write to the same target; all are ours where left out. */
  readonly group?: SinkGroup | undefined
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
/** How often a target is asked how far others have brought it. */
const POLL_MS = 25

/**
 * Copies topics into a target: reads the next batch while the last one is written. After a failure it asks the target
 * how far it has come and goes on from there, so that a write whose outcome nobody knows is neither lost nor doubled.
 */
export class SinkRunner {
  readonly applied = new AppliedPositions()
  readonly #options: SinkRunnerOptions
  readonly #feed: EventFeed
  readonly #share: SinkShare
  readonly #gaps: LogGaps
  readonly #stop = new AbortController()
  readonly #rate = new RateMeter(Date.now)
  readonly #counts = { events: 0, rows: 0, unreadable: 0 }
  #state: SinkStatus['state'] = 'starting'
  #problem: string | null = null
  #writing: Promise<void> = Promise.resolve()
  #running: Promise<void> = Promise.resolve()

  constructor(options: SinkRunnerOptions) {
    this.#options = options
    this.#gaps = new LogGaps(options.log)
    this.#feed = new EventFeed(options.log, options.topics, options.batchBytes)
    this.#share = new SinkShare({
      log: options.log,
      name: options.target.name,
      all: () => this.#feed.partitions(),
      group: options.group ?? null,
      // What is being written belongs to the present owner; the next one reads how far it came.
      finished: () => this.#writing.catch(() => undefined),
    })
  }

  /** Opens the target and begins to copy. Rejects where the target cannot be opened at all. */
  async start(): Promise<void> {
    await this.#share.join()
    try {
      await this.#resume()
    } catch (error) {
      await this.#share.leave()
      throw error
    }
    this.#running = this.#run()
  }

  /** Finishes the write that is under way, and closes the target. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    await this.#share.leave()
    this.applied.close()
    this.#state = 'stopped'
    await this.#options.target.close()
  }

  /** Waits until all that is in the log now is applied, here or elsewhere: true, or false after `timeoutMs`. */
  async catchUp(timeoutMs: number): Promise<boolean> {
    const ends = await this.#options.log.endOffsets(this.#feed.partitions())
    // A target may say how far its records go only, and the log may have offsets behind them that hold none.
    const isPast = async (last: Position, applied: Position) => {
      const end = { ...last, offset: last.offset + 1 }
      const [begin] = await this.#options.log.beginningOffsets([last])
      return (await this.#gaps.past(end, Math.max(applied.offset, begin?.offset ?? 0))) >= end.offset
    }
    const waits = ends.map((end) => this.#reaches({ ...end, offset: end.offset - 1 }, timeoutMs, isPast))
    return (await Promise.all(waits)).every((applied) => applied)
  }

  /** Waits until the record at this position is applied, here or elsewhere: true, or false after `timeoutMs`. */
  async waitFor(position: Position, timeoutMs: number): Promise<boolean> {
    return this.#reaches(position, timeoutMs, (wanted, applied) => Promise.resolve(applied.offset > wanted.offset))
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
    const problem = this.#problem ?? this.#share.problem
    return { name, state: this.#state, problem, positions, lag, ...this.#counts, eventsPerSecond }
  }

  /** A partition may change hands while somebody waits for it, so where to look is asked anew each time. */
  async #reaches(
    position: Position,
    timeoutMs: number,
    isPast: (wanted: Position, applied: Position) => Promise<boolean>,
  ): Promise<boolean> {
    const until = performance.now() + timeoutMs
    for (;;) {
      const leftMs = Math.max(0, until - performance.now())
      if (this.applied.follows(position)) {
        if (await this.applied.waitFor(position, leftMs)) return true
      } else {
        const found = (await this.#options.target.positions()).find((one) => keyOf(one) === keyOf(position))
        if (await isPast(position, found ?? { ...position, offset: 0 })) return true
      }
      if (performance.now() >= until || this.#stop.signal.aborted) return false
      await sleep(POLL_MS)
    }
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
        resumed = false
      } catch (error) {
        resumed = false
        this.#state = 'failing'
        this.#problem = String(error)
        await sleep(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined)
        waitMs = Math.min(waitMs * 2, RETRY_MAX_MS)
      }
    }
  }

  /**
   * Copies until it is stopped, its share of the partitions changes, or something fails. A write that fails ends the
   * wait for further records.
   */
  async #copy(onWritten: () => void): Promise<void> {
    const failed = new AbortController()
    const share = this.#share.signal
    const signal = AbortSignal.any([this.#stop.signal, share, failed.signal])
    const { restMs = 0 } = this.#options
    let restUntil = 0
    try {
      while (!signal.aborted) {
        await this.applied.rest(restUntil - performance.now(), signal)
        const batch = await this.#feed.next(signal)
        await this.#writing
        // What was read under an older share is not ours to write any more.
        if (share.aborted) return
        restUntil = batch.behind ? 0 : performance.now() + restMs
        this.#writing = this.#write(batch).then(onWritten)
        // The failure itself is met where the write is awaited; until then it must not count as unhandled.
        this.#writing.catch(() => failed.abort())
      }
    } finally {
      await this.#writing
    }
  }

  async #write(batch: FeedBatch): Promise<void> {
    const count = batch.events.length + batch.unreadable.length
    if (count > 0 || hasMoved(batch)) {
      await this.#share.announce(batch.positions)
      this.#counts.rows += await this.#options.target.write(batch)
    }
    this.#counts.events += batch.events.length
    this.#counts.unreadable += batch.unreadable.length
    this.#rate.mark(count)
    this.applied.advance(batch.positions)
  }

  /** Goes on with what is ours now, from where the target is. */
  async #resume(): Promise<void> {
    await this.#writing.catch(() => undefined)
    this.#writing = Promise.resolve()
    const partitions = this.#share.renew()
    const positions = await this.#feed.seek(await this.#options.target.open(), partitions)
    this.applied.follow(positions)
    await this.#redo(await this.#share.inDoubt(positions))
    this.#state = 'running'
    this.#problem = null
  }

  /**
   * Writes the block that an owner of before had announced, exactly as it was: the target keeps one of the two. Where
   * the target is further behind than by a block it was emptied, and is filled again from where it is.
   */
  async #redo(ends: readonly Position[]): Promise<void> {
    if (ends.length === 0) return
    const signal = AbortSignal.any([this.#stop.signal, this.#share.signal])
    const block = await this.#feed.upTo(ends, signal)
    // Cut short it would be another block.
    if (block !== null && !signal.aborted) await this.#write(block)
  }
}

function hasMoved({ from, positions }: FeedBatch): boolean {
  const before = new Map(from.map((position) => [keyOf(position), position.offset]))
  return positions.some((position) => before.get(keyOf(position)) !== position.offset)
}

import { addDays, dateToMs, msToDate } from '#domain/calendar.ts'
import { isStreamsError, KeptMembership, oneOwnerAssignor, StreamsError } from '#streams'
import { ClockTopic, type ClockTopicOptions } from './clock-topic.ts'

/** How business time goes: with the machine's clock, or only when it is moved. */
export type ClockMode = 'live' | 'manual'

/** Where business time is kept, and where it comes from. */
export type BusinessClockOptions = ClockTopicOptions & {
  readonly mode: ClockMode
  /** Business time of the very first tick; later starts go on from the last tick in the log. */
  readonly startMs: number
  /** Waits until all that a tick set off has come to rest; false where it took too long. */
  readonly settle: () => Promise<boolean>
  /** The name of this process among those that share a live clock: one of them ticks. Left out: it is the only one. */
  readonly instanceId?: string | undefined
}

/** How often a live clock ticks. */
const TICK_MS = 60_000
const GROUP = 'fourfold.clock'
/** How often a move of a live clock takes the lease again: the process that ticks each minute takes it, too. */
const LEASES_MAX = 10

/**
 * The source of business time: it writes ticks to every partition of the clock topic, and follows those of other
 * processes. What it knows it reads back from the topic, so a restart goes on where business time stood.
 * Invariant: time never goes back, and every day on the way gets its own tick, whichever process writes it.
 */
export class BusinessClock {
  readonly #options: BusinessClockOptions
  readonly #ticks: ClockTopic
  readonly #closing = new AbortController()
  #offsetMs = 0
  #timer: NodeJS.Timeout | null = null
  #membership: KeptMembership | null = null
  #following: Promise<void> = Promise.resolve()
  #moving: Promise<unknown> = Promise.resolve()

  private constructor(options: BusinessClockOptions, ticks: ClockTopic) {
    this.#options = options
    this.#ticks = ticks
    ticks.onTick = () => this.#passed()
    this.#passed()
  }

  static async open(options: BusinessClockOptions): Promise<BusinessClock> {
    const clock = new BusinessClock(options, await ClockTopic.open(options))
    await clock.#begin()
    clock.#following = clock.#ticks.follow(clock.#closing.signal)
    if (options.mode === 'live') await clock.#goLive()
    return clock
  }

  /** Business time now. */
  now(): { readonly timeMs: number; readonly date: string } {
    const timeMs = this.#nowMs()
    return { timeMs, date: msToDate(timeMs) }
  }

  /**
   * Moves business time forward, a tick a day, and lets the platform come to rest before the first and after each.
   * @throws RangeError where the time lies in the past; StreamsError CLOCK_MOVED_ELSEWHERE where another process began
   *   to move a manual clock meanwhile. What was ticked until then stays.
   */
  async moveTo(timeMs: number): Promise<{ readonly settled: boolean }> {
    return { settled: await this.#inTurn(() => this.#move(timeMs)) }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#stopTicking()
    await this.#membership?.leave()
    await this.#moving
    await this.#following
  }

  #lastMs(): number {
    return this.#ticks.lastMs ?? this.#options.startMs
  }

  #nowMs(): number {
    if (this.#options.mode === 'manual') return this.#lastMs()
    return Math.max(this.#lastMs(), this.#options.wallMs() + this.#offsetMs)
  }

  /** A tick says that business time is at least so late: from there it goes on with the real one. */
  #passed(): void {
    this.#offsetMs = Math.max(this.#offsetMs, this.#lastMs() - this.#options.wallMs())
  }

  /** The first tick of all, unless another process is faster. */
  async #begin(): Promise<void> {
    for (let tries = 1; this.#ticks.lastMs === null; tries++) {
      try {
        await this.#ticks.takeLease()
        if (this.#ticks.lastMs === null) await this.#ticks.tick(this.#options.startMs)
      } catch (error) {
        if (tries >= LEASES_MAX || !isStreamsError(error, 'LOG_FENCED')) throw error
        await this.#ticks.readOn()
      } finally {
        await this.#ticks.dropLease()
      }
    }
  }

  async #move(timeMs: number): Promise<boolean> {
    await this.#ticks.readOn()
    this.#assertAhead(timeMs)
    // What is under way belongs to the old day: a tick that overtook it could close a settlement without it.
    const settled = await this.#options.settle()
    await this.#ticks.readOn()
    this.#assertAhead(timeMs)
    return (await this.#tickThrough(timeMs)) && settled
  }

  #assertAhead(timeMs: number): void {
    if (timeMs <= this.#nowMs())
      throw new RangeError(`Business time is past ${new Date(timeMs).toISOString()} already.`)
  }

  async #goLive(): Promise<void> {
    const { log, topic, instanceId } = this.#options
    if (instanceId === undefined) return this.#startTicking()
    this.#membership = await KeptMembership.join(log, {
      ...{ group: GROUP, instanceId, topics: [topic.name], assignor: oneOwnerAssignor },
      onAssigned: async (assigned) => {
        if (assigned.length > 0 && this.#timer === null) void this.#startTicking()
      },
      onRevoked: async () => this.#stopTicking(),
      onLost: () => this.#stopTicking(),
    })
  }

  /** The days that went by while nobody ticked are lived through first. */
  #startTicking(): Promise<void> {
    this.#timer = setInterval(() => void this.#tickNow(), TICK_MS)
    this.#timer.unref()
    return this.#tickNow()
  }

  #stopTicking(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  async #tickNow(): Promise<void> {
    await this.#inTurn(() => this.#tickThrough(this.#nowMs())).catch((error: unknown) => {
      if (!this.#closing.signal.aborted) console.error('The clock could not tick; it tries again.', error)
    })
  }

  /** Takes the lease for the time of a move only, so that whoever is asked next can have it. */
  async #tickThrough(targetMs: number): Promise<boolean> {
    let settled = true
    const tick = async (timeMs: number) => {
      await this.#ticks.tick(timeMs)
      settled = (await this.#options.settle()) && settled
    }
    for (let leases = 1; ; leases++) {
      try {
        await this.#ticks.takeLease()
        for (let date = this.#tomorrow(); dateToMs(date) < targetMs; date = this.#tomorrow()) await tick(dateToMs(date))
        if (targetMs > this.#lastMs()) await tick(targetMs)
        return settled
      } catch (error) {
        if (!isStreamsError(error, 'LOG_FENCED')) throw error
        if (this.#options.mode === 'manual' || leases >= LEASES_MAX) throw movedElsewhere(error)
      } finally {
        await this.#ticks.dropLease()
      }
    }
  }

  #tomorrow(): string {
    return addDays(msToDate(this.#lastMs()), 1)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#moving.then(work)
    this.#moving = done.catch(() => undefined)
    return done
  }
}

function movedElsewhere(cause: unknown): StreamsError {
  return new StreamsError(
    'CLOCK_MOVED_ELSEWHERE',
    'Another process has begun to move business time. Read the clock, and move on from there.',
    { cause },
  )
}

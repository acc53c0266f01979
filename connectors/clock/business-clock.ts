import { addDays, dateToMs, msToDate } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import { type ClockTicked, rootMeta } from '#schemas'
import { decodeWhenReady, isStreamsError, type Log, type Position, type ProducerRecord, type Topic } from '#streams'

/** How business time goes: with the machine's clock, or only when it is moved. */
export type ClockMode = 'live' | 'manual'

/** Where business time is kept, and where it comes from. */
export type BusinessClockOptions = {
  readonly log: Log
  readonly topic: Topic<ClockTicked>
  readonly mode: ClockMode
  /** Business time of the very first tick; later starts go on from the last tick in the log. */
  readonly startMs: number
  /** The machine's clock. */
  readonly wallMs: () => number
  /** Waits until all that a tick set off has come to rest; false where it took too long. */
  readonly settle: () => Promise<boolean>
}

/** How often a live clock ticks. */
const TICK_MS = 60_000
/** How far before its end a partition is read for its last tick: the log may have gaps. */
const LOOK_BACK = 16
const FETCH_BYTES = 1_048_576

/**
 * The source of business time: it writes ticks to every partition of the clock topic, in one atomic step. What it knows
 * it reads back from the topic, so a restart goes on where business time stood.
 * Invariant: time never goes back, and every day on the way gets its own tick.
 */
export class BusinessClock {
  readonly #options: BusinessClockOptions
  #lastMs: number
  #offsetMs = 0
  #timer: NodeJS.Timeout | null = null
  #moving: Promise<unknown> = Promise.resolve()

  private constructor(options: BusinessClockOptions, lastMs: number) {
    this.#options = options
    this.#lastMs = lastMs
  }

  static async open(options: BusinessClockOptions): Promise<BusinessClock> {
    const last = await lastTick(options)
    const clock = new BusinessClock(options, last ?? options.startMs)
    if (last === null) await clock.#tick(options.startMs)
    if (options.mode === 'live') await clock.#goLive()
    return clock
  }

  /** Business time now. */
  now(): { readonly timeMs: number; readonly date: string } {
    const timeMs = this.#nowMs()
    return { timeMs, date: msToDate(timeMs) }
  }

  /** Moves business time forward, a tick a day, and lets the platform come to rest before the first and after each. */
  async moveTo(timeMs: number): Promise<{ readonly settled: boolean }> {
    const move = this.#moving.then(async () => {
      if (timeMs <= this.#nowMs())
        throw new RangeError(`Business time is past ${new Date(timeMs).toISOString()} already.`)
      // What is under way belongs to the old day: a tick that overtook it could close a settlement without it.
      const settled = await this.#options.settle()
      if (this.#options.mode === 'live') this.#offsetMs = timeMs - this.#options.wallMs()
      return (await this.#tickThrough(timeMs)) && settled
    })
    this.#moving = move.catch(() => undefined)
    return { settled: await move }
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    await this.#moving
  }

  #nowMs(): number {
    if (this.#options.mode === 'manual') return this.#lastMs
    return Math.max(this.#lastMs, this.#options.wallMs() + this.#offsetMs)
  }

  async #goLive(): Promise<void> {
    this.#offsetMs = Math.max(0, this.#lastMs - this.#options.wallMs())
    // The days that went by while nobody was here are lived through first.
    await this.#tickThrough(this.#nowMs())
    this.#timer = setInterval(() => {
      this.#moving = this.#moving
        .then(() => this.#tickThrough(this.#nowMs()))
        .catch((error: unknown) => console.error('The clock could not tick; it tries again.', error))
    }, TICK_MS)
    this.#timer.unref()
  }

  async #tickThrough(targetMs: number): Promise<boolean> {
    let settled = true
    for (let date = addDays(msToDate(this.#lastMs), 1); dateToMs(date) < targetMs; date = addDays(date, 1)) {
      await this.#tick(dateToMs(date))
      settled = (await this.#options.settle()) && settled
    }
    if (targetMs > this.#lastMs) {
      await this.#tick(targetMs)
      settled = (await this.#options.settle()) && settled
    }
    return settled
  }

  async #tick(timeMs: number): Promise<void> {
    const { log, topic, wallMs } = this.#options
    const date = msToDate(timeMs)
    const id = deriveId('tick', timeMs)
    const meta = rootMeta({ source: 'clock', id, occurredAt: timeMs, businessDate: date })
    const value = topic.value.serialize({ type: 'ClockTicked', meta, time: timeMs, date })
    const key = topic.key.serialize(date)
    const records = Array.from(
      { length: log.partitionCount(topic.name) },
      (_, partition): ProducerRecord => ({ topic: topic.name, partition, timestampMs: wallMs(), key, value }),
    )
    await log.append(records)
    this.#lastMs = timeMs
  }
}

/** The last tick in the log; records that nobody can read are passed over. */
async function lastTick({ log, topic }: BusinessClockOptions): Promise<number | null> {
  const partitions = [{ topic: topic.name, partition: 0 }]
  const [begin] = await log.beginningOffsets(partitions)
  const [end] = await log.endOffsets(partitions)
  if (begin === undefined || end === undefined) return null
  for (let back = LOOK_BACK; ; back *= 4) {
    const from = Math.max(begin.offset, end.offset - back)
    const timeMs = await lastTickBetween({ log, topic }, { ...end, offset: from }, end.offset)
    if (timeMs !== null || from === begin.offset) return timeMs
  }
}

async function lastTickBetween(
  { log, topic }: Pick<BusinessClockOptions, 'log' | 'topic'>,
  from: Position,
  end: number,
): Promise<number | null> {
  let last: number | null = null
  for (let position = from; position.offset < end; ) {
    const [fetched] = await log.fetch({ positions: [position], maxBytes: FETCH_BYTES, maxWaitMs: 0 })
    if (fetched === undefined || fetched.nextOffset === position.offset) break
    for (const { value } of fetched.records) last = (await timeOf(topic, value)) ?? last
    position = { ...position, offset: fetched.nextOffset }
  }
  return last
}

async function timeOf(topic: Topic<ClockTicked>, value: Buffer | null): Promise<number | null> {
  try {
    return value === null ? null : (await decodeWhenReady(topic.value, value)).time
  } catch (error) {
    // That the registry is away says nothing about the record.
    if (!isStreamsError(error) || error.code === 'SCHEMA_REGISTRY_UNAVAILABLE') throw error
    return null
  }
}

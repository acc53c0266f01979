import { StreamsError } from '../errors.ts'
import type { LogRecord } from '../log/log.ts'
import { SerdeNotReady } from '../serde/serde.ts'
import { PREPARES_MAX } from './decode-when-ready.ts'
import type { Staging } from './staging.ts'
import { TaskStop } from './task-failures.ts'
import type { InputPort } from './task-graph.ts'
import { type Decoded, decodeRecord, type TaskRunner } from './task-runner.ts'
import { Turn } from './turn.ts'

/** What reads the records of a task. */
export type TaskInputOptions = {
  readonly taskId: string
  readonly partition: number
  readonly ports: ReadonlyMap<string, InputPort>
  readonly staging: Staging
  readonly runner: TaskRunner
}

/** So many records are decoded, and their state loaded, at a time: at least, where the bound allows it, and at most. */
const CHUNK_RECORDS_MIN = 16
const CHUNK_RECORDS_MAX = 1_024
/** How many records are looked at ahead when one needs state that nobody could name before. */
const LOOK_AHEAD_FIRST = 16
const LOOK_AHEAD_MAX = 256

/** A record with its input and what it says. */
type Incoming = { readonly record: LogRecord; readonly port: InputPort; readonly decoded: Decoded }

/**
 * Takes the records of a batch through the task: decodes a chunk, loads the state it will touch in one read, and runs
 * it without a pause. Where a record touches other state, what those behind it touch is loaded with it.
 */
export class TaskInput {
  private readonly options: TaskInputOptions
  private readonly turn = new Turn()
  private lookAhead = LOOK_AHEAD_FIRST
  /** Bytes that a record of the last chunk has staged: what is decoded and does not fit in is decoded again later. */
  private stagedBytesEach = 0

  constructor(options: TaskInputOptions) {
    this.options = options
  }

  /** Answers how many of the records are done: all, or those up to the bound or before one that must not be done. */
  async process(records: readonly LogRecord[], stagedBytesMax: number): Promise<number> {
    const { staging } = this.options
    let done = 0
    this.turn.begin()
    while (done < records.length && (done === 0 || staging.bytes < stagedBytesMax)) {
      const fits = this.fitting(stagedBytesMax - staging.bytes)
      const chunk = await this.decode(records, done, Math.min(done + fits, records.length))
      this.prefetch(chunk)
      if (staging.hasWants) {
        await staging.load()
        this.turn.begin()
      }
      const before = staging.bytes
      const ran = await this.runChunk(chunk, stagedBytesMax, done > 0)
      if (ran > 0) this.stagedBytesEach = (staging.bytes - before) / ran
      done += ran
      if (ran < chunk.length) break
    }
    return done
  }

  /** About how many records the bytes that are left are enough for. */
  private fitting(bytesLeft: number): number {
    const fits = this.stagedBytesEach > 0 ? Math.ceil(bytesLeft / this.stagedBytesEach) : CHUNK_RECORDS_MAX
    return Math.min(Math.max(fits, CHUNK_RECORDS_MIN), CHUNK_RECORDS_MAX)
  }

  private async runChunk(chunk: readonly Incoming[], stagedBytesMax: number, hasDone: boolean): Promise<number> {
    const { staging, runner } = this.options
    let at = 0
    while (at < chunk.length) {
      if (this.turn.isOver()) await this.turn.pass()
      const { record, port, decoded } = chunk[at] as Incoming
      try {
        if (runner.run(record, port, decoded) === 'needs-state') {
          this.probe(chunk, at + 1)
          await staging.load()
          this.turn.begin()
          continue
        }
      } catch (error) {
        // What is done already is answered first; the next call begins with this record and throws.
        if (error instanceof TaskStop && (at > 0 || hasDone)) return at
        throw error
      }
      port.nextOffset = record.offset + 1
      at++
      if (staging.bytes >= stagedBytesMax) return at
    }
    return at
  }

  /** Lets the next records ask for what they miss. Looks further where that finds something. */
  private probe(chunk: readonly Incoming[], from: number): void {
    const { staging, runner } = this.options
    const to = Math.min(from + this.lookAhead, chunk.length)
    let needy = 0
    for (let at = from; at < to; at++) {
      const { record, port, decoded } = chunk[at] as Incoming
      staging.isNeedy = false
      runner.probe(record, port, decoded)
      if (staging.isNeedy) needy++
    }
    this.lookAhead = needy > 0 ? Math.min(this.lookAhead * 2, LOOK_AHEAD_MAX) : LOOK_AHEAD_FIRST
  }

  /** Asks for the state that can be named from a record as it came. */
  private prefetch(chunk: readonly Incoming[]): void {
    for (const { port, decoded } of chunk) {
      if (decoded.failure === null && (port.byKey.length > 0 || port.byRecord.length > 0))
        this.prefetchOf(port, decoded)
    }
  }

  private prefetchOf(port: InputPort, decoded: Decoded): void {
    try {
      for (const operator of port.byKey) operator.prefetchKey?.(decoded.key)
      for (const operator of port.byRecord) operator.prefetch?.(decoded.key, decoded.value)
    } catch {
      // It fails again when the record's turn has come, and is handled there.
    }
  }

  private async decode(records: readonly LogRecord[], from: number, to: number): Promise<Incoming[]> {
    const chunk: Incoming[] = []
    let port: InputPort | undefined
    for (let i = from; i < to; i++) {
      const record = records[i] as LogRecord
      if (port === undefined || port.topic !== record.topic) port = this.portOf(record)
      let decoded = decodeRecord(record, port)
      if (decoded.failure?.error instanceof SerdeNotReady) decoded = await this.decodeWhenReady(record, port, decoded)
      chunk.push({ record, port, decoded })
    }
    return chunk
  }

  private async decodeWhenReady(record: LogRecord, port: InputPort, first: Decoded): Promise<Decoded> {
    let decoded = first
    for (let prepares = 0; prepares < PREPARES_MAX; prepares++) {
      const error = decoded.failure?.error
      if (!(error instanceof SerdeNotReady)) break
      try {
        await error.prepare()
      } catch (cause) {
        return { ...decoded, failure: { error: cause } }
      }
      decoded = decodeRecord(record, port)
    }
    return decoded
  }

  private portOf(record: LogRecord): InputPort {
    const { ports, taskId, partition } = this.options
    const port = ports.get(record.topic)
    if (port !== undefined && record.partition === partition) return port
    throw new StreamsError(
      'STREAMS_UNKNOWN_INPUT',
      `Task ${taskId} was given a record of ${record.topic}-${record.partition}, which is not one of its inputs.`,
    )
  }
}

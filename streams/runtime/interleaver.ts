import { StreamsError } from '../errors.ts'
import type { LogRecord } from '../log/log.ts'
import type { JournalEntry } from './journal.ts'

/**
 * Gives the records of several topics in the order in which they were once processed: as the journal says, and past its
 * end by timestamp, then by topic name. The order inside a topic stays as it is.
 *
 * Records are offered as they are read; `next` gives what can be given now. It gives nothing while the journal's next
 * record has not been offered yet.
 */
export class Interleaver {
  private readonly buffers = new Map<string, Buffered>()
  private runs: Run[] = []
  private runAt = 0
  private hasJournal: boolean

  /**
   * @param topics all input topics
   * @param options `journal`: whether there is one to follow; it ends with `endJournal`
   */
  constructor(topics: readonly string[], options: { readonly journal: boolean }) {
    for (const topic of [...topics].sort()) this.buffers.set(topic, { records: [], head: 0 })
    this.hasJournal = options.journal
  }

  /** The topic whose records must be offered before anything can be given; null where the order does not wait. */
  get awaited(): string | null {
    const run = this.runs[this.runAt]
    return run !== undefined && this.head(run.topic) === undefined ? run.topic : null
  }

  /** Records that were read, in the order of their offsets. @throws StreamsError STREAMS_UNKNOWN_INPUT */
  offer(records: readonly LogRecord[]): void {
    for (const record of records) this.bufferOf(record.topic).records.push(record)
  }

  /** The journal goes on with this entry. */
  follow(entry: JournalEntry): void {
    const starts = new Map(entry.starts.map(({ topic, offset }) => [topic, offset]))
    for (const { topic, count } of entry.runs) {
      this.runs.push({ topic, left: count, start: starts.get(topic) ?? null })
      starts.delete(topic)
    }
  }

  /** There is no more of the journal: what comes after it is ordered by time. */
  endJournal(): void {
    this.hasJournal = false
  }

  /**
   * The next records, at most `max`; none where more must be offered first.
   * @throws StreamsError STREAMS_JOURNAL_MISMATCH where the topics do not go on as the journal says
   */
  next(max: number): LogRecord[] {
    const records: LogRecord[] = []
    while (records.length < max) {
      const run = this.runs[this.runAt]
      const record = run !== undefined ? this.recorded(run) : this.hasJournal ? undefined : this.earliest()
      if (record === undefined) break
      records.push(record)
    }
    return records
  }

  private recorded(run: Run): LogRecord | undefined {
    const record = this.head(run.topic)
    if (record === undefined) return undefined
    if (run.start !== null && run.start !== record.offset) throw mismatch(record, run.start)
    this.take(run.topic)
    run.start = null
    run.left--
    if (run.left === 0) this.endRun()
    return record
  }

  private endRun(): void {
    this.runAt++
    if (this.runAt < this.runs.length) return
    this.runs = []
    this.runAt = 0
  }

  private earliest(): LogRecord | undefined {
    let first: LogRecord | undefined
    // Topics are in the order of their names, so that the first one wins among equal timestamps.
    for (const topic of this.buffers.keys()) {
      const record = this.head(topic)
      if (record !== undefined && (first === undefined || record.timestampMs < first.timestampMs)) first = record
    }
    if (first !== undefined) this.take(first.topic)
    return first
  }

  private head(topic: string): LogRecord | undefined {
    const buffer = this.bufferOf(topic)
    return buffer.records[buffer.head]
  }

  private take(topic: string): void {
    const buffer = this.bufferOf(topic)
    buffer.head++
    if (buffer.head < buffer.records.length) return
    buffer.records = []
    buffer.head = 0
  }

  private bufferOf(topic: string): Buffered {
    const buffer = this.buffers.get(topic)
    if (buffer !== undefined) return buffer
    throw new StreamsError('STREAMS_UNKNOWN_INPUT', `${JSON.stringify(topic)} is not one of the topics to be ordered.`)
  }
}

/** What is left of a run; `start` is the offset its first record must have, where the journal says so. */
type Run = { readonly topic: string; left: number; start: number | null }
type Buffered = { records: LogRecord[]; head: number }

function mismatch(record: LogRecord, start: number): StreamsError {
  return new StreamsError(
    'STREAMS_JOURNAL_MISMATCH',
    `The journal goes on with ${record.topic}@${start}, and the topic with @${record.offset}: records are missing, ` +
      'or the replay does not begin where the journal does.',
  )
}

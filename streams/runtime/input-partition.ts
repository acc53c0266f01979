import type { FetchedPartition, LogRecord, TopicPartition } from '../log/log.ts'

/**
 * One input partition of a task: the records that were fetched and not processed yet, how far it was fetched,
 * processed and committed, and where the log ended when it was last asked.
 */
export class InputPartition implements TopicPartition {
  readonly topic: string
  readonly partition: number
  /** Where the next fetch goes on. */
  fetchOffset: number
  /** The position that is committed: what a restart would go on from. */
  committedOffset: number
  /** The first offset a reader could not see at the last fetch. */
  endOffset: number
  private consumedOffset: number
  private records: LogRecord[] = []
  private head = 0
  private bytes = 0

  constructor(at: TopicPartition, position: number, endOffset: number) {
    this.topic = at.topic
    this.partition = at.partition
    this.fetchOffset = position
    this.committedOffset = position
    this.consumedOffset = position
    this.endOffset = endOffset
  }

  get buffered(): number {
    return this.records.length - this.head
  }

  get bufferedBytes(): number {
    return this.bytes
  }

  /** True where the log has more than was fetched. */
  get hasMoreInLog(): boolean {
    return this.fetchOffset < this.endOffset
  }

  /** True where the log has more and nothing of it is here: whoever orders by time waits for it. */
  get isAwaited(): boolean {
    return this.buffered === 0 && this.hasMoreInLog
  }

  /**
   * The first offset that is not dealt with: where everything fetched is committed that is where the next fetch goes
   * on, which can lie past a gap after the last record.
   */
  get settledOffset(): number {
    return this.buffered === 0 && this.committedOffset === this.consumedOffset ? this.fetchOffset : this.committedOffset
  }

  /** The record at `index` of the buffer; undefined past its end. */
  peek(index: number): LogRecord | undefined {
    return this.records[this.head + index]
  }

  /** The first records of the buffer, at most `max`. */
  first(max: number): LogRecord[] {
    return this.records.slice(this.head, this.head + max)
  }

  /** Takes over what a fetch brought. */
  accept(fetched: FetchedPartition): void {
    for (const record of fetched.records) {
      this.records.push(record)
      this.bytes += sizeOf(record)
    }
    this.fetchOffset = fetched.nextOffset
    this.endOffset = fetched.endOffset
  }

  /** Lets go of the first `count` records: they are processed. */
  consume(count: number): void {
    if (count === 0) return
    for (let i = 0; i < count; i++) this.bytes -= sizeOf(this.records[this.head + i] as LogRecord)
    this.head += count
    this.consumedOffset = (this.records[this.head - 1] as LogRecord).offset + 1
    if (this.head === this.records.length) {
      this.records = []
      this.head = 0
    } else if (this.head > 4_096 && this.head * 2 > this.records.length) {
      this.records = this.records.slice(this.head)
      this.head = 0
    }
  }
}

function sizeOf({ key, value }: LogRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0)
}

import type { LogRecord, ProducerRecord } from '../log/log.ts'

/** The log of a test: topics that come into being when they are written to, in memory, all committed at once. */
export class DriverTopics {
  private readonly topics = new Map<string, LogRecord[][]>()
  private readonly onAppended: (record: LogRecord) => void

  constructor(onAppended: (record: LogRecord) => void) {
    this.onAppended = onAppended
  }

  append({ topic, partition, timestampMs, key, value, headers }: ProducerRecord): void {
    const records = this.partition(topic, partition)
    const record = { topic, partition, offset: records.length, timestampMs, key, value, headers: headers ?? [] }
    records.push(record)
    this.onAppended(record)
  }

  /** The records of a partition from an offset on. */
  from(topic: string, partition: number, offset: number): readonly LogRecord[] {
    return this.partition(topic, partition).slice(offset)
  }

  /** All records of a topic, partition by partition. */
  all(topic: string): readonly LogRecord[] {
    return (this.topics.get(topic) ?? []).flat()
  }

  private partition(topic: string, partition: number): LogRecord[] {
    const partitions = this.topics.get(topic) ?? []
    this.topics.set(topic, partitions)
    for (let missing = partitions.length; missing <= partition; missing++) partitions.push([])
    return partitions[partition] as LogRecord[]
  }
}

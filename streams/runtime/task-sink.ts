import { partitionFor } from '../log/partitioner.ts'
import type { Downstream } from '../processor/operator.ts'
import type { Topic } from '../topology/topic.ts'
import { RECORD_OVERHEAD_BYTES, type Staging } from './staging.ts'
import type { TaskContext } from './task-context.ts'

/**
 * Serialises what reaches it and stages it for a topic: for one partition, or for all where the topic says so. A record
 * without a key goes to the task's own partition.
 */
export class TaskSink implements Downstream {
  private readonly node: string
  private readonly topic: Topic<unknown>
  private readonly partitions: number
  private readonly everyPartition: readonly number[] | null
  private readonly ownPartition: number
  private readonly staging: Staging
  private readonly context: TaskContext

  constructor(options: {
    readonly node: string
    readonly topic: Topic<unknown>
    readonly partitions: number
    readonly taskPartition: number
    readonly staging: Staging
    readonly context: TaskContext
  }) {
    this.node = options.node
    this.topic = options.topic
    this.partitions = options.partitions
    this.everyPartition = options.topic.toEveryPartition === true ? [...Array(options.partitions).keys()] : null
    this.ownPartition = options.taskPartition % options.partitions
    this.staging = options.staging
    this.context = options.context
  }

  process(recordKey: string, recordValue: unknown): void {
    const { topic, staging } = this
    this.context.at(this.node)
    const isTombstone = recordValue === null || recordValue === undefined
    const key: string | null = isTombstone || topic.keyOf === undefined ? recordKey : topic.keyOf(recordValue)
    const keyBytes = key === null ? null : topic.key.serialize(key)
    const value = isTombstone ? null : topic.value.serialize(recordValue)
    const size = (keyBytes?.length ?? 0) + (value?.length ?? 0)
    staging.assertFits(topic.name, size)
    for (const partition of this.partitionsOf(keyBytes)) {
      staging.records.push({ topic: topic.name, partition, timestampMs: staging.timestampMs, key: keyBytes, value })
      staging.bytes += size + RECORD_OVERHEAD_BYTES
    }
  }

  private partitionsOf(key: Buffer | null): readonly number[] {
    if (this.everyPartition !== null) return this.everyPartition
    return [key === null ? this.ownPartition : partitionFor(key, this.partitions)]
  }
}

import { type Log, LogGaps, type Position, type TopicPartition } from '#streams'

/** How far a group is in one partition. */
export type PartitionLag = TopicPartition & {
  /** The offset of the next record to process. */
  readonly position: number
  readonly end: number
  /** Offsets to go; what holds no record, as the marks of transactions on Kafka, does not count. */
  readonly lag: number
}

/** How far a group is in each partition of these topics. */
export async function partitionLags(log: Log, group: string, topics: readonly string[]): Promise<PartitionLag[]> {
  const partitions = topics.flatMap((topic) =>
    Array.from({ length: log.partitionCount(topic) }, (_, partition) => ({ topic, partition })),
  )
  const [ends, begins, committed] = await Promise.all([
    log.endOffsets(partitions),
    log.beginningOffsets(partitions),
    log.committed(group, partitions),
  ])
  const gaps = new LogGaps(log)
  return Promise.all(
    ends.map(async (end) => {
      const at = (positions: readonly Position[]) =>
        positions.find(({ topic, partition }) => topic === end.topic && partition === end.partition)?.offset
      const position = at(committed) ?? at(begins) ?? 0
      const lag = position < end.offset ? Math.max(0, end.offset - (await gaps.past(end, position))) : 0
      return { topic: end.topic, partition: end.partition, position, end: end.offset, lag }
    }),
  )
}

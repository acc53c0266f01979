import { StreamsError } from '../errors.ts'
import type { TopicPartition } from '../log/log.ts'

/** What a sub-topology reads together: partition n of each of its topics goes to the same member, as task n. */
export type TaskGroup = {
  readonly name: string
  readonly topics: readonly string[]
  /** True where its tasks keep state, so that it matters who has it already. */
  readonly isStateful?: boolean
}

/** A task that somebody has to run. */
export type TaskSlot = {
  /** `<group>.<partition>` */
  readonly id: string
  readonly group: string
  readonly isStateful: boolean
  readonly partitions: readonly TopicPartition[]
}

/**
 * The tasks there are, in the order of the groups and their partitions.
 * @throws StreamsError STREAMS_NOT_COPARTITIONED where the topics of a group differ in their number of partitions.
 */
export function taskSlots(groups: readonly TaskGroup[], counts: ReadonlyMap<string, number>): TaskSlot[] {
  return groups.flatMap((group) => {
    const { name, topics, isStateful = false } = group
    return Array.from({ length: widthOf(group, counts) }, (_, partition) => ({
      ...{ id: `${name}.${partition}`, group: name, isStateful },
      partitions: topics.filter((topic) => counts.has(topic)).map((topic) => ({ topic, partition })),
    }))
  })
}

function widthOf({ name, topics }: TaskGroup, counts: ReadonlyMap<string, number>): number {
  const widths = topics.flatMap((topic) => {
    const count = counts.get(topic)
    return count === undefined ? [] : [{ topic, count }]
  })
  const [first] = widths
  const other = widths.find(({ count }) => count !== first?.count)
  if (first === undefined || other === undefined) return first?.count ?? 0
  throw new StreamsError(
    'STREAMS_NOT_COPARTITIONED',
    `The tasks of ${name} read ${first.topic} with ${first.count} partitions and ${other.topic} with ${other.count}. ` +
      'A task reads the same partition of all its topics: give them the same number, or put a repartition between.',
  )
}

/**
 * Whoever uses the log may hand in more than the port asks for, such as a topic with its serdes, and not all of it can
 * be copied to another thread.
 */
import type { GroupEpoch, Position, TopicPartition, TopicSpec } from '../log.ts'

/** A topic without its serdes. */
export function plainSpec({ name, partitions, cleanup, retentionMs }: TopicSpec): TopicSpec {
  return { name, partitions, cleanup, retentionMs }
}

/** A partition, and nothing else. */
export function plainPartition({ topic, partition }: TopicPartition): TopicPartition {
  return { topic, partition }
}

/** A position, and nothing else. */
export function plainPosition({ topic, partition, offset }: Position): Position {
  return { topic, partition, offset }
}

/** An epoch, and nothing else. */
export function plainEpoch({ group, memberId, generation }: GroupEpoch): GroupEpoch {
  return { group, memberId, generation }
}

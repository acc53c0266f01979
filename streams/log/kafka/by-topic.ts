import type { TopicPartition } from '../log.ts'

/** Things of partitions grouped by topic, as Kafka's requests hold them; in the order in which they came. */
export function byTopic<T extends TopicPartition>(things: readonly T[]): [topic: string, T[]][] {
  const topics = new Map<string, T[]>()
  for (const one of things) {
    const list = topics.get(one.topic)
    if (list === undefined) topics.set(one.topic, [one])
    else list.push(one)
  }
  return [...topics]
}

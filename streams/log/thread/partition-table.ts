import type { TopicPartition } from '../log.ts'

/** Partitions that the other side has not heard of yet, in the order of their numbers. */
export type FreshPartitions = readonly TopicPartition[]

/**
 * Numbers for partitions, so that what goes from thread to thread again and again needs no names. One side gives them,
 * and tells the other with the first message that uses them: messages of a port keep their order.
 */
export class PartitionTable {
  private readonly all: TopicPartition[] = []
  private readonly byTopic = new Map<string, (number | undefined)[]>()
  private fresh: TopicPartition[] = []

  /** The number of a partition, a new one where it has none yet. */
  numberOf(topic: string, partition: number): number {
    const known = this.byTopic.get(topic)?.[partition]
    return known ?? this.give({ topic, partition })
  }

  /** @throws TypeError where nobody has told of it */
  at(number: number): TopicPartition {
    const found = this.all[number]
    if (found === undefined) throw new TypeError(`There is no partition number ${number} on this thread.`)
    return found
  }

  /** What the other side must hear of, with this message. */
  takeFresh(): FreshPartitions {
    const { fresh } = this
    if (fresh.length > 0) this.fresh = []
    return fresh
  }

  /** What the other side has given numbers to. */
  learn(fresh: FreshPartitions): void {
    for (const one of fresh) this.add(one)
  }

  private give(one: TopicPartition): number {
    this.fresh.push(one)
    return this.add(one)
  }

  private add(one: TopicPartition): number {
    const number = this.all.push(one) - 1
    const numbers = this.byTopic.get(one.topic) ?? []
    numbers[one.partition] = number
    this.byTopic.set(one.topic, numbers)
    return number
  }
}

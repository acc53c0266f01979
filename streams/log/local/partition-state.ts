import { StreamsError } from '../../errors.ts'
import type { LogRecord, TopicPartition, TopicSpec } from '../log.ts'
import type { PartitionAddress, PartitionMark } from './log-storage.ts'

/** A batch being filled, for the next write. */
export type OpenBatch = { baseOffset: number; nextOffset: number; records: LogRecord[]; touchedBy: unknown }

/** What is known of a partition without asking the storage. */
export class PartitionState implements PartitionAddress {
  readonly topicId: number
  readonly topic: string
  readonly partition: number
  begin: number
  /** The first offset a reader cannot see yet. */
  next: number
  cleanedTo: number
  cleanRecords: number
  open: OpenBatch | null = null
  /** Called, once each, when records arrive. */
  readonly waiters = new Set<() => void>()

  constructor(address: PartitionAddress, mark: PartitionMark) {
    this.topicId = address.topicId
    this.topic = address.topic
    this.partition = address.partition
    this.begin = mark.begin
    this.next = mark.next
    this.cleanedTo = mark.cleanedTo
    this.cleanRecords = mark.cleanRecords
  }

  mark(): PartitionMark {
    return { begin: this.begin, next: this.next, cleanedTo: this.cleanedTo, cleanRecords: this.cleanRecords }
  }
}

type TopicState = { readonly id: number; readonly spec: TopicSpec; readonly partitions: readonly PartitionState[] }

/** All topics of a log in this process. */
export class TopicTable {
  private readonly byName = new Map<string, TopicState>()
  private lastId = 0

  nextId(): number {
    return ++this.lastId
  }

  add(id: number, spec: TopicSpec, marks?: readonly PartitionMark[]): void {
    const empty: PartitionMark = { begin: 0, next: 0, cleanedTo: 0, cleanRecords: 0 }
    const partitions = Array.from({ length: spec.partitions }, (_, partition) => {
      return new PartitionState({ topicId: id, topic: spec.name, partition }, marks?.[partition] ?? empty)
    })
    this.byName.set(spec.name, { id, spec, partitions })
    this.lastId = Math.max(this.lastId, id)
  }

  find(topic: string): TopicState | undefined {
    return this.byName.get(topic)
  }

  all(): readonly TopicState[] {
    return [...this.byName.values()].sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1))
  }

  /** @throws StreamsError LOG_UNKNOWN_TOPIC */
  get(topic: string): TopicState {
    const state = this.byName.get(topic)
    if (state !== undefined) return state
    throw new StreamsError('LOG_UNKNOWN_TOPIC', `There is no topic ${topic}. Make it with createTopics before its use.`)
  }

  /** @throws StreamsError LOG_UNKNOWN_TOPIC where there is no such topic, or it has no such partition */
  partition(topic: string, partition: number): PartitionState {
    const found = this.get(topic)
    const state = found.partitions[partition]
    if (state !== undefined) return state
    throw new StreamsError(
      'LOG_UNKNOWN_TOPIC',
      `Topic ${topic} has no partition ${partition}: it has ${found.spec.partitions}, from 0.`,
    )
  }

  partitions(of: readonly TopicPartition[]): PartitionState[] {
    return of.map(({ topic, partition }) => this.partition(topic, partition))
  }
}

/**
 * Looks for what ended transactions have left open. The end of a transaction writes a marker to each of its partitions;
 * Kafka 4.3.0 and 4.3.1 leave out those of a partition that has no leader at the moment when the transaction's
 * coordinator starts (KAFKA-20734). The records then belong to no outcome: readers wait before them, and the marker of
 * the producer's next transaction there would decide about them, rightly or not. That must not happen unseen.
 */
import { type Connection, describeProducersV0 } from '@platformatic/kafka'
import { StreamsError } from '../../errors.ts'
import type { TopicPartition } from '../log.ts'
import { answerOf, errorName, NoAnswer } from './answers.ts'
import { Backoff } from './backoff.ts'
import { byTopic } from './by-topic.ts'
import type { Cluster } from './cluster.ts'

/** Where a transaction of a producer is open. */
type Open = TopicPartition & { readonly offset: number }

const LOOK_AGAIN_MS_FIRST = 5
const LOOK_AGAIN_MS_MAX = 500

/** Which partitions a producer may write to without deciding about records of a transaction before. */
export class LeftOpen {
  private readonly cluster: Cluster
  private readonly id: string
  private readonly closed = new Set<string>()
  /** The coordinator we spoke to when we looked: it may have been started anew behind another connection. */
  private coordinator: Connection | undefined

  /** @param id the transactional id */
  constructor(cluster: Cluster, id: string) {
    this.cluster = cluster
    this.id = id
  }

  /**
   * Resolves when nothing of an ended transaction of this producer is open in these partitions. Markers that are on
   * their way are waited for. Call it while no transaction of the producer is open: then it asks once a partition and
   * connection.
   * @throws StreamsError LOG_TRANSACTION_HANGS, and then nothing was written; NoAnswer
   */
  async assertNone(producerId: bigint, coordinator: Connection, partitions: readonly TopicPartition[]): Promise<void> {
    if (coordinator !== this.coordinator) this.closed.clear()
    this.coordinator = coordinator
    const unknown = partitions.filter((one) => !this.closed.has(nameOf(one)))
    if (unknown.length === 0) return
    const totalMs = this.cluster.options.transactionTimeoutMs
    const backoff = new Backoff({ firstMs: LOOK_AGAIN_MS_FIRST, maxMs: LOOK_AGAIN_MS_MAX, totalMs })
    for (;;) {
      const found = await this.look(producerId, unknown)
      if (found === null) break
      if (await backoff.wait()) continue
      throw found instanceof NoAnswer ? found : hangs(this.id, found, totalMs)
    }
    for (const one of unknown) this.closed.add(nameOf(one))
  }

  /** The first open transaction of the producer, or why one leader could not be asked; null where all are closed. */
  private async look(producerId: bigint, partitions: readonly TopicPartition[]): Promise<Open | NoAnswer | null> {
    try {
      const groups = await this.cluster.byLeader(partitions)
      const found = await Promise.all([...groups].map(([node, group]) => this.ask(node, producerId, group)))
      return found.find((one) => one !== null) ?? null
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      await this.cluster.refresh().catch(() => undefined)
      return error
    }
  }

  /** @throws NoAnswer */
  private async ask(node: number, producerId: bigint, group: readonly TopicPartition[]): Promise<Open | null> {
    const topics = byTopic(group).map(([name, list]) => ({ name, partitionIndexes: list.map((one) => one.partition) }))
    const answer = await answerOf(describeProducersV0.api.async(await this.cluster.broker(node), topics))
    for (const { name: topic, partitions } of answer.topics) {
      for (const { partitionIndex: partition, errorCode, activeProducers } of partitions) {
        if (errorCode !== 0) throw new NoAnswer(new Error(`${topic}/${partition} ${errorName(errorCode)}`))
        const ours = activeProducers.find((one) => one.producerId === producerId)
        if (ours !== undefined && ours.currentTxnStartOffset >= 0n) {
          return { topic, partition, offset: Number(ours.currentTxnStartOffset) }
        }
      }
    }
    return null
  }
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

function hangs(id: string, { topic, partition, offset }: Open, waitedMs: number): StreamsError {
  return new StreamsError(
    'LOG_TRANSACTION_HANGS',
    `An ended transaction of ${id} has left ${topic}/${partition} open at offset ${offset} ` +
      `for ${waitedMs / 1_000} s: its marker is missing (Kafka 4.3.0 and 4.3.1 can lose one when a broker starts: ` +
      'KAFKA-20734). The next ' +
      'transaction would decide about its records, so nothing is written. Compare the positions of the group with ' +
      'what the records stand for, then end it: kafka-transactions.sh find-hanging, then abort.',
  )
}

import { apiVersionsV3, type Connection, findCoordinatorV4, metadataV12 } from '@platformatic/kafka'
import { StreamsError } from '../../errors.ts'
import type { TopicPartition } from '../log.ts'
import { answerOf, errorName, messageOf, NoAnswer, NotSent, refused } from './answers.ts'
import { Backoff } from './backoff.ts'
import { type BrokerAddress, Links } from './links.ts'
import type { ResolvedKafkaOptions } from './options.ts'

/** What is coordinated: a consumer group, or the transactions of a producer. */
export type CoordinatorKind = 'group' | 'transaction'

/** By partition: who leads it, and for the how manieth time somebody does (its epoch). */
type Topic = {
  readonly id: string
  readonly name: string
  readonly isInternal: boolean
  readonly leaders: readonly number[]
  readonly epochs: readonly number[]
}

/** A question that any broker can answer goes to another one after so long. */
const ANSWER_MS_MAX = 10_000
const COORDINATOR_TYPE: Readonly<Record<CoordinatorKind, number>> = { group: 0, transaction: 1 }
/** Answers that say: not here, or not yet. */
const MOVED = new Set(['COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR'])

/**
 * The cluster as we know it: its brokers, who leads each partition, who coordinates what. Knowledge grows old; whoever
 * meets an answer that says so asks for it again with `refresh` or `forgetCoordinator`.
 */
export class Cluster {
  readonly options: ResolvedKafkaOptions
  private readonly links: Links
  /** For what any broker can answer. */
  private readonly questions: Links
  private brokers = new Map<number, BrokerAddress>()
  private topics = new Map<string, Topic>()
  private coordinators = new Map<string, BrokerAddress>()
  /** Who has answered last is asked first: it is there, and does not know less than it did. */
  private lastAnswered = ''
  private refreshing: Promise<void> | undefined
  private hasEpochPerTransactionValue = false
  private closed = false

  private constructor(options: ResolvedKafkaOptions) {
    this.options = options
    this.links = new Links(options)
    this.questions = new Links(options, Math.min(options.requestTimeoutMs, ANSWER_MS_MAX))
  }

  /**
   * Finds the cluster behind the first broker that answers.
   * @throws StreamsError LOG_UNREACHABLE, LOG_AUTHENTICATION_FAILED, LOG_REFUSED
   */
  static async find(options: ResolvedKafkaOptions): Promise<Cluster> {
    const cluster = new Cluster(options)
    try {
      await cluster.refresh()
      await cluster.readFeatures()
    } catch (error) {
      await cluster.close()
      throw error instanceof NoAnswer ? unreachable([messageOf(error)]) : error
    }
    return cluster
  }

  /** True where a transaction can have an epoch of its own (KIP-890, `transaction.version` 2). */
  get hasEpochPerTransaction(): boolean {
    return this.hasEpochPerTransactionValue
  }

  /** All topics but the broker's own. */
  topicNames(): string[] {
    return [...this.topics.values()].filter(({ isInternal }) => !isInternal).map(({ name }) => name)
  }

  /** The numbers of the brokers. */
  nodes(): number[] {
    return [...this.brokers.keys()]
  }

  hasTopic(name: string): boolean {
    return this.topics.has(name)
  }

  /** @throws StreamsError LOG_UNKNOWN_TOPIC */
  partitionCount(topic: string): number {
    return this.topicOf(topic).leaders.length
  }

  /** @throws StreamsError LOG_UNKNOWN_TOPIC where there is no such topic or partition */
  assertKnown({ topic, partition }: TopicPartition): void {
    const { leaders } = this.topicOf(topic)
    if (!(partition >= 0 && partition < leaders.length)) {
      throw new StreamsError(
        'LOG_UNKNOWN_TOPIC',
        `Topic ${topic} has no partition ${partition}; it has ${leaders.length}.`,
      )
    }
  }

  /** The number of the broker that leads a partition; undefined while none does. */
  leaderOf({ topic, partition }: TopicPartition): number | undefined {
    const leader = this.topics.get(topic)?.leaders[partition]
    return leader !== undefined && this.brokers.has(leader) ? leader : undefined
  }

  /**
   * The epoch of a partition's leader as we know it; -1 where we do not. Who says it is refused by a broker that does
   * not lead any more, and by one that does not know yet that it does not: it would give what it has, and keep silent
   * about the rest.
   */
  epochOf({ topic, partition }: TopicPartition): number {
    return this.topics.get(topic)?.epochs[partition] ?? -1
  }

  /** The partitions by the broker that leads each; asks anew where one has no leader, and waits until it has. */
  async byLeader<T extends TopicPartition>(partitions: readonly T[]): Promise<Map<number, T[]>> {
    const backoff = new Backoff({ firstMs: 20, maxMs: 1_000, totalMs: this.options.patienceMs })
    for (;;) {
      const groups = new Map<number, T[]>()
      let missing: T | undefined
      for (const one of partitions) {
        const leader = this.leaderOf(one)
        if (leader === undefined) missing = one
        else groups.set(leader, [...(groups.get(leader) ?? []), one])
      }
      if (missing === undefined) return groups
      if (!(await backoff.wait())) throw noLeader(missing)
      await this.refresh().catch(() => undefined)
      for (const one of partitions) this.assertKnown(one)
    }
  }

  /** Where a broker listens. @throws NotSent where it is gone */
  addressOf(nodeId: number): BrokerAddress {
    const address = this.brokers.get(nodeId)
    if (address === undefined) throw new NotSent(new Error(`broker ${nodeId} is not part of the cluster now`))
    return address
  }

  /**
   * Asks any broker what may be asked twice: where one is away or silent, the next.
   * @throws NoAnswer where none answers; StreamsError LOG_AUTHENTICATION_FAILED; what the question throws
   */
  async ask<T>(question: (connection: Connection) => Promise<T>): Promise<T> {
    const failures: string[] = []
    for (const [name, address] of this.inOrder()) {
      try {
        const answer = await question(await this.questions.to(address))
        this.lastAnswered = name
        return answer
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        failures.push(`${name} ${messageOf(error)}`)
      }
    }
    throw new NoAnswer(new Error(failures.join('; ')))
  }

  /**
   * Does a step that may meet brokers which are away or silent for a while, again and again until it succeeds.
   * @throws StreamsError LOG_UNREACHABLE after `patienceMs`; what the step throws beside NoAnswer
   */
  async patiently<T>(step: () => Promise<T>): Promise<T> {
    const backoff = new Backoff({ firstMs: 20, maxMs: 1_000, totalMs: this.options.patienceMs })
    for (;;) {
      try {
        return await step()
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        if (this.closed || !(await backoff.wait())) throw unreachable([messageOf(error)])
      }
    }
  }

  /** A connection for short questions to one broker. @throws NoAnswer, StreamsError */
  async broker(nodeId: number): Promise<Connection> {
    return await this.links.to(this.addressOf(nodeId))
  }

  /** A connection for short questions to a coordinator. @throws NoAnswer, StreamsError */
  async coordinatorLink(kind: CoordinatorKind, key: string): Promise<Connection> {
    return await this.links.to(await this.coordinator(kind, key))
  }

  /** Reads brokers, topics and leaders anew. Who asks meanwhile gets the same answer. @throws NoAnswer, StreamsError */
  refresh(): Promise<void> {
    this.refreshing ??= this.readMetadata().finally(() => {
      this.refreshing = undefined
    })
    return this.refreshing
  }

  /**
   * Where a group or a transactional id is coordinated, waiting for it to be so.
   * @throws StreamsError LOG_UNREACHABLE, LOG_REFUSED
   */
  async coordinator(kind: CoordinatorKind, key: string): Promise<BrokerAddress> {
    const name = `${kind}/${key}`
    const known = this.coordinators.get(name)
    if (known !== undefined) return known
    const backoff = new Backoff({ firstMs: 20, maxMs: 1_000, totalMs: this.options.patienceMs })
    let last = ''
    do {
      try {
        const found = await this.findCoordinator(kind, key)
        if (typeof found !== 'string') {
          this.coordinators.set(name, found)
          return found
        }
        last = found
        if (!MOVED.has(found)) throw refused(`to say who coordinates the ${kind} ${key}`, found)
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        last = error.message
      }
    } while (await backoff.wait())
    throw unreachable([`no coordinator of the ${kind} ${key}: ${last}`])
  }

  forgetCoordinator(kind: CoordinatorKind, key: string): void {
    this.coordinators.delete(`${kind}/${key}`)
  }

  /** True where an answer says that the coordinator has moved; it is looked for again then. */
  hasMoved(kind: CoordinatorKind, key: string, name: string): boolean {
    if (!MOVED.has(name)) return false
    this.forgetCoordinator(kind, key)
    return true
  }

  async close(): Promise<void> {
    this.closed = true
    await Promise.all([this.links.close(), this.questions.close()])
  }

  /** All addresses we know of, each once, the most promising first. */
  private inOrder(): [name: string, address: BrokerAddress][] {
    const all = [...this.brokers.values(), ...this.options.brokers]
    const byName = new Map(all.map(({ host, port }) => [`${host}:${port}`, { host, port }]))
    return [...byName].sort(([a], [b]) => Number(b === this.lastAnswered) - Number(a === this.lastAnswered))
  }

  private topicOf(name: string): Topic {
    const topic = this.topics.get(name)
    if (topic !== undefined) return topic
    throw new StreamsError('LOG_UNKNOWN_TOPIC', `There is no topic ${name}. Make it first, with createTopics.`)
  }

  private async readMetadata(): Promise<void> {
    const response = await this.ask((link) => answerOf(metadataV12.api.async(link, null, false, false)))
    this.brokers = new Map(response.brokers.map((one) => [one.nodeId, { host: one.host, port: one.port }]))
    const topics = new Map<string, Topic>()
    for (const { topicId: id, name, isInternal, partitions } of response.topics) {
      if (name == null || partitions.length === 0) continue
      const known = this.topics.get(name)
      const leaders: number[] = []
      const epochs: number[] = []
      for (const { partitionIndex: at, leaderId, leaderEpoch } of partitions) {
        // A broker that was away tells for a moment what it knew before.
        const isPast = known?.id === id && leaderEpoch < (known.epochs[at] ?? -1)
        leaders[at] = isPast ? (known.leaders[at] as number) : leaderId
        epochs[at] = isPast ? (known.epochs[at] as number) : leaderEpoch
      }
      topics.set(name, { id, name, isInternal, leaders, epochs })
    }
    this.topics = topics
  }

  private async readFeatures(): Promise<void> {
    const response = await this.ask((link) => answerOf(apiVersionsV3.api.async(link, 'fourfold-streams', '1')))
    const features = response.finalizedFeatures ?? []
    const version = features.find(({ name }) => name === 'transaction.version')
    this.hasEpochPerTransactionValue = (version?.maxVersionLevel ?? 0) >= 2
  }

  /** The address, or the name of the error. */
  private async findCoordinator(kind: CoordinatorKind, key: string): Promise<BrokerAddress | string> {
    const type = COORDINATOR_TYPE[kind]
    const response = await this.ask((link) => answerOf(findCoordinatorV4.api.async(link, type, [key])))
    const [found] = response.coordinators
    if (found === undefined) return 'COORDINATOR_NOT_AVAILABLE'
    return found.errorCode === 0 ? { host: found.host as string, port: found.port } : errorName(found.errorCode)
  }
}

function unreachable(failures: readonly string[]): StreamsError {
  return new StreamsError(
    'LOG_UNREACHABLE',
    `No Kafka broker answers (${failures.join('; ')}). Start one, or correct the addresses; where the broker ` +
      'asks for TLS, switch it on.',
  )
}

function noLeader({ topic, partition }: TopicPartition): StreamsError {
  return new StreamsError(
    'LOG_UNREACHABLE',
    `${topic}/${partition} has no leader that answers. Look after the broker that leads it.`,
  )
}

import { StreamsError } from '../../errors.ts'
import type { FetchedEntries } from '../entry-reader.ts'
import type {
  FetchedPartition,
  FetchRequest,
  GroupDescription,
  GroupMember,
  JoinGroupOptions,
  Log,
  LogCapabilities,
  Position,
  ProducerRecord,
  TopicPartition,
  TopicSpec,
  TransactionalProducer,
} from '../log.ts'
import { Appender } from './appender.ts'
import { toBatches } from './batches.ts'
import { Cluster } from './cluster.ts'
import { Fetcher } from './fetcher.ts'
import { GroupAdmin } from './group-admin.ts'
import { KafkaMember } from './group-member.ts'
import { BEGINNING, decidedEnds, END, listOffsets } from './offsets.ts'
import { type KafkaLogOptions, resolveKafkaOptions } from './options.ts'
import { TopicAdmin } from './topic-admin.ts'
import { KafkaProducer } from './transactional-producer.ts'
import { WideAppender } from './wide-appender.ts'

/**
 * A log on Apache Kafka (3.9 and newer).
 * @throws StreamsError LOG_OPTION_INVALID, LOG_UNREACHABLE, LOG_AUTHENTICATION_FAILED, LOG_REFUSED
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<Log> {
  return new KafkaLog(await Cluster.find(resolveKafkaOptions(options)))
}

/** The log port over a cluster. Each duty has a part of its own; this puts them together. */
class KafkaLog implements Log {
  readonly capabilities: LogCapabilities = { persistent: true, crossProcess: true, compactionMovesBegin: false }
  private readonly cluster: Cluster
  private readonly topicAdmin: TopicAdmin
  private readonly groupAdmin: GroupAdmin
  private readonly fetcher: Fetcher
  private readonly appender: Appender
  private readonly wideAppender: WideAppender
  private readonly members = new Set<KafkaMember>()
  private closing: Promise<void> | undefined

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.topicAdmin = new TopicAdmin(cluster)
    this.groupAdmin = new GroupAdmin(cluster)
    this.fetcher = new Fetcher(cluster)
    this.appender = new Appender(cluster)
    this.wideAppender = new WideAppender((id) => this.openProducer(id))
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.assertOpen()
    await this.cluster.patiently(() => this.topicAdmin.create(specs))
  }

  async topics(): Promise<readonly TopicSpec[]> {
    this.assertOpen()
    return await this.cluster.patiently(() => this.topicAdmin.list())
  }

  partitionCount(topic: string): number {
    return this.cluster.partitionCount(topic)
  }

  async append(records: readonly ProducerRecord[]): Promise<readonly number[]> {
    this.assertOpen()
    if (records.length === 0) return []
    await this.learn(records)
    const [only, ...others] = toBatches(this.cluster, records)
    const isOneBatch = others.length === 0 && only?.batches.length === 1
    if (!isOneBatch) return await this.wideAppender.append(records)
    const base = await this.appender.append(records)
    return records.map((_, index) => base + index)
  }

  async producer(transactionalId: string): Promise<TransactionalProducer> {
    this.assertOpen()
    return await this.openProducer(transactionalId)
  }

  async fetch(request: FetchRequest): Promise<readonly FetchedPartition[]> {
    this.assertOpen()
    await this.learn(request.positions)
    return await this.fetcher.fetch(request)
  }

  async fetchEntries(request: FetchRequest): Promise<readonly FetchedEntries[]> {
    this.assertOpen()
    await this.learn(request.positions)
    return await this.fetcher.fetchEntries(request)
  }

  async beginningOffsets(partitions: readonly TopicPartition[]): Promise<readonly Position[]> {
    return await this.offsets(partitions, BEGINNING)
  }

  async endOffsets(
    partitions: readonly TopicPartition[],
    { pending }: { readonly pending: 'await' | 'ignore' } = { pending: 'await' },
  ): Promise<readonly Position[]> {
    if (pending === 'ignore') return await this.offsets(partitions, END)
    this.assertOpen()
    await this.learn(partitions)
    return await decidedEnds(this.cluster, partitions)
  }

  async offsetsForTime(partitions: readonly TopicPartition[], timestampMs: number): Promise<readonly Position[]> {
    const [found, ends] = await Promise.all([this.offsets(partitions, timestampMs), this.offsets(partitions, END)])
    return found.map((position, index) => (position.offset >= 0 ? position : (ends[index] as Position)))
  }

  async joinGroup(options: JoinGroupOptions): Promise<GroupMember> {
    this.assertOpen()
    await this.learn(options.topics.map((topic) => ({ topic, partition: 0 })))
    const member = await KafkaMember.join(this.cluster, options, (over) => this.members.delete(over))
    this.members.add(member)
    return member
  }

  async groups(): Promise<readonly GroupDescription[]> {
    this.assertOpen()
    return await this.cluster.patiently(() => this.groupAdmin.list())
  }

  async committed(group: string, partitions: readonly TopicPartition[]): Promise<readonly Position[]> {
    this.assertOpen()
    await this.learn(partitions)
    return await this.groupAdmin.committed(group, partitions)
  }

  async resetPositions(group: string, positions: readonly Position[]): Promise<void> {
    this.assertOpen()
    await this.learn(positions)
    await this.groupAdmin.reset(group, positions)
  }

  /** The broker does that in its own time. */
  async maintain(): Promise<void> {}

  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  private async shutDown(): Promise<void> {
    await Promise.all([...this.members].map((member) => member.drop()))
    await this.wideAppender.close()
    await this.appender.close()
    await this.fetcher.close()
    await this.cluster.close()
  }

  private async offsets(partitions: readonly TopicPartition[], place: number): Promise<readonly Position[]> {
    this.assertOpen()
    await this.learn(partitions)
    return await listOffsets(this.cluster, partitions, place)
  }

  private openProducer(transactionalId: string): Promise<KafkaProducer> {
    return KafkaProducer.open(this.cluster, transactionalId, (group) => this.settled(group))
  }

  /** A topic we have not heard of may have been made since: looks once before it counts as unknown. */
  private async learn(partitions: readonly TopicPartition[]): Promise<void> {
    if (partitions.every(({ topic }) => this.cluster.hasTopic(topic))) return
    await this.cluster.patiently(() => this.cluster.refresh())
  }

  private async settled(group: string): Promise<void> {
    await Promise.all([...this.members].filter((member) => member.epoch().group === group).map((one) => one.settled()))
  }

  private assertOpen(): void {
    if (this.closing !== undefined) throw new StreamsError('LOG_CLOSED', 'The log is closed. Open it again to use it.')
  }
}

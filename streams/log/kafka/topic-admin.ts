import { createTopicsV7, describeConfigsV4, metadataV12 } from '@platformatic/kafka'
import { StreamsError } from '../../errors.ts'
import type { TopicSpec } from '../log.ts'
import { checkTopicSpec } from '../topic-spec.ts'
import { answerOf, errorName, refused } from './answers.ts'
import { Backoff } from './backoff.ts'
import type { Cluster } from './cluster.ts'
import { END, listOffsets } from './offsets.ts'

/** Refusals for how the cluster is at this moment: brokers are away, or its controller moves. */
const NOT_NOW = new Set(['INVALID_REPLICATION_FACTOR', 'NOT_CONTROLLER', 'REQUEST_TIMED_OUT'])
const TOPIC_RESOURCE = 2
const CONFIG_KEYS = ['cleanup.policy', 'retention.ms']
/** What records may take in a batch beside themselves. */
const BATCH_OVERHEAD_BYTES = 64 * 1024
/** How long a new topic may take to have its leaders. */
const SETTLE_MS = 30_000
/** How long it may take until there are enough brokers for its copies: one that is started again is back by then. */
const ENOUGH_BROKERS_MS = 30_000

/** Makes topics and tells how they are kept. */
export class TopicAdmin {
  private readonly cluster: Cluster

  constructor(cluster: Cluster) {
    this.cluster = cluster
  }

  /**
   * Makes the topics that are missing, all or none of them as far as the cluster allows: what is there already is
   * compared first.
   * @throws StreamsError LOG_TOPIC_INVALID, LOG_PARTITIONS_DIFFER, LOG_CLEANUP_DIFFERS, LOG_REFUSED
   */
  async create(specs: readonly TopicSpec[]): Promise<void> {
    for (const spec of specs) checkTopicSpec(spec)
    await this.cluster.refresh()
    const wanted = new Map(specs.map((spec) => [spec.name, spec]))
    for (const spec of specs) this.assertSameWidth(spec, wanted.get(spec.name) as TopicSpec)
    const [there, missing] = [[] as TopicSpec[], [] as TopicSpec[]]
    for (const spec of wanted.values()) (this.cluster.hasTopic(spec.name) ? there : missing).push(spec)
    await this.assertSameCleanup(there)
    if (missing.length > 0) await this.createMissing(missing)
  }

  /** All topics but the broker's own, with how they are kept. */
  async list(): Promise<TopicSpec[]> {
    await this.cluster.refresh()
    return await this.describe(this.cluster.topicNames())
  }

  private async createMissing(specs: readonly TopicSpec[]): Promise<void> {
    await this.requestAll(specs)
    const backoff = new Backoff({ firstMs: 10, maxMs: 500, totalMs: SETTLE_MS })
    for (;;) {
      await this.cluster.refresh()
      if (specs.every((spec) => this.isReady(spec)) && (await this.isKnownToAll(specs))) break
      if (!(await backoff.wait())) throw refused('to give the new topics leaders', 'LEADER_NOT_AVAILABLE')
    }
    await this.untilServed(specs)
    for (const spec of specs) this.assertSameWidth(spec, spec)
  }

  /** Asks for all of them until the cluster has taken each, also where some of its brokers are just being restarted. */
  private async requestAll(specs: readonly TopicSpec[]): Promise<void> {
    const requests = specs.map((spec) => this.requestOf(spec))
    const totalMs = Math.min(ENOUGH_BROKERS_MS, this.cluster.options.patienceMs)
    const backoff = new Backoff({ firstMs: 50, maxMs: 1_000, totalMs })
    for (;;) {
      const { topics } = await this.cluster.ask((link) =>
        answerOf(createTopicsV7.api.async(link, requests, 30_000, false)),
      )
      const failed = topics
        .map(({ name, errorCode, errorMessage }) => ({ name, error: errorName(errorCode), errorMessage }))
        // Somebody else was faster, or we were before: what there is is compared afterwards.
        .filter(({ error }) => error !== 'NONE' && error !== 'TOPIC_ALREADY_EXISTS')
      const [first] = failed
      if (first === undefined) return
      const mayPass = failed.every(({ error }) => NOT_NOW.has(error))
      if (!mayPass || !(await backoff.wait()))
        throw refused(`to make topic ${first.name}`, first.error, first.errorMessage)
    }
  }

  private isReady({ name }: TopicSpec): boolean {
    if (!this.cluster.hasTopic(name)) return false
    const count = this.cluster.partitionCount(name)
    return Array.from({ length: count }).every(
      (_, partition) => this.cluster.leaderOf({ topic: name, partition }) !== undefined,
    )
  }

  /** A broker is made a leader before it has made the files, and sends everybody away until it has. */
  private async untilServed(specs: readonly TopicSpec[]): Promise<void> {
    const all = specs.flatMap(({ name: topic }) =>
      Array.from({ length: this.cluster.partitionCount(topic) }, (_, partition) => ({ topic, partition })),
    )
    await listOffsets(this.cluster, all, END, 'uncommitted')
  }

  /** A broker that has not heard of a topic yet would tell others of our instances that there is none. */
  private async isKnownToAll(specs: readonly TopicSpec[]): Promise<boolean> {
    const names = specs.map(({ name }) => ({ name }))
    const known = this.cluster.nodes().map(async (node) => {
      const { topics } = await answerOf(metadataV12.api.async(await this.cluster.broker(node), names, false, false))
      return topics.every(({ errorCode }) => errorCode === 0)
    })
    return (await Promise.all(known)).every((isKnown) => isKnown)
  }

  private requestOf({ name, partitions, cleanup, retentionMs }: TopicSpec) {
    const { replicationFactor, recordBytesMax } = this.cluster.options
    const configs = [
      { name: 'cleanup.policy', value: cleanup },
      { name: 'max.message.bytes', value: String(recordBytesMax + BATCH_OVERHEAD_BYTES) },
      // Record time is the business's, and may lie far from the broker's clock.
      { name: 'message.timestamp.type', value: 'CreateTime' },
      { name: 'message.timestamp.after.max.ms', value: '9223372036854775807' },
    ]
    if (cleanup === 'delete') configs.push({ name: 'retention.ms', value: String(retentionMs) })
    return { name, numPartitions: partitions, replicationFactor, assignments: [], configs }
  }

  private assertSameWidth(spec: TopicSpec, other: TopicSpec): void {
    const found = this.cluster.hasTopic(spec.name) ? this.cluster.partitionCount(spec.name) : other.partitions
    if (found === spec.partitions) return
    throw new StreamsError(
      'LOG_PARTITIONS_DIFFER',
      `Topic ${spec.name} has ${found} partitions, not ${spec.partitions}. A key would change its ` +
        'partition: give the topic its old count, or a new name.',
    )
  }

  /** A changelog that drops old records, or a history that keeps only the newest, would lose data without a word. */
  private async assertSameCleanup(specs: readonly TopicSpec[]): Promise<void> {
    if (specs.length === 0) return
    const described = new Map((await this.describe(specs.map(({ name }) => name))).map((one) => [one.name, one]))
    for (const { name, cleanup } of specs) {
      const found = described.get(name)?.cleanup
      if (found === undefined || found === cleanup) continue
      throw new StreamsError(
        'LOG_CLEANUP_DIFFERS',
        `Topic ${name} has cleanup.policy ${found}, and needs ${cleanup}: records would be lost. Change it with ` +
          `kafka-configs --alter --entity-type topics --entity-name ${name} --add-config cleanup.policy=${cleanup}`,
      )
    }
  }

  private async describe(names: readonly string[]): Promise<TopicSpec[]> {
    if (names.length === 0) return []
    const resources = names.map((resourceName) => {
      return { resourceType: TOPIC_RESOURCE, resourceName, configurationKeys: CONFIG_KEYS } as const
    })
    const { results } = await this.cluster.ask((link) =>
      answerOf(describeConfigsV4.api.async(link, [...resources], false, false)),
    )
    const specs: TopicSpec[] = []
    for (const { errorCode, errorMessage, resourceName, configs } of results) {
      const error = errorName(errorCode)
      if (error === 'UNKNOWN_TOPIC_OR_PARTITION' || !this.cluster.hasTopic(resourceName)) continue
      if (error !== 'NONE') throw refused(`to say how topic ${resourceName} is kept`, error, errorMessage)
      const value = (key: string) => configs.find((config) => config.name === key)?.value ?? ''
      const cleanup = value('cleanup.policy').includes('compact') ? 'compact' : 'delete'
      const retentionMs = cleanup === 'compact' ? -1 : Number(value('retention.ms'))
      specs.push({ name: resourceName, partitions: this.cluster.partitionCount(resourceName), cleanup, retentionMs })
    }
    return specs
  }
}

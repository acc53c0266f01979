import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import type { KafkaBrokerOptions } from './broker-options.ts'
import { freePorts } from './free-port.ts'
import { KafkaBroker, newClusterId } from './kafka-broker.ts'

const IN_SYNC_MS_MAX = 60_000
/** Three of them share a small machine. */
const HEAP_MB = 256
/** How long the cluster takes a broker that was killed or frozen for running: then its partitions move. */
const QUICK_TO_NOTICE = { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' }

/** How a cluster is to be. */
export type KafkaClusterOptions = Pick<KafkaBrokerOptions, 'version' | 'properties' | 'heapMb'> & {
  /** How many; each has a copy of everything, and one of them may be away. Three by default. */
  readonly brokers?: number
  /** The port of the proxy before each broker, in their order: see `KafkaBrokerOptions.proxyPort`. */
  readonly proxyPorts?: readonly number[]
}

/**
 * Several brokers that are one cluster, each a `KafkaBroker` that can be killed, frozen and started again while the
 * others serve. Each is broker and controller, as every broker is here.
 */
export class KafkaCluster {
  readonly brokers: readonly KafkaBroker[]

  private constructor(brokers: readonly KafkaBroker[]) {
    this.brokers = brokers
  }

  /**
   * Starts all brokers and waits until each answers.
   * @throws StreamsError as `KafkaBroker.start`
   */
  static async start(options: KafkaClusterOptions = {}): Promise<KafkaCluster> {
    const { brokers: count = 3, proxyPorts = [], version, heapMb = HEAP_MB } = options
    const controllerPorts = await freePorts(count)
    const clusterId = newClusterId()
    const properties = { ...QUICK_TO_NOTICE, ...options.properties }
    // At once: none of them answers before most of them are there.
    const started = await Promise.allSettled(
      controllerPorts.map((_, index) => {
        const proxyPort = proxyPorts[index]
        return KafkaBroker.start({
          ...{ properties, heapMb, startsQuickly: true, place: { clusterId, nodeId: index + 1, controllerPorts } },
          ...(version !== undefined && { version }),
          ...(proxyPort !== undefined && { proxyPort }),
        })
      }),
    )
    const cluster = new KafkaCluster(started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
    for (const one of started) {
      if (one.status === 'fulfilled') continue
      await cluster.stop()
      throw one.reason
    }
    return cluster
  }

  /** `host:port` of the plain listener of each broker. */
  get addresses(): readonly string[] {
    return this.brokers.map(({ addresses }) => addresses.plain)
  }

  /** The broker with this number, which counts from 1. */
  broker(nodeId: number): KafkaBroker {
    const broker = this.brokers[nodeId - 1]
    if (broker === undefined) throw new Error(`There is no broker ${nodeId}; there are ${this.brokers.length}.`)
    return broker
  }

  /**
   * Waits until every broker is there and every copy of every partition is up to date: only then may the next broker
   * go, as in a rolling restart.
   * @throws Error that says what is missing where that takes too long
   */
  async inSync(): Promise<void> {
    const retry = { retries: 20, maxRetryTime: 1_000 }
    const admin = new Kafka({ brokers: [...this.addresses], logLevel: logLevel.NOTHING, retry }).admin()
    const deadline = performance.now() + IN_SYNC_MS_MAX
    await admin.connect()
    try {
      for (;;) {
        const missing = await this.#missing(admin)
        if (missing === null) return
        if (performance.now() > deadline) throw new Error(`${missing}, and for ${IN_SYNC_MS_MAX} ms.`)
        await sleep(100)
      }
    } finally {
      await admin.disconnect()
    }
  }

  async #missing(admin: Admin): Promise<string | null> {
    const { brokers } = await admin.describeCluster()
    if (brokers.length < this.brokers.length) return `${brokers.length} of ${this.brokers.length} brokers are there`
    const { topics } = await admin.fetchTopicMetadata()
    const partitions = topics.flatMap(({ name, partitions: all }) => all.map((one) => ({ name, ...one })))
    const behind = partitions.find(({ leader, isr, replicas }) => leader < 0 || isr.length < replicas.length)
    return behind === undefined ? null : `A copy of ${behind.name}/${behind.partitionId} is behind`
  }

  /** Ends all of them; their data goes too. */
  async stop(): Promise<void> {
    // Not one after the other: what the last one would hand over, nobody is there to take.
    await Promise.all(this.brokers.map((broker) => broker.kill()))
    await Promise.all(this.brokers.map((broker) => broker.stop()))
  }
}

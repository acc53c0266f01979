import { type Random, seededRandom } from '../seed.ts'
import { FaultProxy } from './fault-proxy.ts'
import { KafkaCluster } from './kafka-cluster.ts'

/** A cluster, and a proxy before each of its brokers: whoever knows only the proxies reaches it only through them. */
export type ProxiedCluster = {
  readonly cluster: KafkaCluster
  /** In the order of the brokers. */
  readonly proxies: readonly FaultProxy[]
}

/** What it is made of. */
export type ProxiedClusterOptions = {
  readonly brokers: number
  /** Decides which requests fail where that is left to chance. */
  readonly seed: number
  /** Of Apache Kafka. */
  readonly version: string
}

/** Starts it; `closeProxiedCluster` stops it. */
export async function openProxiedCluster({ brokers, seed, version }: ProxiedClusterOptions): Promise<ProxiedCluster> {
  const random = (index: number): Random => seededRandom(seed + 1 + index)
  const proxies = await Promise.all(Array.from({ length: brokers }, (_, at) => FaultProxy.listen(random(at).next)))
  try {
    const cluster = await KafkaCluster.start({ brokers, version, proxyPorts: proxies.map(({ port }) => port) })
    for (const [at, proxy] of proxies.entries()) proxy.target(cluster.broker(at + 1).addresses.behindProxy ?? '')
    return { cluster, proxies }
  } catch (error) {
    await Promise.all(proxies.map((proxy) => proxy.close()))
    throw error
  }
}

/** Stops all of it. */
export async function closeProxiedCluster({ cluster, proxies }: ProxiedCluster): Promise<void> {
  await Promise.all(proxies.map((proxy) => proxy.close()))
  await cluster.stop()
}

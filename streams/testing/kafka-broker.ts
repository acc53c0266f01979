/**
 * A real broker, a failing network and seeded chance for what is no test of Vitest: tools, benchmarks, long runs. Tests
 * take `describeWithKafka` from `#streams/testing`.
 */

export type { KafkaBrokerOptions } from './kafka/broker-options.ts'
export { createTopics } from './kafka/create-topics.ts'
export { FaultProxy } from './kafka/fault-proxy.ts'
export type { Fault, FaultRule, FaultTrigger } from './kafka/fault-rules.ts'
export { requireJava, runTool } from './kafka/java-tools.ts'
export { KafkaBroker } from './kafka/kafka-broker.ts'
export { KafkaCluster, type KafkaClusterOptions } from './kafka/kafka-cluster.ts'
export type { KafkaApi } from './kafka/kafka-frames.ts'
export { KAFKA_VERSION, mavenJars } from './kafka/kafka-jars.ts'
export { KEEPS_MARKERS, losesMarkers } from './kafka/marker-loss.ts'
export {
  closeProxiedCluster,
  openProxiedCluster,
  type ProxiedCluster,
  type ProxiedClusterOptions,
} from './kafka/proxied-cluster.ts'
export { type Random, seededRandom, testSeed } from './seed.ts'

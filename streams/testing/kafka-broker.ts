/** A real broker for what is no test: tools and benchmarks. Tests take `describeWithKafka` from `#streams/testing`. */

export type { KafkaBrokerOptions } from './kafka/broker-options.ts'
export { FaultProxy } from './kafka/fault-proxy.ts'
export type { Fault, FaultRule, FaultTrigger } from './kafka/fault-rules.ts'
export { KafkaBroker } from './kafka/kafka-broker.ts'
export { KAFKA_VERSION } from './kafka/kafka-jars.ts'

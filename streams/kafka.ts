/** The door to Apache Kafka. Apart from `mod.ts`, so that whoever runs without Kafka does not load its client. */

export { openKafkaLog } from './log/kafka/kafka-log.ts'
export { COMPRESSIONS, type KafkaLogOptions, SASL_MECHANISMS, type SaslCredentials } from './log/kafka/options.ts'

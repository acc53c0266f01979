import { GenericContainer, Wait } from 'testcontainers'
import { freePorts } from './free-port.ts'
import type { TestKafka } from './kafka-source.ts'

/** The listener for clients outside of the container; the image keeps its own for itself. */
const PORT_INSIDE = 9092

/**
 * A broker from the official image, for machines with Docker and without Java. A broker has to tell its clients where
 * it is, so the port on this machine is chosen before it starts.
 */
export async function startKafkaContainer(version: string): Promise<TestKafka> {
  const [port = 0] = await freePorts(1)
  const container = await new GenericContainer(`apache/kafka:${version}`)
    .withExposedPorts({ container: PORT_INSIDE, host: port })
    .withEnvironment(containerEnvironment(port))
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .withStartupTimeout(120_000)
    .start()
  return {
    brokers: [`${container.getHost()}:${port}`],
    stop: async () => {
      await container.stop()
    },
  }
}

/** The image makes its settings of these variables; one that sets any has to set all that a single node needs. */
function containerEnvironment(port: number): Record<string, string> {
  return {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LISTENERS: `CLIENT://:${PORT_INSIDE},BROKER://:9094,CONTROLLER://:9093`,
    KAFKA_ADVERTISED_LISTENERS: `CLIENT://127.0.0.1:${port},BROKER://localhost:9094`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CLIENT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'BROKER',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '4',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '500',
    KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS: '500',
    KAFKA_LOG_CLEANER_BACKOFF_MS: '500',
    KAFKA_LOG_RETENTION_CHECK_INTERVAL_MS: '1000',
    KAFKA_LOG_INITIAL_TASK_DELAY_MS: '1000',
  }
}

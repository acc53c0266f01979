import { spawnSync } from 'node:child_process'
import { StreamsError } from '../../errors.ts'
import { findJavaTools, KAFKA_REMEDY } from './java-tools.ts'
import { KafkaBroker } from './kafka-broker.ts'
import { hasKafkaJars, KAFKA_VERSION } from './kafka-jars.ts'

/** A broker for tests, wherever it comes from. */
export type TestKafka = {
  /** `host:port` of each broker, for plain connections. */
  readonly brokers: readonly string[]
  /** What was started is stopped, what was given is left alone. */
  stop(): Promise<void>
}

/** Where tests can get a broker on this machine; `none` says why not and what to do. */
export type KafkaSource =
  | { readonly kind: 'given'; readonly brokers: readonly string[] }
  | { readonly kind: 'java' | 'docker'; readonly version: string }
  | { readonly kind: 'none'; readonly reason: string }

/** The version that tests run on: `KAFKA_VERSION` in the environment, else the newest that is known to work. */
export function testedKafkaVersion(): string {
  return process.env['KAFKA_VERSION'] || KAFKA_VERSION
}

/** Looks, in this order, at `KAFKA_BROKERS`, Java with Maven, and Docker. Starts nothing. */
export async function findKafkaSource(): Promise<KafkaSource> {
  const given = process.env['KAFKA_BROKERS']
  if (given) return { kind: 'given', brokers: given.split(',').map((address) => address.trim()) }
  const version = testedKafkaVersion()
  if ((await whyNoOwnBroker(version)) === null) return { kind: 'java', version }
  if (hasDocker()) return { kind: 'docker', version }
  return { kind: 'none', reason: `needs a Kafka broker. ${KAFKA_REMEDY}` }
}

/** What is missing to start a broker with Java; null where nothing is. */
export async function whyNoOwnBroker(version: string): Promise<string | null> {
  const { java, maven } = findJavaTools()
  if (java === null) return `needs a Kafka broker of its own, and there is no Java 17. ${KAFKA_REMEDY}`
  if (maven === null && !(await hasKafkaJars(version))) {
    return `needs a Kafka broker of its own, and there is no Maven to fetch it. ${KAFKA_REMEDY}`
  }
  return null
}

/**
 * A broker from this source.
 * @throws StreamsError BROKER_TOOLS_MISSING, BROKER_NOT_STARTED
 */
export async function startTestKafka(source: KafkaSource): Promise<TestKafka> {
  if (source.kind === 'none') throw new StreamsError('BROKER_TOOLS_MISSING', `This ${source.reason}`)
  if (source.kind === 'given') return { brokers: source.brokers, stop: async () => {} }
  if (source.kind === 'docker') {
    // Loaded only here: the package takes a second, and every test would pay it.
    const { startKafkaContainer } = await import('./kafka-container.ts')
    return startKafkaContainer(source.version)
  }
  const broker = await KafkaBroker.start({ version: source.version })
  return { brokers: [broker.addresses.plain], stop: () => broker.stop() }
}

function hasDocker(): boolean {
  return spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 }).status === 0
}

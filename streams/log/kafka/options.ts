import type { ConnectionOptions as TlsOptions } from 'node:tls'
import { StreamsError } from '../../errors.ts'

/** How a record batch may be compressed on its way to the broker. */
export const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
/** One of `COMPRESSIONS`. */
export type Compression = (typeof COMPRESSIONS)[number]

/** Ways to sign in to a broker with a name and a password. */
export const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
/** Credentials for a broker that asks for them. */
export type SaslCredentials = {
  readonly mechanism: (typeof SASL_MECHANISMS)[number]
  readonly username: string
  readonly password: string
}

/** Where the brokers are, how to sign in, and how patient to be. */
export type KafkaLogOptions = {
  /** `host:port` of one broker or more; the others are learnt from the first that answers. */
  readonly brokers: readonly string[]
  /** What the broker's logs call us. `fourfold-streams`. */
  readonly clientId?: string
  readonly sasl?: SaslCredentials
  /** Options of Node's TLS (`ca`, `cert`, `key`, …); an empty object trusts the authorities that Node knows. */
  readonly tls?: TlsOptions
  /**
   * A transaction that is open for longer is aborted by the broker, in milliseconds. It bounds how long a crashed
   * instance holds up readers of committed records. 10,000.
   */
  readonly transactionTimeoutMs?: number
  /** A member that the broker has not heard of for so long is out of its group, in milliseconds. 10,000. */
  readonly sessionTimeoutMs?: number
  /** How often a member tells the broker that it lives, in milliseconds. 1,000. */
  readonly heartbeatMs?: number
  /**
   * How long a member may take to hand partitions over, in milliseconds. A join is answered when all have; one whose
   * answer is lost on the way is sent again after this and five seconds. 30,000.
   */
  readonly rebalanceTimeoutMs?: number
  /** How long an answer of a broker may take, and a connection to be made, in milliseconds. 30,000 and 5,000. */
  readonly requestTimeoutMs?: number
  readonly connectTimeoutMs?: number
  /** How long brokers may be out of reach before whoever needs them gives up, in milliseconds. 300,000. */
  readonly patienceMs?: number
  /** Key, value and headers of one record, in bytes. 1 MiB. */
  readonly recordBytesMax?: number
  /** Copies of each partition of the topics we make; -1 takes the broker's default. -1. */
  readonly replicationFactor?: number
  readonly compression?: Compression
  /**
   * `classic` transactions name their partitions to the coordinator first; with `kip-890` (where the cluster has
   * `transaction.version` 2) each has an epoch of its own and its partitions add themselves: three requests in place
   * of five, and half of the broker's work. Both are exactly once. One right after the other the classic ones are
   * faster, because a broker that adds a partition by itself waits 20 ms where the last transaction's markers are not
   * written yet, and we look again after 1 ms. So `mixed`, the default, goes by when the last one ended.
   */
  readonly transactions?: 'classic' | 'kip-890' | 'mixed'
}

/** The options with every default filled in. */
export type ResolvedKafkaOptions = Required<Omit<KafkaLogOptions, 'sasl' | 'tls' | 'brokers'>> & {
  readonly brokers: readonly { readonly host: string; readonly port: number }[]
  readonly sasl: SaslCredentials | undefined
  readonly tls: TlsOptions | undefined
}

/** @throws StreamsError LOG_OPTION_INVALID naming the option. */
export function resolveKafkaOptions(options: KafkaLogOptions): ResolvedKafkaOptions {
  const resolved: ResolvedKafkaOptions = {
    brokers: options.brokers.map(parseBroker),
    clientId: options.clientId ?? 'fourfold-streams',
    sasl: options.sasl,
    tls: options.tls,
    transactionTimeoutMs: options.transactionTimeoutMs ?? 10_000,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
    heartbeatMs: options.heartbeatMs ?? 1_000,
    rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? 30_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    patienceMs: options.patienceMs ?? 300_000,
    recordBytesMax: options.recordBytesMax ?? 1024 * 1024,
    replicationFactor: options.replicationFactor ?? -1,
    compression: options.compression ?? 'none',
    transactions: options.transactions ?? 'mixed',
  }
  if (resolved.brokers.length === 0) throw invalid('brokers', 'is empty: give host:port of one broker at least')
  for (const [name, value] of Object.entries(resolved)) {
    if (typeof value !== 'number' || name === 'replicationFactor') continue
    if (!Number.isInteger(value) || value < 1) throw invalid(name, `is ${value}: give a whole number from 1`)
  }
  checkChoices(resolved)
  return resolved
}

function checkChoices({ heartbeatMs, sessionTimeoutMs, compression, sasl }: ResolvedKafkaOptions): void {
  if (heartbeatMs * 3 > sessionTimeoutMs)
    throw invalid('heartbeatMs', `is ${heartbeatMs}: give a third of sessionTimeoutMs (${sessionTimeoutMs}) at most`)
  if (!COMPRESSIONS.includes(compression))
    throw invalid('compression', `is ${String(compression)}: give one of ${COMPRESSIONS.join(', ')}`)
  if (sasl === undefined) return
  if (!SASL_MECHANISMS.includes(sasl.mechanism))
    throw invalid('sasl.mechanism', `is ${String(sasl.mechanism)}: give one of ${SASL_MECHANISMS.join(', ')}`)
  if (sasl.username === '' || sasl.password === '') throw invalid('sasl', 'has an empty username or password')
}

function parseBroker(address: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(address.trim())
  const port = Number(match?.[3])
  if (match === null || port < 1 || port > 65_535)
    throw invalid('brokers', `has ${JSON.stringify(address)}: give host:port, such as 127.0.0.1:9092`)
  return { host: (match[1] ?? match[2]) as string, port }
}

function invalid(name: string, why: string): StreamsError {
  return new StreamsError('LOG_OPTION_INVALID', `The option ${name} of the Kafka log ${why}.`)
}

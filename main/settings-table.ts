/**
 * Every setting of the platform, in one table. The variable's name here is the name of the environment variable; the
 * command-line flag is the same in lower case with dashes (`DATA_DIR` is `--data-dir`). Types, parsing, messages and
 * `--help` are all made from this table, and docker-compose.yml is checked against it.
 */

import { GATEWAY_SETTINGS } from './gateway-settings.ts'
import { NOTICE_PROVIDER_SETTINGS } from './notice-provider-settings.ts'

/** What a value may be, and so which TypeScript type it has once it is read. */
export type SettingType =
  | { readonly kind: 'text' }
  | { readonly kind: 'path' }
  | { readonly kind: 'date' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'url'; readonly protocols: readonly string[] }

/** One row of the table. A default of `null` means "not set": the platform then uses its own embedded part. */
export type Setting = {
  readonly name: string
  readonly group: string
  readonly type: SettingType
  readonly default: string | number | null
  readonly description: string
  /** True where the value must never be printed. */
  readonly secret?: boolean
}

const HTTP = { kind: 'url', protocols: ['http', 'https'] } as const
const TEXT = { kind: 'text' } as const

/** The table itself, in the order in which `--help` prints it. */
export const SETTINGS = [
  {
    name: 'PORT',
    group: 'Server',
    type: { kind: 'integer', min: 0, max: 65_535 },
    default: 8080,
    description: 'Port of the API and of the pages. 0 takes any free one.',
  },
  {
    name: 'HOST',
    group: 'Server',
    type: TEXT,
    default: '127.0.0.1',
    description: 'Address to listen on. The default is reached from this machine only; 0.0.0.0 (Docker) from anywhere.',
  },
  {
    name: 'PUBLIC_URL',
    group: 'Server',
    type: HTTP,
    default: null,
    description: 'Where people reach this server, for links in messages. Not set: http://HOST:PORT.',
  },
  {
    name: 'REQUESTS_PER_MINUTE_MAX',
    group: 'Server',
    type: { kind: 'integer', min: 1, max: 1_000_000_000 },
    default: 60_000,
    description: 'Requests that one caller may make to the API in a minute.',
  },
  {
    name: 'ADMIN_TOKEN',
    group: 'Server',
    type: TEXT,
    default: null,
    secret: true,
    description: 'Bearer token of the operations pages. Not set: made once, kept in DATA_DIR, printed at start.',
  },
  {
    name: 'TOKEN_SECRET',
    group: 'Server',
    type: TEXT,
    default: null,
    secret: true,
    description:
      'Signs sessions and makes one-time codes, the same for the API and the connectors. Not set: made once and kept ' +
      'in DATA_DIR.',
  },
  {
    name: 'SESSION_DAYS',
    group: 'Server',
    type: { kind: 'integer', min: 1, max: 3_650 },
    default: 30,
    description: 'Days of business time that a consumer stays signed in.',
  },
  {
    name: 'ACCESS_MINUTES',
    group: 'Server',
    type: { kind: 'integer', min: 1, max: 5_256_000 },
    default: 15,
    description: 'Minutes of business time that an access token lasts; the refresh token of the session gets the next.',
  },
  {
    name: 'DATA_DIR',
    group: 'Storage',
    type: { kind: 'path' },
    default: './.fourfold',
    description: 'Folder of everything the platform keeps itself. One process at a time may use it.',
  },
  {
    name: 'DURABILITY',
    group: 'Storage',
    type: { kind: 'choice', of: ['process', 'power'] },
    default: 'process',
    description:
      'What a committed record survives: the end of the process (kill -9), or also a loss of power (slower).',
  },
  {
    name: 'STATE_CACHE_BYTES',
    group: 'Storage',
    type: { kind: 'integer', min: 1_048_576, max: 68_719_476_736 },
    default: 268_435_456,
    description: 'Memory for the state that topologies read often, in bytes.',
  },
  {
    name: 'THREADS',
    group: 'Storage',
    type: { kind: 'integer', min: 0, max: 8 },
    default: 0,
    description:
      'Threads for the topologies that do not answer the API at once (all but consumers, merchants and credit), on ' +
      'the embedded log; worth a try from four cores on. On Kafka start parts as processes instead.',
  },
  {
    name: 'DATABASE_URL',
    group: 'Storage',
    type: { kind: 'url', protocols: ['postgres', 'postgresql'] },
    default: null,
    secret: true,
    description: 'PostgreSQL for queries. Not set: PGlite, inside DATA_DIR.',
  },
  {
    name: 'CLICKHOUSE_URL',
    group: 'Storage',
    type: HTTP,
    default: null,
    secret: true,
    description: 'ClickHouse for analytics. Not set: chdb, inside DATA_DIR.',
  },
  {
    name: 'REDIS_URL',
    group: 'Storage',
    type: { kind: 'url', protocols: ['redis', 'rediss'] },
    default: null,
    secret: true,
    description: 'Redis for what several API nodes count together. Not set: memory of this process.',
  },
  {
    name: 'KAFKA_BROKERS',
    group: 'Log',
    type: TEXT,
    default: null,
    description: 'Kafka brokers, host:port, separated by commas. Not set: the embedded log, inside DATA_DIR.',
  },
  {
    name: 'KAFKA_TLS',
    group: 'Log',
    type: { kind: 'choice', of: ['off', 'on'] },
    default: 'off',
    description: 'Whether the brokers are reached by TLS.',
  },
  {
    name: 'KAFKA_CA_FILE',
    group: 'Log',
    type: { kind: 'path' },
    default: null,
    description: 'Certificates (PEM) to trust as authorities of the brokers. Not set: those that Node knows.',
  },
  {
    name: 'KAFKA_SASL',
    group: 'Log',
    type: { kind: 'choice', of: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] },
    default: null,
    description: 'How to sign in to the brokers, with KAFKA_USERNAME and KAFKA_PASSWORD. Not set: not at all.',
  },
  {
    name: 'KAFKA_USERNAME',
    group: 'Log',
    type: TEXT,
    default: null,
    description: 'The user at the brokers.',
  },
  {
    name: 'KAFKA_PASSWORD',
    group: 'Log',
    type: TEXT,
    default: null,
    secret: true,
    description: 'The password of KAFKA_USERNAME.',
  },
  {
    name: 'KAFKA_REPLICATION',
    group: 'Log',
    type: { kind: 'integer', min: 1, max: 9 },
    default: null,
    description: 'Copies of each partition of the topics that are made. Not set: the default of the brokers.',
  },
  {
    name: 'KAFKA_COMPRESSION',
    group: 'Log',
    type: { kind: 'choice', of: ['none', 'gzip', 'snappy', 'lz4', 'zstd'] },
    default: 'none',
    description: 'How record batches are compressed on their way to the brokers.',
  },
  {
    name: 'INSTANCE_ID',
    group: 'Log',
    type: TEXT,
    default: null,
    description: 'Name of this process among those that share the work. Not set: made once and kept in DATA_DIR.',
  },
  {
    name: 'ON_STOP',
    group: 'Log',
    type: { kind: 'choice', of: ['keep-place', 'leave'] },
    default: 'keep-place',
    description:
      'On Kafka: a process that stops keeps its tasks for 10 s, so that a restart moves none; or leaves them at once.',
  },
  {
    name: 'QUERY_SECRET',
    group: 'Log',
    type: TEXT,
    default: null,
    secret: true,
    description:
      'Lets processes that share the work ask each other for state. Not set: each answers from its own tasks.',
  },
  {
    name: 'QUERY_HOST',
    group: 'Log',
    type: TEXT,
    default: '127.0.0.1',
    description: 'Address at which the other processes ask this one for state. For QUERY_SECRET.',
  },
  {
    name: 'QUERY_PORT',
    group: 'Log',
    type: { kind: 'integer', min: 0, max: 65_535 },
    default: 0,
    description: 'Port at which they do. 0 takes any free one: they learn it from the group.',
  },
  {
    name: 'QUERY_ADDRESS',
    group: 'Log',
    type: TEXT,
    default: null,
    description: 'host:port at which they reach this process. Not set: QUERY_HOST and the port.',
  },
  {
    name: 'SCHEMA_REGISTRY_URL',
    group: 'Log',
    type: HTTP,
    default: null,
    secret: true,
    description:
      'A registry that speaks the Confluent REST API. Not set: the embedded one, at /registry of this server.',
  },
  {
    name: 'PARTITIONS',
    group: 'Log',
    type: { kind: 'integer', min: 1, max: 256 },
    default: 4,
    description: 'Partitions of every topic. Fixed at the first start on a DATA_DIR.',
  },
  {
    name: 'CLOCK',
    group: 'Clock',
    type: { kind: 'choice', of: ['live', 'manual'] },
    default: 'live',
    description: 'Business time: follows the real one (live), or moves only when it is told to (manual).',
  },
  {
    name: 'CLOCK_START',
    group: 'Clock',
    type: { kind: 'date' },
    default: null,
    description: 'First business date of a manual clock, YYYY-MM-DD. Not set: today.',
  },
  {
    name: 'IDENTITY_URL',
    group: 'Providers',
    type: HTTP,
    default: null,
    description: 'Identity verification. Not set: the sandbox.',
  },
  {
    name: 'BUSINESS_URL',
    group: 'Providers',
    type: HTTP,
    default: null,
    description: 'Verification of merchants. Not set: the sandbox.',
  },
  {
    name: 'BUREAU_URL',
    group: 'Providers',
    type: HTTP,
    default: null,
    description: 'Credit bureau. Not set: the sandbox.',
  },
  {
    name: 'BUREAU_2_URL',
    group: 'Providers',
    type: HTTP,
    default: null,
    description:
      'A second credit bureau, asked where the credit policy names it. Not set: none, or the sandbox beside the first.',
  },
  ...GATEWAY_SETTINGS,
  ...NOTICE_PROVIDER_SETTINGS,
] as const satisfies readonly Setting[]

type Row = (typeof SETTINGS)[number]

type ValueOf<R extends Row> = R['type'] extends { readonly kind: 'integer' }
  ? number
  : R['type'] extends { readonly kind: 'choice'; readonly of: readonly (infer Choice)[] }
    ? Choice
    : string

/** The settings as the program uses them: `settings.PORT` is a number, `settings.DATABASE_URL` a string or null. */
export type Settings = {
  readonly [R in Row as R['name']]: R['default'] extends null ? ValueOf<R> | null : ValueOf<R>
}

/** The name of a setting, and of its environment variable. */
export type SettingName = Row['name']

/** The command-line flag of a setting: `DATA_DIR` is `--data-dir`. */
export function flagOf(name: string): string {
  return `--${name.toLowerCase().replaceAll('_', '-')}`
}

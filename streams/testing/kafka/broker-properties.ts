import type { BrokerCertificate, BrokerPlace, Listener, SaslUser } from './broker-options.ts'

/** All that the settings of a broker depend on. */
export type BrokerPlan = {
  readonly listeners: readonly Listener[]
  readonly logDir: string
  readonly saslUsers: readonly SaslUser[]
  readonly certificate: BrokerCertificate | null
  readonly place: BrokerPlace
  readonly properties: Readonly<Record<string, string>>
}

const HOST = '127.0.0.1'

/** A node that is broker and controller; small, and quick where a default is made for large clusters. */
const SMALL_NODE = {
  'process.roles': 'broker,controller',
  'auto.create.topics.enable': 'false',
  'num.partitions': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.num.partitions': '4',
  'share.coordinator.state.topic.num.partitions': '1',
  // A group is ready when its first member is; tests freeze members for longer than the shortest session.
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '500',
  // A transaction whose producer is gone holds readers up to its timeout, and this long until somebody looks.
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500',
  'log.cleaner.backoff.ms': '500',
  'log.cleaner.dedupe.buffer.size': '16777216',
  'log.retention.check.interval.ms': '1000',
  'log.initial.task.delay.ms': '1000',
  'num.network.threads': '2',
  'num.io.threads': '4',
}

/** The text of `server.properties`. */
export function brokerProperties(plan: BrokerPlan): string {
  const all: Record<string, string> = {
    ...SMALL_NODE,
    ...copyProperties(plan.place.controllerPorts.length),
    ...placeProperties(plan.place),
    ...listenerProperties(plan.listeners),
    ...saslProperties(plan.listeners, plan.saslUsers),
    ...tlsProperties(plan.certificate),
    'log.dirs': plan.logDir,
    ...plan.properties,
  }
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('')
}

/** Every broker has a copy of all there is; one of them may be away. */
function copyProperties(brokers: number): Record<string, string> {
  const copies = String(brokers)
  const inSync = String(Math.max(1, brokers - 1))
  return {
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
  }
}

function placeProperties({ nodeId, controllerPorts }: BrokerPlace): Record<string, string> {
  return {
    'node.id': String(nodeId),
    'controller.quorum.voters': controllerPorts.map((port, index) => `${index + 1}@${HOST}:${port}`).join(','),
  }
}

function listenerProperties(listeners: readonly Listener[]): Record<string, string> {
  const list = (of: readonly Listener[], text: (listener: Listener) => string) => of.map(text).join(',')
  return {
    listeners: list(listeners, ({ name, port }) => `${name}://${HOST}:${port}`),
    'advertised.listeners': list(
      listeners.filter(({ name }) => name !== 'CONTROLLER'),
      ({ name, advertisedPort }) => `${name}://${HOST}:${advertisedPort}`,
    ),
    'listener.security.protocol.map': list(listeners, ({ name, protocol }) => `${name}:${protocol}`),
    'inter.broker.listener.name': 'PLAIN',
    'controller.listener.names': 'CONTROLLER',
  }
}

function saslProperties(listeners: readonly Listener[], users: readonly SaslUser[]): Record<string, string> {
  if (users.length === 0) return {}
  const known = users.map(({ name, password }) => `user_${name}="${quoted(password)}"`).join(' ')
  const security = 'org.apache.kafka.common.security'
  const perListener = listeners.filter(({ protocol }) => protocol.startsWith('SASL'))
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    ...Object.fromEntries(
      perListener.flatMap(({ name }) => {
        const prefix = `listener.name.${name.toLowerCase()}`
        return [
          [`${prefix}.plain.sasl.jaas.config`, `${security}.plain.PlainLoginModule required ${known};`],
          [`${prefix}.scram-sha-256.sasl.jaas.config`, `${security}.scram.ScramLoginModule required;`],
          [`${prefix}.scram-sha-512.sasl.jaas.config`, `${security}.scram.ScramLoginModule required;`],
        ]
      }),
    ),
  }
}

/** The arguments with which the data directory is formatted so that it knows the SCRAM users. */
export function scramArguments(users: readonly SaslUser[]): string[] {
  return users.flatMap(({ name, password }) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  )
}

function tlsProperties(certificate: BrokerCertificate | null): Record<string, string> {
  if (certificate === null) return {}
  return {
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': certificate.keyStore,
    'ssl.keystore.password': certificate.password,
    'ssl.key.password': certificate.password,
  }
}

function quoted(text: string): string {
  return text.replace(/["\\]/g, '\\$&')
}

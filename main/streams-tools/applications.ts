import { CONNECTOR_NAMES } from '#connectors/start-connectors.ts'
import type { Schemas } from '#schemas'
import { deadLetterTopic, type TopicSpec, type Topology } from '#streams'
import { groupOf } from '../reading-groups.ts'
import { StartError } from '../start-error.ts'

/** Whatever reads topics in a group of its own: a topology or a connector. */
export type Application = {
  readonly name: string
  readonly group: string
  /** What it reads. */
  readonly topics: readonly string[]
  /** Where records stand that it gave up on. */
  readonly deadLetters: string
  /** What it makes for itself. */
  readonly internalTopics: readonly TopicSpec[]
  /** Null for a connector. */
  readonly topology: Topology | null
}

/** Every application of the platform, topologies first. */
export function applications(topologies: readonly Topology[], schemas: Schemas): readonly Application[] {
  return [...topologies.map(ofTopology), ...connectors(schemas)]
}

/** The one of this name. @throws StartError APPLICATION_UNKNOWN */
export function applicationNamed(all: readonly Application[], name: string): Application {
  const found = all.find((one) => one.name === name)
  if (found !== undefined) return found
  const known = all.map((one) => one.name).join(', ')
  throw new StartError('APPLICATION_UNKNOWN', `There is no application ${JSON.stringify(name)}. Known: ${known}.`)
}

function ofTopology(topology: Topology): Application {
  return {
    name: topology.name,
    group: groupOf(topology.name),
    topics: topology.inputTopics(),
    deadLetters: deadLetterTopic(topology.name),
    internalTopics: topology.internalTopics(),
    topology,
  }
}

function connectors({ topics }: Schemas): Application[] {
  const requests = {
    identity: topics.identityRequests,
    business: topics.merchantCheckRequests,
    bureau: topics.bureauRequests,
    'payment-gateway': topics.paymentRequests,
    'payment-gateway-2': topics.paymentRequests,
    payouts: topics.payoutRequests,
    email: topics.notificationRequests,
    sms: topics.notificationRequests,
    push: topics.notificationRequests,
    'merchant-webhooks': topics.webhookRequests,
  }
  return CONNECTOR_NAMES.map((name) => {
    const { partitions } = requests[name]
    const app = `connector.${name}`
    const deadLetters = deadLetterTopic(app)
    const spec: TopicSpec = { name: deadLetters, partitions, cleanup: 'delete', retentionMs: -1 }
    return {
      ...{ name: app, group: app, topics: [requests[name].name], deadLetters },
      ...{ internalTopics: [spec], topology: null },
    }
  })
}

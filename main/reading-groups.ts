import type { Schemas } from '#schemas'
import type { Topology } from '#streams'
import type { ReadingGroup } from './rest.ts'

/**
 * All groups of the platform, wherever they run. `money` must have come to rest before business time moves on;
 * `notices` may follow later: no decision and no amount depends on them.
 */
export type ReadingGroups = { readonly money: readonly ReadingGroup[]; readonly notices: readonly ReadingGroup[] }

/** Topologies that only write down what was decided: business time need not wait for them. */
const FOLLOWERS: readonly string[] = [
  'fourfold.notifications',
  'fourfold.ledger',
  'fourfold.audit',
  'fourfold.webhooks',
]

/** The group in which a topology reads. */
export function groupOf(topology: string): string {
  return `fourfold.${topology}`
}

/** The groups that read these topologies' topics, and those of the connectors. */
export function readingGroups(
  topologies: Iterable<Topology>,
  { topics }: Schemas,
  hasSecondGateway: boolean,
): ReadingGroups {
  const groups = [...topologies].map((topology) => ({
    group: groupOf(topology.name),
    topics: topology.inputTopics(),
  }))
  const isNotices = ({ group }: ReadingGroup) => FOLLOWERS.includes(group)
  return {
    money: [
      ...groups.filter((group) => !isNotices(group)),
      // An identity review may take a day of real time: it is no reason to call the platform busy.
      { group: 'connector.payment-gateway', topics: [topics.paymentRequests.name] },
      ...(hasSecondGateway ? [{ group: 'connector.payment-gateway-2', topics: [topics.paymentRequests.name] }] : []),
      { group: 'connector.payouts', topics: [topics.payoutRequests.name] },
      { group: 'connector.bureau', topics: [topics.bureauRequests.name] },
    ],
    notices: [
      ...groups.filter(isNotices),
      { group: 'connector.email', topics: [topics.notificationRequests.name] },
      { group: 'connector.sms', topics: [topics.notificationRequests.name] },
      { group: 'connector.push', topics: [topics.notificationRequests.name] },
      { group: 'connector.merchant-webhooks', topics: [topics.webhookRequests.name] },
    ],
  }
}

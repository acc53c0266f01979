import type { RunningConnector } from '#connectors/runtime/run-connector.ts'
import type { ProviderUrls } from '#connectors/sandbox-servers.ts'
import { startConnectors } from '#connectors/start-connectors.ts'
import type { Schemas } from '#schemas'
import type { Log } from '#streams'
import type { Closers } from './closers.ts'
import type { ReadingGroup } from './rest.ts'

/**
 * The connectors at work. `moneyGroups` must have come to rest before business time moves on; `noticeGroups` may follow
 * later: no decision and no amount depends on a notice.
 */
export type RunningConnectors = {
  readonly all: readonly RunningConnector[]
  readonly gateway: RunningConnector
  readonly moneyGroups: readonly ReadingGroup[]
  readonly noticeGroups: readonly ReadingGroup[]
}

/** Starts every connector, and says when one is in trouble and when it works again. */
export async function runConnectors(
  log: Log,
  schemas: Schemas,
  urls: ProviderUrls,
  closers: Closers,
): Promise<RunningConnectors> {
  const onTrouble = (connector: string, trouble: string | null) =>
    console.error(trouble === null ? `Connector ${connector}: works again.` : `Connector ${connector}: ${trouble}`)
  const { all, gateway, close } = await startConnectors({ log, schemas, urls, onTrouble })
  closers.add('the connectors', close)
  const { topics } = schemas
  // An identity review may take a day of real time: it is no reason to call the platform busy.
  const moneyGroups: ReadingGroup[] = [
    { group: 'connector.payment-gateway', topics: [topics.paymentRequests.name] },
    { group: 'connector.payouts', topics: [topics.payoutRequests.name] },
    { group: 'connector.bureau', topics: [topics.bureauRequests.name] },
  ]
  const noticeGroups: ReadingGroup[] = [
    { group: 'connector.email', topics: [topics.notificationRequests.name] },
    { group: 'connector.sms', topics: [topics.notificationRequests.name] },
    { group: 'connector.push', topics: [topics.notificationRequests.name] },
  ]
  return { all, gateway, moneyGroups, noticeGroups }
}

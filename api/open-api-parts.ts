import type { Context } from 'hono'
import type { GatewayName } from '#domain/gateway-names.ts'
import type { Schemas } from '#schemas'
import type { Log, Topic } from '#streams'
import { CommandGateway } from './command-gateway.ts'
import { Cursors } from './cursors.ts'
import { Directory } from './directory.ts'
import { FreshQueries } from './fresh-queries.ts'
import type { Operations } from './operations.ts'
import { OutcomeTail } from './outcome-tail.ts'
import type { ApiParts } from './parts.ts'
import type { AppliedPositions, BusinessTime, StateQueries } from './ports.ts'
import type { MerchantAnalytics, ReadModel } from './reads.ts'
import { RecentPositions } from './recent-positions.ts'
import { TokenIssuer } from './tokens.ts'

/** What the API needs of the platform. */
export type OpenApiPartsOptions = {
  readonly log: Log
  readonly schemas: Schemas
  readonly queries: StateQueries
  readonly time: BusinessTime
  readonly reads: ReadModel
  /** How far the read model has come. */
  readonly applied: AppliedPositions
  readonly analytics: MerchantAnalytics
  readonly operations: Operations
  readonly operatorToken: string
  /** Makes tokens, cursors and fingerprints of bodies; the same on every node. */
  readonly secret: string
  readonly sessionDays: number
  /** Whether webhook endpoints may be in our own network; not where it is left out. */
  readonly privateWebhooks?: boolean
  /** The payment gateways that charges can go to; the primary one where left out. */
  readonly gateways?: readonly GatewayName[]
  readonly accessMinutes: number
  /** The address a request comes from, as the socket says it. */
  readonly addressOf: (c: Context) => string
  readonly outcomeTimeoutMs?: number
}

/** An unknown id costs a caller this wait at most, where the read model is behind. Milliseconds. */
const CAUGHT_UP_MS = 1_000

/** Puts the parts of the API together and begins to listen for outcomes; `close` ends that. */
export async function openApiParts(options: OpenApiPartsOptions): Promise<ApiParts & { close(): Promise<void> }> {
  const { log, schemas, time, reads, secret, outcomeTimeoutMs } = options
  const tail = new OutcomeTail(log, outcomeTopics(schemas))
  await tail.start()
  const queries = new FreshQueries(options.queries)
  return {
    ...{ schemas, queries, time, reads },
    auth: { queries, time, operatorToken: options.operatorToken },
    commands: new CommandGateway({
      ...{ log, tail, queries, time, secret },
      ...(outcomeTimeoutMs === undefined ? {} : { outcomeTimeoutMs }),
    }),
    recent: new RecentPositions(options.applied),
    directory: new Directory({
      lookups: { chk: (id) => reads.merchantOfCheckout(id), pur: (id) => reads.consumerOfPurchase(id) },
      caughtUp: () => caughtUp(options),
    }),
    analytics: options.analytics,
    operations: options.operations,
    tokens: new TokenIssuer(secret),
    privateWebhooks: options.privateWebhooks ?? false,
    gateways: options.gateways ?? ['primary'],
    sessionDays: options.sessionDays,
    accessMinutes: options.accessMinutes,
    codeSecret: secret,
    cursors: new Cursors(secret),
    addressOf: options.addressOf,
    close: () => tail.close(),
  }
}

/** Where outcomes are told. Plans are in it for readers, who wait for what follows from their commands. */
function outcomeTopics({ topics }: Schemas): readonly Topic<{ readonly type: string }>[] {
  const told = [
    topics.consumerEvents,
    topics.merchantEvents,
    topics.creditEvents,
    topics.creditRuleEvents,
    topics.creditReviewEvents,
    topics.purchaseEvents,
    topics.paymentEvents,
    topics.gatewayRouteEvents,
    topics.ledgerPeriodEvents,
    topics.planEvents,
    topics.settlementEvents,
    topics.webhookEvents,
  ]
  return told as unknown as readonly Topic<{ readonly type: string }>[]
}

/** The read model has applied all that tells who owns a checkout or a purchase. */
async function caughtUp({ log, schemas, applied }: OpenApiPartsOptions): Promise<void> {
  const { merchantEvents, purchaseEvents } = schemas.topics
  const partitions = [merchantEvents, purchaseEvents].flatMap(({ name }) =>
    Array.from({ length: log.partitionCount(name) }, (_, partition) => ({ topic: name, partition })),
  )
  const ends = await log.endOffsets(partitions)
  const last = ends.filter(({ offset }) => offset > 0).map((end) => ({ ...end, offset: end.offset - 1 }))
  await Promise.all(last.map((position) => applied.waitFor(position, CAUGHT_UP_MS)))
}

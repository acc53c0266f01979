import type { Context } from 'hono'
import type { GatewayName } from '#domain/gateway-names.ts'
import type { Schemas } from '#schemas'
import type { AuthParts } from './auth.ts'
import type { CommandGateway } from './command-gateway.ts'
import type { Cursors } from './cursors.ts'
import type { Directory } from './directory.ts'
import type { Operations } from './operations.ts'
import type { BusinessTime, StateQueries } from './ports.ts'
import type { MerchantAnalytics, ReadModel } from './reads.ts'
import type { RecentPositions } from './recent-positions.ts'
import type { TokenIssuer } from './tokens.ts'

/** What every route is made of. */
export type ApiParts = {
  readonly schemas: Schemas
  readonly auth: AuthParts
  readonly commands: CommandGateway
  readonly queries: StateQueries
  readonly time: BusinessTime
  readonly recent: RecentPositions
  readonly directory: Directory
  readonly reads: ReadModel
  readonly analytics: MerchantAnalytics
  readonly operations: Operations
  readonly tokens: TokenIssuer
  /** The payment gateways that charges can go to. */
  readonly gateways: readonly GatewayName[]
  /** Whether webhook endpoints may be in our own network, and without TLS: in a sandbox. */
  readonly privateWebhooks: boolean
  /** How long a session lasts, and how long its access token does. Business time. */
  readonly sessionDays: number
  readonly accessMinutes: number
  /** Makes what is kept of one-time codes; those who send them have the same. */
  readonly codeSecret: string
  readonly cursors: Cursors
  /** The address a request comes from, as the socket says it: a header can be made up. */
  readonly addressOf: (c: Context) => string
}

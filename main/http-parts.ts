import type { BusinessClock } from '#connectors/clock/business-clock.ts'
import type { GatewayName } from '#domain/gateway-names.ts'
import type { LocalPart } from './cluster/local-part.ts'
import type { ReadSide } from './databases.ts'
import type { Foundation } from './foundation.ts'
import type { Gateways } from './gateways.ts'

/** All that the API and the pages are put together from. */
export type HttpParts = {
  readonly foundation: Foundation
  readonly local: LocalPart
  readonly reads: ReadSide
  readonly clock: BusinessClock
  readonly gateways: Gateways
  /** Where the sandboxes show what they sent; null where that is not for everybody. */
  readonly outbox: () => string | null
  readonly operatorToken: string
  readonly tokenSecret: string
  readonly webhookSecrets: Readonly<Record<GatewayName, string>>
  readonly mailSecret: string
}

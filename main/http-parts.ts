import type { BusinessClock } from '#connectors/clock/business-clock.ts'
import type { LocalPart } from './cluster/local-part.ts'
import type { ReadSide } from './databases.ts'
import type { Foundation } from './foundation.ts'

/** All that the API and the pages are put together from. */
export type HttpParts = {
  readonly foundation: Foundation
  readonly local: LocalPart
  readonly reads: ReadSide
  readonly clock: BusinessClock
  /** Where cards are tokenised: the sandbox, wherever it runs, or a real gateway. */
  readonly gateway: { readonly isSandbox: boolean; readonly url: () => string }
  readonly operatorToken: string
  readonly tokenSecret: string
  readonly webhookSecret: string
}

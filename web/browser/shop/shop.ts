import type { Merchant } from '../api-types.ts'
import type { ApiClient } from '../kit/api-client.ts'

/** What the parts of the shop page share. */
export type Shop = {
  readonly api: ApiClient
  readonly merchant: Merchant
  /** Business date. */
  readonly today: string
  /** Reads everything that is shown anew. */
  readonly refresh: () => Promise<void>
}

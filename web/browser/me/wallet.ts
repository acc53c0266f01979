import type { Consumer, PaymentMethod } from '../api-types.ts'
import type { ApiClient } from '../kit/api-client.ts'

/** What the parts of the wallet page share: the consumer as last read. */
export type Wallet = {
  readonly api: ApiClient
  readonly consumer: Consumer
  readonly cards: readonly PaymentMethod[]
  /** Business date. */
  readonly today: string
  /** Reads everything that is shown anew. */
  readonly refresh: () => Promise<void>
}

/** A card as it is named everywhere: `Visa ···· 4242`. */
export function cardName({ brand, last4 }: PaymentMethod): string {
  return `${brand.charAt(0).toUpperCase()}${brand.slice(1)} ···· ${last4}`
}

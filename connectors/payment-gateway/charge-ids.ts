import { createHmac, hash } from 'node:crypto'

/** What a charge id says of its charge. */
export type ChargeFacts = { readonly succeeded: boolean; readonly amountMinor: number; readonly currency: string }

/**
 * Ids of the sandbox's charges. An id says what it stands for and is signed, so a restarted sandbox knows every charge
 * it ever made without having kept one.
 */
export class ChargeIds {
  readonly #secret: string

  constructor(secret: string) {
    this.#secret = secret
  }

  /** The id of the charge made for an idempotency key. */
  idOf(key: string, { succeeded, amountMinor, currency }: ChargeFacts): string {
    const nonce = hash('sha256', key, 'hex').slice(0, 16)
    const facts = `${nonce}_${succeeded ? 's' : 'f'}_${amountMinor.toString(36)}_${currency.toLowerCase()}`
    return `ch_${facts}_${this.#mac(facts)}`
  }

  /** What an id says; null where the sandbox did not make it. */
  factsOf(id: string): ChargeFacts | null {
    const [, facts = '', outcome, amount = '', currency = '', mac] =
      /^ch_([0-9a-f]{16}_([sf])_([0-9a-z]+)_([a-z]{3}))_([0-9a-f]{16})$/.exec(id) ?? []
    if (mac === undefined || this.#mac(facts) !== mac) return null
    return {
      succeeded: outcome === 's',
      amountMinor: Number.parseInt(amount, 36),
      currency: currency.toUpperCase(),
    }
  }

  #mac(facts: string): string {
    return createHmac('sha256', this.#secret).update(facts).digest('hex').slice(0, 16)
  }
}

import { createHmac } from 'node:crypto'
import { type CardBehaviour, CHARGED_BACK, TEST_CARDS } from './test-cards.ts'

/** A token for a card, and what may be shown of the card. */
export type CardToken = { readonly token: string; readonly brand: string; readonly last4: string }

/**
 * Tokens of the sandbox: `tok_<brand>_<last 4>_<HMAC of the number>`. The same card has the same token, on every start,
 * and the number cannot be had from it without the secret. Letters stand for the HMAC's digits, so that a token never
 * looks like a card number.
 */
export class CardTokens {
  readonly #secret: string
  readonly #behaviours: ReadonlyMap<string, CardBehaviour>

  constructor(secret: string) {
    this.#secret = secret
    this.#behaviours = new Map([...TEST_CARDS].map(([number, behaviour]) => [this.#token(number).token, behaviour]))
  }

  /** The token of a test card; null for any other number. */
  tokenOf(number: string): CardToken | null {
    return TEST_CARDS.has(number) ? this.#token(number) : null
  }

  /** What the card behind a token does; undefined where the token is not one of ours. */
  behaviourOf(token: string): CardBehaviour | undefined {
    return this.#behaviours.get(token)
  }

  /** Whether the bank of the card behind a token takes charges back. */
  isChargedBack(token: string): boolean {
    return token === this.#token(CHARGED_BACK).token
  }

  #token(number: string): CardToken {
    const mac = createHmac('sha256', this.#secret).update(number).digest('hex').slice(0, 32)
    const letters = mac.replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)))
    const brand = brandOf(number)
    const last4 = number.slice(-4)
    return { token: `tok_${brand}_${last4}_${letters}`, brand, last4 }
  }
}

function brandOf(number: string): string {
  if (number.startsWith('4')) return 'visa'
  if (number.startsWith('5')) return 'mastercard'
  return number.startsWith('9') ? 'ach' : 'card'
}

import { oneTimeCode } from '#domain/one-time-code.ts'
import { cardOf } from './cast.ts'
import type { DemoCustomer, DemoJournal } from './demo-journal.ts'
import type { PlatformClient } from './platform-client.ts'

type Asked = { readonly registrationId: string }
type Session = { readonly consumerId: string; readonly token: string }
type Consumer = { readonly credit: { readonly limitMinor: number } | null }
type CardToken = {
  readonly token: string
  readonly brand: string
  readonly last4: string
  readonly expiryMonth: number
  readonly expiryYear: number
}

const LIMIT_LOOKS_MAX = 400
const LIMIT_LOOK_MS = 10

/** Registers, verifies and equips the demo's customers: each once, on the day of the first purchase. */
export class Shoppers {
  readonly #client: PlatformClient
  readonly #gatewayUrl: string
  readonly #codeSecret: string
  readonly #journal: DemoJournal
  readonly #arriving = new Map<string, Promise<DemoCustomer>>()

  /** `codeSecret` stands for the customers' mailboxes: the sandbox's mails do not outlive a process that is killed. */
  constructor(parts: { client: PlatformClient; gatewayUrl: string; codeSecret: string; journal: DemoJournal }) {
    this.#client = parts.client
    this.#gatewayUrl = parts.gatewayUrl
    this.#codeSecret = parts.codeSecret
    this.#journal = parts.journal
  }

  async of(customer: string): Promise<DemoCustomer> {
    const known = this.#journal.customers.get(customer)
    if (known !== undefined) return known
    const arriving = this.#arriving.get(customer) ?? this.#arrive(customer)
    this.#arriving.set(customer, arriving)
    return arriving
  }

  async #arrive(customer: string): Promise<DemoCustomer> {
    const token = await this.#openAccount(customer)
    await this.#client.post('/v1/consumers/me/identity-checks', { token, key: `demo-identity-${customer}`, body: {} })
    const paymentMethodId = await this.#keepCard(customer, token)
    await this.#awaitLimit(customer, token)
    const arrived = { customer, token, paymentMethodId }
    this.#journal.rememberCustomer(arrived)
    this.#arriving.delete(customer)
    return arrived
  }

  async #openAccount(customer: string): Promise<string> {
    const email = `customer-${customer}@example.com`
    const asked = await this.#client.post<Asked>('/v1/consumers', {
      key: `demo-customer-${customer}`,
      body: { email, givenName: 'Customer', familyName: customer, dateOfBirth: '1960-01-01', country: 'US' },
    })
    const { registrationId } = asked.body
    const session = await this.#client.post<Session>(`/v1/registrations/${registrationId}/confirm`, {
      key: `demo-account-${customer}`,
      body: { email, code: oneTimeCode(this.#codeSecret, registrationId) },
    })
    return session.body.token
  }

  /** The number goes from the customer to the gateway; the platform only ever sees the token. */
  async #keepCard(customer: string, token: string): Promise<string> {
    const response = await fetch(`${this.#gatewayUrl}/v1/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ number: cardOf(customer), expiryMonth: 12, expiryYear: 2030, cvc: '123' }),
    })
    if (!response.ok) throw new Error(`The gateway gave no token (${response.status}): ${await response.text()}`)
    const card = (await response.json()) as CardToken
    const kept = await this.#client.post<{ paymentMethodId: string }>('/v1/consumers/me/payment-methods', {
      token,
      key: `demo-card-${customer}`,
      body: {
        token: card.token,
        brand: card.brand,
        last4: card.last4,
        expiryMonth: card.expiryMonth,
        expiryYear: card.expiryYear,
      },
    })
    return kept.body.paymentMethodId
  }

  async #awaitLimit(customer: string, token: string): Promise<void> {
    for (let looks = 0; looks < LIMIT_LOOKS_MAX; looks += 1) {
      const consumer = await this.#client.get<Consumer>('/v1/consumers/me', { token })
      if (consumer.credit !== null) return
      await new Promise((resolve) => setTimeout(resolve, LIMIT_LOOK_MS))
    }
    throw new Error(`Customer ${customer} has no credit file after ${LIMIT_LOOKS_MAX * LIMIT_LOOK_MS} ms.`)
  }
}

import { oneTimeCode } from '#domain/one-time-code.ts'
import { PlatformClient } from '#main/demo/platform-client.ts'

/** Somebody who can buy. */
export type Shopper = { readonly consumerId: string; readonly token: string; readonly paymentMethodId: string }

/** A checkout, and who will confirm it. */
export type Order = { readonly shopper: Shopper; readonly checkoutId: string }

/** Where, and for whom. */
export type LoadSetup = {
  readonly baseUrl: string
  readonly operatorToken: string
  /** One-time codes are made with it. */
  readonly codeSecret: string
  readonly consumers: number
  readonly ownCheckouts: boolean
}

const CARD = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2099, cvc: '123' }
const AMOUNT_MINOR = 100
const AT_ONCE = 32

/** Runs the tasks with so many at a time. */
export async function sideBySide<T>(
  count: number,
  task: (index: number) => Promise<T>,
  atOnce: number = AT_ONCE,
): Promise<T[]> {
  const done: T[] = []
  let next = 0
  const lane = async () => {
    for (let index = next++; index < count; index = next++) done[index] = await task(index)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return done
}

/** Takes a merchant on, lets consumers arrive, and offers so many checkouts, in turn to each of them. */
export async function setUpLoad(setup: LoadSetup, count: number): Promise<readonly Order[]> {
  const client = new PlatformClient(setup.baseUrl)
  const { body } = await client.post<{ apiKey: string }>('/v1/merchants', {
    token: setup.operatorToken,
    key: 'merchant',
    body: {
      ...{ name: 'Bench', legalName: 'Bench', country: 'US', currency: 'USD', categoryCode: '5735' },
      payoutAccount: 'acct_bench',
    },
  })
  const shoppers = await sideBySide(setup.consumers, (index) => arrive(client, setup.codeSecret, index))
  return sideBySide(count, async (index) => {
    const shopper = shoppers[index % shoppers.length] as Shopper
    const only = setup.ownCheckouts ? { consumerId: shopper.consumerId } : {}
    const offer = await client.post<{ checkoutId: string }>('/v1/checkouts', {
      token: body.apiKey,
      key: `checkout-${index}`,
      body: { amountMinor: AMOUNT_MINOR, currency: 'USD', ...only },
    })
    return { shopper, checkoutId: offer.body.checkoutId }
  })
}

async function arrive(client: PlatformClient, codeSecret: string, index: number): Promise<Shopper> {
  const email = `bench-${index}@example.com`
  const asked = await client.post<{ registrationId: string }>('/v1/consumers', {
    key: `consumer-${index}`,
    body: {
      email,
      givenName: 'Score800',
      familyName: `Bench ${index}`,
      dateOfBirth: '1980-01-01',
      country: 'US',
    },
  })
  const { registrationId } = asked.body
  const path = `/v1/registrations/${registrationId}/confirm`
  const { body } = await client.post<{ consumerId: string; token: string }>(path, {
    key: `account-${index}`,
    body: { email, code: oneTimeCode(codeSecret, registrationId) },
  })
  const { consumerId, token } = body
  await client.post('/v1/consumers/me/identity-checks', { token, key: `identity-${index}`, body: {} })
  const card = await client.post<{ token: string; brand: string; last4: string }>('/sandbox/gateway/v1/tokens', {
    body: CARD,
  })
  const { token: cardToken, brand, last4 } = card.body
  const method = await client.post<{ paymentMethodId: string }>('/v1/consumers/me/payment-methods', {
    token,
    key: `card-${index}`,
    body: { token: cardToken, brand, last4, expiryMonth: CARD.expiryMonth, expiryYear: CARD.expiryYear },
  })
  for (;;) {
    const me = await client.get<{ credit: unknown }>('/v1/consumers/me', { token })
    if (me.credit !== null) return { consumerId, token, paymentMethodId: method.body.paymentMethodId }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

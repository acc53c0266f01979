import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from '@hono/zod-openapi'
import type { ConfirmationView, ProblemView } from '#api/views.ts'
import { oneTimeCode } from '#domain/one-time-code.ts'
import { OPERATOR, SECRET } from './api-under-test.ts'

type Fetchable = { request(path: string, init: RequestInit): Response | Promise<Response> }

/** An answer, read. */
export type Answer<T> = { readonly status: number; readonly headers: Headers; readonly body: T }
/** Problem details. */
export type ProblemBody = z.infer<typeof ProblemView>
/** How a checkout was confirmed. */
export type Confirmation = z.infer<typeof ConfirmationView>
/** What is sent. A key is made up where none is given; `null` sends none. */
export type Sent = {
  readonly token?: string
  readonly key?: string | null
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Asks an API in this process, and reads what it answers. */
export async function ask<T = ProblemBody>(
  app: Fetchable,
  method: string,
  path: string,
  { token, key, body, headers }: Sent = {},
): Promise<Answer<T>> {
  const response = await app.request(path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(key === null || method === 'GET' ? {} : { 'idempotency-key': key ?? randomUUID() }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as T }
}

/** A request that must succeed. */
export async function must<T>(app: Fetchable, method: string, path: string, sent: Sent = {}): Promise<T> {
  const answer = await ask<T>(app, method, path, sent)
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** A merchant with its key. */
export type Shop = { readonly merchantId: string; readonly token: string }

/** Takes a merchant on. */
export async function openShop(app: Fetchable, over: object = {}): Promise<Shop> {
  const body = {
    ...{ name: 'Kiosk', legalName: 'Kiosk Ltd', country: 'US', currency: 'USD', categoryCode: '5994' },
    payoutAccount: 'acct_kiosk',
    ...over,
  }
  const made = await must<{ merchantId: string; apiKey: string }>(app, 'POST', '/v1/merchants', {
    token: OPERATOR,
    body,
  })
  return { merchantId: made.merchantId, token: made.apiKey }
}

/** A consumer with a session. */
export type Person = {
  readonly consumerId: string
  readonly sessionId: string
  readonly token: string
  readonly refreshToken: string
  readonly email: string
}

/** Opens an account. */
export async function register(app: Fetchable, over: object = {}): Promise<Person> {
  const email = `${randomUUID()}@example.com`
  const body = {
    ...{ email, givenName: 'Lena', familyName: 'Example', dateOfBirth: '1990-05-17', country: 'US' },
    ...over,
  }
  const made = await confirmAccount(app, body.email, await askAccount(app, body))
  return { ...made.body, email: body.email }
}

/** Asks for an account; with the id that its code is made of. */
export async function askAccount(app: Fetchable, body: object): Promise<string> {
  return (await must<{ registrationId: string }>(app, 'POST', '/v1/consumers', { body })).registrationId
}

/** Opens the account that was asked for with its code, as the mail would say it. */
export function confirmAccount(app: Fetchable, email: string, registrationId: string, sent: Sent = {}) {
  const body = { email, code: oneTimeCode(SECRET, registrationId) }
  const path = `/v1/registrations/${registrationId}/confirm`
  return ask<Omit<Person, 'email'>>(app, 'POST', path, { body, ...sent })
}

/** A consumer who can buy: verified, with a limit and a card. */
export type Shopper = Person & { readonly paymentMethodId: string }

/** Opens an account, verifies it, waits for its limit and keeps a card. */
export async function openWallet(app: Fetchable, cardToken = 'tok_that_works', over = {}): Promise<Shopper> {
  const person = await register(app, over)
  const { token } = person
  await must(app, 'POST', '/v1/consumers/me/identity-checks', { token, body: {} })
  const paymentMethodId = await keepCard(app, token, cardToken)
  for (;;) {
    // In memory nothing ever waits for a device: without a pause this loop would keep everybody else from working.
    await sleep(1)
    const me = await must<{ credit: unknown }>(app, 'GET', '/v1/consumers/me', { token })
    if (me.credit !== null) return { ...person, paymentMethodId }
  }
}

/** Keeps a card. */
export async function keepCard(app: Fetchable, token: string, cardToken = 'tok_that_works'): Promise<string> {
  const body = { token: cardToken, brand: 'visa', last4: '4242', expiryMonth: 12, expiryYear: 2030 }
  const kept = await must<{ paymentMethodId: string }>(app, 'POST', '/v1/consumers/me/payment-methods', { token, body })
  return kept.paymentMethodId
}

/** Offers a basket; answers with its id. */
export async function offer(app: Fetchable, shop: Shop, over: object = {}): Promise<string> {
  const body = { amountMinor: 10_000, currency: 'USD', ...over }
  return (await must<{ checkoutId: string }>(app, 'POST', '/v1/checkouts', { token: shop.token, body })).checkoutId
}

/** Confirms a checkout. */
export function confirm(app: Fetchable, shopper: Shopper, checkoutId: string, sent: Sent & { product?: string } = {}) {
  const { product = 'PAY_IN_4', ...rest } = sent
  return ask<Confirmation & { readonly code?: string; readonly detail?: string }>(
    app,
    'POST',
    `/v1/checkouts/${checkoutId}/confirm`,
    {
      token: shopper.token,
      body: { product, paymentMethodId: shopper.paymentMethodId },
      ...rest,
    },
  )
}

/** Buys, and must get it. */
export async function buy(app: Fetchable, shop: Shop, shopper: Shopper, over: object = {}): Promise<Confirmation> {
  const confirmed = await confirm(app, shopper, await offer(app, shop, over))
  if (confirmed.body.status !== 'AUTHORISED') throw new Error(JSON.stringify(confirmed.body))
  return confirmed.body
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from './caller.ts'

/** A merchant who may sell. */
export type Shop = { readonly merchantId: string; readonly apiKey: string }
/** A consumer with a confirmed identity, a limit and a card. */
export type Shopper = {
  readonly consumerId: string
  readonly email: string
  readonly token: string
  readonly paymentMethodId: string
  readonly limitMinor: number
}
/** How a confirmation was answered. */
export type Confirmed = {
  readonly purchaseId: string
  readonly status: 'AUTHORISED' | 'DECLINED' | 'PAYMENT_FAILED' | 'PENDING'
  readonly reasons: readonly { readonly code: string }[]
}

/** An account with its first session. */
type Opened = { readonly consumerId: string; readonly token: string }
type Registering = { readonly email: string; readonly [field: string]: unknown }
type Credit = { readonly limitMinor: number }

/** A card of the sandbox gateway that always pays. */
const GOOD_CARD = '4242424242424242'
/** What every account here is opened with. */
export const PASSWORD = 'correct horse battery'

const LOOK_MS = 20
const LIMIT_MS = 30_000
const MAIL_MS = 30_000

/** Takes a merchant on, with what is `more` about it. */
export function openShop(caller: Caller, operatorToken: string, name: string, more: object = {}): Promise<Shop> {
  return caller.post<Shop>('/v1/merchants', {
    token: operatorToken,
    key: `onboard-${name.replaceAll(' ', '-')}`,
    body: {
      ...{ name, legalName: `${name}, Inc.`, country: 'US', currency: 'USD', categoryCode: '5735' },
      ...{ payoutAccount: `acct_${name}`, ...more },
    },
  })
}

/** Opens an account; nothing is known of the person yet. */
export async function register(caller: Caller, name: string, more: object = {}) {
  const email = `${name}@example.com`.toLowerCase()
  const born = { givenName: 'Jo', familyName: 'Miller', dateOfBirth: '1970-01-01', country: 'US' }
  return openAccount<Opened>(caller, `register-${name}`, { email, ...born, password: PASSWORD, ...more })
}

/** Asks for an account, and opens it with the code in the mail that the sandbox got. */
async function openAccount<T>(caller: Caller, key: string, body: Registering): Promise<T> {
  const { registrationId } = await caller.post<{ registrationId: string }>('/v1/consumers', { key, body })
  const { email } = body
  const code = await codeFor(caller, email)
  return caller.post<T>(`/v1/registrations/${registrationId}/confirm`, { key: `${key}-opened`, body: { email, code } })
}

/** The newest code that was sent to an address; waits until there is one. */
export async function codeFor(caller: Caller, email: string): Promise<string> {
  const deadline = performance.now() + MAIL_MS
  while (performance.now() < deadline) {
    const mails = await caller.get<readonly { text: string }[]>(`/sandbox/outbox/mail?to=${encodeURIComponent(email)}`)
    const code = mails.flatMap(({ text }) => /(?:code is|Code ist) (\d{6})/.exec(text)?.[1] ?? []).at(-1)
    if (code !== undefined) return code
    await sleep(LOOK_MS)
  }
  throw new Error(`No code came to ${email} within ${MAIL_MS} ms.`)
}

/** Puts a card into a wallet, as the checkout does: the number goes to the gateway, its token to the platform. */
export async function addCard(caller: Caller, token: string, key: string, number = GOOD_CARD): Promise<string> {
  const card = await caller.post<Record<string, unknown>>('/sandbox/gateway/v1/tokens', {
    body: { number, expiryMonth: 12, expiryYear: 2090, cvc: '123' },
  })
  const { token: cardToken, brand, last4, expiryMonth, expiryYear } = card
  const body = { token: cardToken, brand, last4, expiryMonth, expiryYear }
  const path = '/v1/consumers/me/payment-methods'
  return (await caller.post<{ paymentMethodId: string }>(path, { token, key: `card-${key}`, body })).paymentMethodId
}

/** Somebody who can buy: registered, verified, with a card and a limit. */
export async function openShopper(caller: Caller, name: string, more: object = {}): Promise<Shopper> {
  const { consumerId, token } = await register(caller, name, more)
  await caller.post('/v1/consumers/me/identity-checks', { token, key: `identity-${name}`, body: {} })
  const paymentMethodId = await addCard(caller, token, name)
  const { limitMinor } = await limitOf(caller, token)
  return { consumerId, email: `${name}@example.com`.toLowerCase(), token, paymentMethodId, limitMinor }
}

async function limitOf(caller: Caller, token: string): Promise<Credit> {
  const deadline = performance.now() + LIMIT_MS
  while (performance.now() < deadline) {
    const { credit } = await caller.get<{ credit: Credit | null }>('/v1/consumers/me', token)
    if (credit !== null) return credit
    await sleep(LOOK_MS)
  }
  throw new Error(`There is no credit file after ${LIMIT_MS} ms.`)
}

/** Offers a basket; `key` names it. */
export async function offer(caller: Caller, shop: Shop, key: string, amountMinor: number): Promise<string> {
  const body = { amountMinor, currency: 'USD', merchantReference: key }
  const sent = { token: shop.apiKey, key: `offer-${key}`, body }
  return (await caller.post<{ checkoutId: string }>('/v1/checkouts', sent)).checkoutId
}

/** What is sent to confirm a checkout. */
export function confirmation(shopper: Shopper, key: string, product = 'PAY_IN_30') {
  const body = { product, paymentMethodId: shopper.paymentMethodId }
  return { token: shopper.token, key: `confirm-${key}`, body }
}

/** Confirms a checkout and waits for the outcome. */
export function confirm(caller: Caller, shopper: Shopper, checkoutId: string, key: string, product = 'PAY_IN_30') {
  return caller.post<Confirmed>(`/v1/checkouts/${checkoutId}/confirm`, confirmation(shopper, key, product))
}

/** Captures a purchase. */
export function capture(caller: Caller, shop: Shop, purchaseId: string, amountMinor: number) {
  const body = { amountMinor, currency: 'USD' }
  const sent = { token: shop.apiKey, key: `capture-${purchaseId}`, body }
  return caller.post<{ captureId: string }>(`/v1/purchases/${purchaseId}/captures`, sent)
}

/** Buys: a basket, its confirmation, and the capture where it is authorised. */
export async function buy(caller: Caller, shop: Shop, shopper: Shopper, key: string, amountMinor: number) {
  const checkoutId = await offer(caller, shop, key, amountMinor)
  const confirmed = await confirm(caller, shopper, checkoutId, key)
  if (confirmed.status === 'AUTHORISED') await capture(caller, shop, confirmed.purchaseId, amountMinor)
  return confirmed
}

/** What merchants are told: signed, in order for each purchase, at least once, and again where it was given up. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isSignedBy } from '#domain/webhook-signature.ts'
import type { Platform } from '#main/platform.ts'
import { capture, confirm, offer, openShop, openShopper, type Shop, type Shopper } from './actors.ts'
import { Caller } from './caller.ts'
import { expectWell, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

let platform: Platform
let caller: Caller
let shop: Shop
let shopper: Shopper
let server: string

type Received = { eventId: string; eventType: string; signature: string; body: string }
type Delivery = { deliveryId: string; status: string; attempts: number; eventType: string; failure: string | null }

beforeAll(async () => {
  platform = await openPlatform(newDirectory('webhooks'))
  caller = new Caller(platform.server.localUrl)
  server = (platform.providers.outbox ?? '').replace(/\/outbox$/, '/merchant')
  shop = await openShop(caller, platform.operatorToken, 'Told Shop')
  shopper = await openShopper(caller, 'wanda')
})

afterAll(async () => {
  await platform.close()
  removeDirectories()
})

const register = (name: string, key: string, more = {}) =>
  caller.post<{ endpointId: string; secret: string; secretVersion: number }>('/v1/webhook-endpoints', {
    ...{ token: shop.apiKey, key, body: { url: `${server}/${name}`, ...more } },
  })
const received = async (name: string) =>
  (await (await fetch(`${server}/${name.split('?')[0]}`)).json()) as readonly Received[]
const deliveries = async (query = '') =>
  (await caller.get<{ items: Delivery[] }>(`/v1/webhook-deliveries${query}`, shop.apiKey)).items

async function rest(): Promise<void> {
  await platform.settle()
  await platform.sinks.postgres.catchUp(30_000)
}

async function pass(days: number): Promise<void> {
  const { date } = platform.clock.now()
  await caller.post('/v1/sandbox/clock', { token: platform.operatorToken, key: `clock-${date}`, body: { days } })
  await rest()
}

async function bought(key: string): Promise<string> {
  const checkoutId = await offer(caller, shop, key, 20_00)
  const { purchaseId } = await confirm(caller, shopper, checkoutId, key)
  await capture(caller, shop, purchaseId, 20_00)
  await rest()
  return purchaseId
}

test('a merchant is told of its purchase in order, and can check who says so', async () => {
  const { secret } = await register('good', 'w-1')
  expect(await register('good', 'w-1')).toMatchObject({ secret, secretVersion: 1 })
  const purchaseId = await bought('first')
  const told = await received('good')
  expect(told.map(({ eventType }) => eventType)).toEqual(['purchase.authorised', 'purchase.captured'])
  const nowS = Math.floor(Date.now() / 1000)
  for (const { body, signature, eventId } of told) {
    expect(isSignedBy(body, signature, secret, { nowS })).toBe(true)
    expect(JSON.parse(body)).toMatchObject({ id: eventId, data: { purchaseId, merchantId: shop.merchantId } })
    expect(body).not.toContain('payoutAccount')
  }
  expect(await deliveries()).toMatchObject([{ status: 'DELIVERED' }, { status: 'DELIVERED' }])
})

test('a new secret and the last one are both valid for a day', async () => {
  const { items } = await caller.get<{ items: { endpointId: string }[] }>('/v1/webhook-endpoints', shop.apiKey)
  const path = `/v1/webhook-endpoints/${items[0]?.endpointId}/secret`
  const before = (await register('good', 'w-1')).secret
  const { secret } = await caller.post<{ secret: string }>(path, { token: shop.apiKey, key: 'rotate-1' })
  expect(secret).not.toBe(before)
  await bought('second')
  const last = (await received('good')).at(-1) as Received
  const nowS = Math.floor(Date.now() / 1000)
  const check = (given: string) => isSignedBy(last.body, last.signature, given, { nowS })
  expect([check(secret), check(before), check('whsec_guess')]).toEqual([true, true, false])
  await pass(2)
  const { endpointId } = await register('later', 'w-2', { eventTypes: ['purchase.captured'] })
  await bought('third')
  const newest = (await received('good')).at(-1) as Received
  expect(isSignedBy(newest.body, newest.signature, before, { nowS })).toBe(false)
  expect((await received('later')).map(({ eventType }) => eventType)).toEqual(['purchase.captured'])
  await caller.post(`/v1/webhook-endpoints/${endpointId}/removal`, { token: shop.apiKey, key: 'remove-1' })
  await bought('fourth')
  expect(await received('later')).toHaveLength(1)
})

test('what fails is tried again later, in order; the receiver knows a repeat by its id', async () => {
  await register('shaky?fail=2', 'w-3')
  const purchaseId = await bought('fifth')
  expect(await received('shaky')).toEqual([])
  expect(await deliveries('?status=RETRYING')).toMatchObject([{ attempts: 1, failure: 'http_503' }])
  for (let day = 0; day < 6; day += 1) await pass(1)
  const about = (await received('shaky')).filter(({ body }) => body.includes(purchaseId))
  expect(about.slice(0, 2).map(({ eventType }) => eventType)).toEqual(['purchase.authorised', 'purchase.captured'])
  expect(new Set(about.map(({ eventId }) => eventId)).size).toBe(about.length)
})

test('what is never taken is given up, listed, and replayed at a click', async () => {
  const { endpointId } = await register('never-down', 'w-4', { eventTypes: ['purchase.authorised'] })
  await bought('sixth')
  for (let day = 0; day < 14; day += 1) await pass(1)
  const dead = await deliveries('?status=DEAD')
  expect(dead).toMatchObject([{ eventType: 'purchase.authorised', attempts: 8, failure: 'http_503' }])
  const path = `/v1/webhook-deliveries/${dead[0]?.deliveryId}/replay`
  await caller.post(path, { token: shop.apiKey, key: 'replay-1' })
  await rest()
  expect(await deliveries('?status=RETRYING')).toMatchObject([{ attempts: 9 }])
  const again = await caller.send('POST', path, { token: shop.apiKey, key: 'replay-2' })
  expect(again).toMatchObject({ status: 422, body: { code: 'WEBHOOK_NOT_DEAD' } })
  const other = await openShop(caller, platform.operatorToken, 'Curious Shop')
  expect((await caller.send('POST', path, { token: other.apiKey, key: 'replay-3' })).status).toBe(404)
  await caller.post(`/v1/webhook-endpoints/${endpointId}/removal`, { token: shop.apiKey, key: 'remove-2' })
})

test.each([
  [
    'an event that there is not',
    { url: 'http://127.0.0.1/x', eventTypes: ['purchase.stolen'] },
    'WEBHOOK_EVENT_UNKNOWN',
  ],
  ['an address that is none', { url: 'ftp://shop.example.com' }, 'WEBHOOK_ADDRESS_REFUSED'],
])('refuses %s', async (_, body, code) => {
  const sent = { token: shop.apiKey, key: `bad-${code}`, body }
  expect(await caller.send('POST', '/v1/webhook-endpoints', sent)).toMatchObject({ body: { code } })
})

test('leaves everything well', async () => {
  await platform.settle()
  await expectWell(platform)
})

/** Two payment gateways through the API of the whole platform: routes, where payments went, what goes back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays } from '#domain/calendar.ts'
import type { Platform } from '#main/platform.ts'
import { addCard, capture, confirm, offer, openShop, openShopper, type Shop, type Shopper } from './actors.ts'
import { Caller } from './caller.ts'
import { differences, expectWell, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

let platform: Platform
let caller: Caller
let shop: Shop
let shopper: Shopper

type Routes = { version: number; rules: { name: string }[]; gateways: string[] }
type Payment = {
  gateway: string
  gatewayRef: string
  attempts: { gateway: string; outcome: string }[]
  returnedMinor: number
}

beforeAll(async () => {
  platform = await openPlatform(newDirectory('gateways'), '--gateway-failures-max', '4', '--gateway-rest-seconds', '1')
  caller = new Caller(platform.server.localUrl)
  shop = await openShop(caller, platform.operatorToken, 'Route Shop', { settlementDays: 1 })
  shopper = await openShopper(caller, 'rita')
})

afterAll(async () => {
  await platform.close()
  removeDirectories()
})

const publish = (key: string, rules: readonly object[]) =>
  caller.send('POST', '/v1/gateway-routes', { token: platform.operatorToken, key, body: { rules } })

const toSecondary = { name: 'visa', brands: ['visa'], shares: [{ gateway: 'secondary', percent: 100 }] }

async function rest(): Promise<void> {
  await platform.settle()
  await platform.sinks.postgres.catchUp(30_000)
}

async function bought(key: string, amountMinor: number): Promise<{ purchaseId: string; payment: Payment }> {
  const checkoutId = await offer(caller, shop, key, amountMinor)
  const { purchaseId } = await confirm(caller, shopper, checkoutId, key, 'PAY_IN_4')
  await capture(caller, shop, purchaseId, amountMinor)
  await rest()
  const { items } = await caller.get<{ items: { planId: string; purchaseId: string }[] }>('/v1/plans', shopper.token)
  const planId = items.find((plan) => plan.purchaseId === purchaseId)?.planId
  const payments = await caller.get<{ items: Payment[] }>(`/v1/plans/${planId}/payments`, shopper.token)
  return { purchaseId, payment: payments.items[0] as Payment }
}

test('routes are published by the operator, once for a key, and read as they hold', async () => {
  const before = await caller.get<Routes>('/v1/gateway-routes', platform.operatorToken)
  expect(before).toMatchObject({ version: 0, rules: [], publishedAt: null, gateways: ['primary', 'secondary'] })
  const first = await publish('routes-1', [toSecondary])
  expect(first).toMatchObject({ status: 201, body: { version: 1, rules: [{ name: 'visa', minMinor: null }] } })
  const again = await publish('routes-1', [toSecondary])
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(again.body).toEqual(first.body)
  expect(await caller.get<Routes>('/v1/gateway-routes', platform.operatorToken)).toEqual(first.body)
})

test('routes that make no sense are refused, and change nothing', async () => {
  const half = { ...toSecondary, shares: [{ gateway: 'secondary', percent: 50 }] }
  expect(await publish('routes-2', [half])).toMatchObject({ status: 422, body: { code: 'GATEWAY_ROUTES_INVALID' } })
  const third = { ...toSecondary, shares: [{ gateway: 'third', percent: 100 }] }
  expect(await publish('routes-3', [third])).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
  const sent = { token: shop.apiKey, key: 'routes-4', body: { rules: [] } }
  expect((await caller.send('POST', '/v1/gateway-routes', sent)).status).toBe(403)
  expect(await caller.get<Routes>('/v1/gateway-routes', platform.operatorToken)).toMatchObject({ version: 1 })
})

test('a payment says where it went; its refund goes there, though the routes have changed', async () => {
  const { purchaseId, payment } = await bought('routed', 100_00)
  expect(payment).toMatchObject({ gateway: 'secondary', attempts: [{ gateway: 'secondary', outcome: 'SUCCEEDED' }] })
  await publish('routes-5', [])
  const refund = { token: shop.apiKey, key: 'refund-1', body: { amountMinor: 100_00, currency: 'USD' } }
  await caller.post(`/v1/purchases/${purchaseId}/refunds`, refund)
  await rest()
  // The sandbox knows its own charges only: a return at the other gateway would have failed.
  const rows = await platform.sinks.database.query('SELECT status, gateway, amount_minor FROM payment_returns')
  expect(rows).toMatchObject([{ status: 'RETURNED', gateway: 'secondary', amount_minor: 25_00 }])
  expect((await bought('unrouted', 40_00)).payment).toMatchObject({ gateway: 'primary' })
  expect(await differences(platform)).toEqual([])
})

test('the bank takes a charge of the second gateway back: its webhook is signed with its own secret', async () => {
  await publish('routes-6', [toSecondary])
  const { purchaseId, payment } = await bought('back', 60_00)
  const body = { charge: payment.gatewayRef }
  const elsewhere = { token: platform.operatorToken, key: 'cb-0', body }
  expect((await caller.send('POST', '/sandbox/gateway/v1/charge-backs', elsewhere)).status).toBe(404)
  await caller.post('/sandbox/gateway-2/v1/charge-backs', { token: platform.operatorToken, key: 'cb-1', body })
  type Dispute = { origin: string; amountMinor: number }
  const path = `/v1/disputes?purchaseId=${purchaseId}`
  for (let looks = 0; looks < 300; looks += 1) {
    const { items } = await caller.get<{ items: Dispute[] }>(path, shop.apiKey)
    if (items.length > 0) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { items } = await caller.get<{ items: Dispute[] }>(path, shop.apiKey)
  expect(items).toMatchObject([{ origin: 'NETWORK', amountMinor: 15_00 }])
  await rest()
  const rows = await platform.sinks.database.query('SELECT charge_back_id FROM charge_backs')
  expect(rows.map((row) => String(row['charge_back_id']))).toEqual([expect.stringMatching(/^secondary\.cb_/)])
  expect(await differences(platform)).toEqual([])
})

const outage = (name: string, key: string) =>
  caller.post('/sandbox/gateway/v1/outages', { token: platform.operatorToken, key, body: { outage: name } })

test('a gateway that is away is passed over, and left alone for a while, and asked again when it is back', async () => {
  const both = [
    { gateway: 'primary', percent: 100 },
    { gateway: 'secondary', percent: 0 },
  ]
  await publish('routes-8', [{ name: 'all', shares: both }])
  const circuit = async () => {
    const { parts } = await caller.get<{ parts: { name: string; detail: string | null }[] }>('/healthz')
    return parts.find(({ name }) => name === 'connector payment-gateway')?.detail
  }
  await outage('busy', 'out-1')
  const { payment } = await bought('away', 20_00)
  expect(payment).toMatchObject({
    gateway: 'secondary',
    attempts: [
      { attempt: 1, gateway: 'primary', outcome: 'REROUTED', declineCode: 'gateway_unavailable' },
      { attempt: 1, gateway: 'secondary', outcome: 'SUCCEEDED' },
    ],
  })
  expect(await circuit()).toBe('circuit open')
  await outage('none', 'out-2')
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  expect((await bought('back-again', 20_00)).payment).toMatchObject({ gateway: 'primary' })
  expect(await circuit()).toBeNull()
})

test('a gateway that took the money and did not say so is asked, and nobody else', async () => {
  await outage('answer-lost', 'out-3')
  const { payment } = await bought('lost', 20_00)
  await outage('none', 'out-4')
  expect(payment).toMatchObject({ gateway: 'primary', attempts: [{ gateway: 'primary', outcome: 'SUCCEEDED' }] })
  // It is left alone for a moment, and takes the next charge.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  expect((await bought('found', 20_00)).payment).toMatchObject({ gateway: 'primary' })
  expect(await differences(platform)).toEqual([])
})

test('what the network of a card allows next is in the payments of a plan, with its date', async () => {
  await publish('routes-7', [])
  type Next = { status: string; nextAction: string | null; nextAttemptOn: string | null; attempts: object[] }
  const nextOf = async (key: string, number: string): Promise<Next | undefined> => {
    const buyer = await openShopper(caller, key)
    const paymentMethodId = await addCard(caller, buyer.token, `net-${key}`, number)
    const checkoutId = await offer(caller, shop, key, 40_00)
    const { purchaseId } = await confirm(caller, { ...buyer, paymentMethodId }, checkoutId, key, 'PAY_IN_4')
    await capture(caller, shop, purchaseId, 40_00)
    await platform.settle()
    const body = { days: 14 }
    await caller.post('/v1/sandbox/clock', { token: platform.operatorToken, key: `clock-${key}`, body })
    await rest()
    const { items } = await caller.get<{ items: { planId: string }[] }>('/v1/plans', buyer.token)
    const path = `/v1/plans/${items[0]?.planId}/payments`
    return (await caller.get<{ items: Next[] }>(path, buyer.token)).items.find(({ status }) => status !== 'SUCCEEDED')
  }
  expect(await nextOf('vera', '4000000000001018')).toMatchObject({
    ...{ status: 'FAILED', nextAction: 'USE_ANOTHER_CARD', nextAttemptOn: null },
    attempts: [{ attempt: 1, outcome: 'FAILED', network: 'VISA', networkCode: '1' }],
  })
  const advised = await nextOf('mona', '5400000000000302')
  expect(advised).toMatchObject({ status: 'RETRYING', nextAction: 'RETRY' })
  const { date } = platform.clock.now()
  expect(advised?.nextAttemptOn).toBe(addDays(date, 10))
})

test('the audit log has the routes and where payments went, and everything is well', async () => {
  const rows = await platform.sinks.database.query("SELECT action FROM audit_entries WHERE subject = 'gateways'")
  expect(rows.map((row) => row['action'])).toEqual(Array(5).fill('GatewayRoutesPublished'))
  const health = await caller.get<{ parts: { name: string; status: string }[] }>('/healthz')
  expect(health.parts).toContainEqual({ name: 'connector payment-gateway-2', status: 'ok', detail: null })
  await expectWell(platform)
})

/** Whoever is answered can go on at once with what the answer names, also where state and read model lag behind. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiUnderTest, OPERATOR, openApiUnderTest } from './api-under-test.ts'
import {
  ask,
  buy,
  confirm,
  must,
  offer,
  openShop,
  openWallet,
  register,
  type Shop,
  type Shopper,
} from './shop-floor.ts'

const FLOWS = 40

let under: ApiUnderTest
let app: ApiUnderTest['app']
let shop: Shop
let shoppers: Shopper[]

beforeAll(async () => {
  under = await openApiUnderTest({ ackMs: 15 })
  app = under.app
  shop = await openShop(app)
  shoppers = await Promise.all(Array.from({ length: 8 }, () => openWallet(app)))
})
afterAll(() => under.close())

const times = <T>(count: number, work: (no: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, no) => work(no)))

test('a token works the moment it is given', async () => {
  const statuses = await times(FLOWS, async () => {
    const { token } = await register(app)
    return (await ask(app, 'GET', '/v1/consumers/me', { token })).status
  })
  expect(statuses).toEqual(Array(FLOWS).fill(200))
  const shops = await times(10, async () => {
    const { token } = await openShop(app)
    return (await ask(app, 'GET', '/v1/merchants/me', { token })).status
  })
  expect(shops).toEqual(Array(10).fill(200))
})

test('a session that was ended is over the moment it is ended', async () => {
  const statuses = await times(FLOWS, async () => {
    const { token } = await register(app)
    await must(app, 'DELETE', '/v1/sessions/current', { token })
    return (await ask(app, 'GET', '/v1/consumers/me', { token })).status
  })
  expect(statuses).toEqual(Array(FLOWS).fill(401))
})

test('a checkout can be seen, confirmed, read, captured and listed without a pause', async () => {
  const ends = await times(FLOWS, async (no) => {
    const shopper = shoppers[no % shoppers.length] as Shopper
    const checkoutId = await offer(app, shop, { amountMinor: 1_000, merchantReference: `flow-${no}` })
    const shown = await ask(app, 'GET', `/v1/checkouts/${checkoutId}`, shopper)
    const confirmed = await confirm(app, shopper, checkoutId)
    const path = `/v1/purchases/${confirmed.body.purchaseId}`
    const body = { amountMinor: 1_000, currency: 'USD' }
    const captured = await ask(app, 'POST', `${path}/captures`, { token: shop.token, body })
    const read = await must<{ status: string; planId: string }>(app, 'GET', path, { token: shopper.token })
    const plan = await must<{ status: string }>(app, 'GET', `/v1/plans/${read.planId}`, { token: shop.token })
    const query = `/v1/purchases?merchantReference=flow-${no}`
    const { items } = await must<{ items: object[] }>(app, 'GET', query, { token: shop.token })
    return [shown.status, confirmed.body.status, captured.status, read.status, plan.status, items.length]
  })
  expect(ends).toEqual(Array(FLOWS).fill([200, 'AUTHORISED', 201, 'CAPTURED', 'ACTIVE', 1]))
})

/** Holds back what a topology commits, so that what follows from a command follows late. */
async function withLate(name: string, work: () => Promise<void>): Promise<void> {
  under.faults.commit = (_transaction, id) => (id.startsWith(`${name}-`) ? { delayMs: 150 } : undefined)
  try {
    await work()
  } finally {
    under.faults.commit = undefined
  }
}

test('a plan shows what was captured and refunded, though plans come a hop later', async () => {
  const [shopper] = shoppers as [Shopper]
  const { purchaseId } = await buy(app, shop, shopper, { amountMinor: 1_000 })
  const { planId } = await must<{ planId: string }>(app, 'GET', `/v1/purchases/${purchaseId}`, shopper)
  await withLate('installments', async () => {
    for (const [what, owed] of [
      ['captures', 750],
      ['refunds', 350],
    ] as const) {
      const body = { amountMinor: what === 'captures' ? 1_000 : 400, currency: 'USD' }
      await must(app, 'POST', `/v1/purchases/${purchaseId}/${what}`, { token: shop.token, body })
      const startedMs = performance.now()
      const plan = await must(app, 'GET', `/v1/plans/${planId}`, shopper)
      expect(plan).toMatchObject({ status: 'ACTIVE', outstandingMinor: owed })
      // Not by waiting as long as a read can wait.
      expect(performance.now() - startedMs).toBeLessThan(1_500)
    }
  })
})

test('a purchase that was declined can be read, though it is rejected a hop later', async () => {
  const [shopper] = shoppers as [Shopper]
  await withLate('purchases', async () => {
    const declined = await confirm(app, shopper, await offer(app, shop, { amountMinor: 90_000 }))
    expect(declined.body.status).toBe('DECLINED')
    const path = `/v1/purchases/${declined.body.purchaseId}`
    expect(await must(app, 'GET', path, shopper)).toMatchObject({ status: 'REJECTED' })
  })
})

test('what one node has written, another one finds', async () => {
  const other = await under.node()
  const found = await times(10, async (no) => {
    const shopper = shoppers[no % shoppers.length] as Shopper
    const checkoutId = await offer(app, shop, { amountMinor: 1_000 })
    return (await confirm(other, shopper, checkoutId)).body.status
  })
  expect(found).toEqual(Array(10).fill('AUTHORISED'))
})

test('an id there is not is 404 in no long time', async () => {
  const startedMs = performance.now()
  const path = `/v1/checkouts/chk_${'0'.repeat(32)}`
  expect(await ask(app, 'GET', path, { token: shop.token })).toMatchObject({ status: 404 })
  expect(performance.now() - startedMs).toBeLessThan(900)
})

test('a merchant is in the operator’s list at once', async () => {
  const { merchantId } = await openShop(app, { name: 'Newest' })
  type Page = { items: { merchantId: string }[] }
  const { items } = await must<Page>(app, 'GET', '/v1/merchants?limit=100', { token: OPERATOR })
  expect(items.map((item) => item.merchantId)).toContain(merchantId)
})

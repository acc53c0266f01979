/** Disputes and charge-backs through the API of the whole platform: who may do what, what is held, and who pays. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Platform } from '#main/platform.ts'
import { addCard, capture, confirm, offer, openShop, openShopper, type Shop, type Shopper } from './actors.ts'
import { Caller } from './caller.ts'
import { differences, expectWell, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

let platform: Platform
let caller: Caller
let shop: Shop
let shopper: Shopper

type Dispute = { disputeId: string; status: string; cause: string | null; amountMinor: number; origin: string }
type Line = { kind: string; amountMinor: number; disputeId: string | null; purchaseId: string }
type Settlement = { settlementId: string; payoutMinor: number; holdbackMinor: number; carriedMinor: number }

beforeAll(async () => {
  platform = await openPlatform(newDirectory('disputes'))
  caller = new Caller(platform.server.localUrl)
  shop = await openShop(caller, platform.operatorToken, 'Dispute Shop', { settlementDays: 1 })
  shopper = await openShopper(caller, 'dora')
})

afterAll(async () => {
  await platform.close()
  removeDirectories()
})

/** A purchase of this amount, captured, in four parts. */
async function bought(key: string, amountMinor: number): Promise<string> {
  const checkoutId = await offer(caller, shop, key, amountMinor)
  const { purchaseId } = await confirm(caller, shopper, checkoutId, key, 'PAY_IN_4')
  await capture(caller, shop, purchaseId, amountMinor)
  await platform.settle()
  await platform.sinks.postgres.catchUp(30_000)
  return purchaseId
}

const disputesOf = async (purchaseId: string, token = shop.apiKey) =>
  (await caller.get<{ items: Dispute[] }>(`/v1/disputes?purchaseId=${purchaseId}`, token)).items

async function settlements(): Promise<Settlement[]> {
  return (await caller.get<{ items: Settlement[] }>('/v1/settlements', shop.apiKey)).items
}

async function linesAbout(purchaseId: string): Promise<string[]> {
  const lines = await Promise.all(
    (await settlements()).map(({ settlementId }) =>
      caller.get<{ items: Line[] }>(`/v1/settlements/${settlementId}/lines`, shop.apiKey),
    ),
  )
  const own = lines.flatMap(({ items }) => items).filter((line) => line.purchaseId === purchaseId)
  return own.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`).sort()
}

/** Business time goes on by days; what follows comes to rest. */
async function pass(days: number): Promise<void> {
  const { date } = platform.clock.now()
  await caller.post('/v1/sandbox/clock', { token: platform.operatorToken, key: `clock-${date}`, body: { days } })
  await platform.settle()
  await platform.sinks.postgres.catchUp(30_000)
}

describe('a consumer’s dispute', () => {
  test('holds the amount at once; lost, it is refunded to the cent', async () => {
    const purchaseId = await bought('lost', 100_00)
    const path = `/v1/purchases/${purchaseId}/disputes`
    const body = { reason: 'NOT_RECEIVED', note: 'Nothing came.', amountMinor: 40_00 }
    const opened = await caller.post<Dispute>(path, { token: shopper.token, key: 'd-1', body })
    expect(opened).toMatchObject({ status: 'OPEN', amountMinor: 40_00 })
    const again = await caller.send(`POST`, path, { token: shopper.token, key: 'd-1', body })
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.body).toEqual(opened)
    const much = { token: shop.apiKey, key: 'r-1', body: { amountMinor: 60_01, currency: 'USD' } }
    expect(await caller.send('POST', `/v1/purchases/${purchaseId}/refunds`, much)).toMatchObject({
      ...{ status: 422, body: { code: 'REFUND_DISPUTED' } },
    })
    await pass(2)
    expect(await linesAbout(purchaseId)).toEqual(['FEE -430', 'HOLDBACK -4000', 'SALE 10000'])
    const evidence = { token: shop.apiKey, key: 'e-1', body: { evidence: 'Tracking 1234.' } }
    await caller.post(`${path}/${opened.disputeId}/evidence`, evidence)
    expect(await disputesOf(purchaseId)).toMatchObject([{ status: 'UNDER_REVIEW', origin: 'CONSUMER' }])
    expect(await differences(platform)).toEqual([])
    const decision = { token: platform.operatorToken, key: 'x-1', body: { merchantWins: false } }
    const decided = await caller.post<Dispute>(`${path}/${opened.disputeId}/decision`, decision)
    expect(decided).toMatchObject({ status: 'LOST', cause: 'OPERATOR' })
    await pass(2)
    expect(await linesAbout(purchaseId)).toEqual([
      ...['FEE -430', 'HOLDBACK -4000', 'RELEASE 4000', 'REVERSAL -4000', 'SALE 10000'],
    ])
    const purchase = await caller.get<{ refundedMinor: number }>(`/v1/purchases/${purchaseId}`, shop.apiKey)
    expect(purchase.refundedMinor).toBe(40_00)
    expect(await differences(platform)).toEqual([])
  })

  test('is of nobody’s business but its consumer’s and its merchant’s', async () => {
    const purchaseId = await bought('privacy', 20_00)
    const stranger = await openShopper(caller, 'stranger')
    const path = `/v1/purchases/${purchaseId}/disputes`
    const body = { reason: 'OTHER' }
    expect(await caller.send('POST', path, { token: stranger.token, key: 'd-2', body })).toMatchObject({
      ...{ status: 404, body: { code: 'PURCHASE_UNKNOWN' } },
    })
    const { disputeId } = await caller.post<Dispute>(path, { token: shopper.token, key: 'd-3', body })
    expect(await disputesOf(purchaseId, stranger.token)).toEqual([])
    expect(await disputesOf(purchaseId, shopper.token)).toMatchObject([{ disputeId, amountMinor: 20_00 }])
    const other = await openShop(caller, platform.operatorToken, 'Other Shop')
    const accept = await caller.send('POST', `${path}/${disputeId}/acceptance`, { token: other.apiKey, key: 'a-1' })
    expect(accept.status).toBe(404)
    await caller.post(`${path}/${disputeId}/withdrawal`, { token: shopper.token, key: 'w-1' })
    expect(await disputesOf(purchaseId, shopper.token)).toMatchObject([{ status: 'WON', cause: 'WITHDRAWN' }])
  })
})

describe('a charge-back', () => {
  /** The gateway's name of the first payment of a purchase. */
  async function chargeOf(purchaseId: string): Promise<string> {
    const rows = await platform.sinks.database.query(
      'SELECT gateway_ref FROM payments JOIN plans USING (plan_id) WHERE purchase_id = $1',
      [purchaseId],
    )
    return String(rows[0]?.['gateway_ref'])
  }

  const bank = <T>(path: string, key: string, body: object) =>
    caller.post<T>(`/sandbox/gateway/v1/${path}`, { token: platform.operatorToken, key, body })

  async function untilDispute(purchaseId: string, isIt: (dispute: Dispute) => boolean): Promise<Dispute> {
    for (let looks = 0; looks < 300; looks += 1) {
      const found = (await disputesOf(purchaseId)).find(isIt)
      if (found !== undefined) return found
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('There is no such dispute.')
  }

  test.each([
    [true, 'WON', ['FEE -430', 'HOLDBACK -2500', 'RELEASE 2500', 'SALE 10000']],
    [false, 'LOST', ['FEE -430', 'HOLDBACK -2500', 'RELEASE 2500', 'REVERSAL -2500', 'SALE 10000']],
  ])('is disputed with the merchant, and the network decides: won is %s', async (won, status, lines) => {
    const purchaseId = await bought(`back-${status}`, 100_00)
    const charge = await chargeOf(purchaseId)
    const back = await bank<{ id: string }>('charge-backs', `b-${status}`, { charge, reason: 'fraudulent' })
    await untilDispute(purchaseId, ({ origin }) => origin === 'NETWORK')
    await platform.settle()
    expect(await differences(platform)).toEqual([])
    await bank('charge-back-decisions', `c-${status}`, { chargeBack: back.id, won })
    expect(await untilDispute(purchaseId, (dispute) => dispute.cause === 'NETWORK')).toMatchObject({ status })
    await pass(3)
    expect(await linesAbout(purchaseId)).toEqual(lines)
    expect(await differences(platform)).toEqual([])
  })

  test('is for the operator to bring about, and for nobody else', async () => {
    const sent = { key: 'b-9', token: shop.apiKey, body: { charge: 'ch_1' } }
    expect((await caller.send('POST', '/sandbox/gateway/v1/charge-backs', sent)).status).toBe(401)
  })

  test('comes by itself from the card whose bank takes charges back', async () => {
    // Somebody who owes nothing: what was charged back is overdue again, and stops new purchases.
    const cora = await openShopper(caller, 'cora')
    const card = await addCard(caller, cora.token, 'back', '4000000000000259')
    const checkoutId = await offer(caller, shop, 'card', 60_00)
    const buyer = { ...cora, paymentMethodId: card }
    const { purchaseId } = await confirm(caller, buyer, checkoutId, 'card', 'PAY_IN_4')
    await capture(caller, shop, purchaseId, 60_00)
    await pass(15)
    expect(await untilDispute(purchaseId, ({ origin }) => origin === 'NETWORK')).toMatchObject({ amountMinor: 15_00 })
  })

  test('leaves everything well', async () => {
    await platform.settle()
    await expectWell(platform)
  })
})

/** Refund policies of merchants, what a refund would do before it is made, and refunds by line of the basket. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiUnderTest, openApiUnderTest } from './api-under-test.ts'
import { ask, buy, must, openShop, openWallet, type Shop, type Shopper } from './shop-floor.ts'

type Preview = {
  readonly policy: string
  readonly reducedMinor: number
  readonly returnedMinor: number
  readonly instalments: readonly {
    readonly no: number
    readonly owedMinor: number
    readonly offMinor: number
    readonly leftMinor: number
  }[]
}
type Plan = {
  readonly outstandingMinor: number
  readonly instalments: readonly { readonly amountMinor: number; readonly paidMinor: number }[]
}

let under: ApiUnderTest
let app: ApiUnderTest['app']

beforeAll(async () => {
  under = await openApiUnderTest({ outcomeTimeoutMs: 3_000 })
  app = under.app
})
afterAll(() => under.close())

/** A purchase of 100.00 in four, captured in full at a shop with this policy. */
async function captured(
  policy?: string,
): Promise<{ shop: Shop; shopper: Shopper; purchaseId: string; planId: string }> {
  const shop = await openShop(app, policy === undefined ? {} : { refundPolicy: policy })
  const shopper = await openWallet(app)
  const { purchaseId } = await buy(app, shop, shopper)
  const body = { amountMinor: 10_000, currency: 'USD' }
  await must(app, 'POST', `/v1/purchases/${purchaseId}/captures`, { token: shop.token, body })
  const { planId } = await must<{ planId: string }>(app, 'GET', `/v1/purchases/${purchaseId}`, { token: shop.token })
  return { shop, shopper, purchaseId, planId }
}

const previewOf = (purchaseId: string, amountMinor: number | string, token: string) =>
  ask<Preview & { code?: string }>(
    app,
    'GET',
    `/v1/purchases/${purchaseId}/refund-preview?amountMinor=${amountMinor}`,
    {
      token,
    },
  )

describe('a refund preview', () => {
  test.each([
    [undefined, 'LAST_FIRST', [0, 0, 500, 2_500]],
    ['LAST_FIRST', 'LAST_FIRST', [0, 0, 500, 2_500]],
    ['NEXT_FIRST', 'NEXT_FIRST', [0, 2_500, 500, 0]],
    ['SPREAD', 'SPREAD', [0, 1_000, 1_000, 1_000]],
    ['RE_AMORTISE', 'RE_AMORTISE', [0, 1_000, 1_000, 1_000]],
  ])('of a shop with the policy %s says what the refund then does', async (chosen, policy, off) => {
    const { shop, shopper, purchaseId, planId } = await captured(chosen)
    const merchant = await previewOf(purchaseId, 3_000, shop.token)
    expect(merchant).toMatchObject({ status: 200, body: { policy, reducedMinor: 3_000, returnedMinor: 0 } })
    expect(merchant.body.instalments.map((it) => it.offMinor)).toEqual(off)
    expect((await previewOf(purchaseId, 3_000, shopper.token)).body).toEqual(merchant.body)
    const untouched = await must<Plan>(app, 'GET', `/v1/plans/${planId}`, { token: shop.token })
    expect(untouched.outstandingMinor).toBe(7_500)

    const body = { amountMinor: 3_000, currency: 'USD' }
    await must(app, 'POST', `/v1/purchases/${purchaseId}/refunds`, { token: shop.token, body })
    const plan = await must<Plan>(app, 'GET', `/v1/plans/${planId}`, { token: shop.token })
    expect(plan.instalments.map((it) => it.amountMinor - it.paidMinor)).toEqual(
      merchant.body.instalments.map((it) => it.leftMinor),
    )
  })

  test('says what goes back to the card beyond what is owed', async () => {
    const { shop, purchaseId } = await captured()
    const { body } = await previewOf(purchaseId, 10_000, shop.token)
    expect(body).toMatchObject({ reducedMinor: 7_500, returnedMinor: 2_500 })
    expect(body.instalments.every((it) => it.leftMinor === 0)).toBe(true)
  })

  test('of more than was captured, of nothing and of what was never captured is refused', async () => {
    const { shop, purchaseId, shopper } = await captured()
    const over = { status: 422, body: { code: 'REFUND_OVER_CAPTURED' } }
    expect(await previewOf(purchaseId, 10_001, shop.token)).toMatchObject(over)
    for (const amount of ['0', '-1', '0.5', 'all']) {
      expect(await previewOf(purchaseId, amount, shop.token)).toMatchObject({ status: 400 })
    }
    const { purchaseId: open } = await buy(app, shop, shopper)
    const nothing = { status: 422, body: { code: 'NOTHING_CAPTURED' } }
    expect(await previewOf(open, 1, shop.token)).toMatchObject(nothing)
  })

  test('is for nobody else', async () => {
    const { purchaseId } = await captured()
    const stranger = await openShop(app)
    expect(await previewOf(purchaseId, 1, stranger.token)).toMatchObject({ status: 404 })
  })
})

test('the terms of a merchant can be read, and a policy there is not is refused', async () => {
  const shop = await openShop(app, { refundPolicy: 'SPREAD', authorisationDays: 30 })
  expect(await must(app, 'GET', '/v1/merchants/me', { token: shop.token })).toMatchObject({
    refundPolicy: 'SPREAD',
    authorisationDays: 30,
  })
  await expect(openShop(app, { refundPolicy: 'FIRST_FIRST' })).rejects.toThrow('refundPolicy')
})

describe('a refund by line', () => {
  const items = [
    { name: 'Cup', quantity: 3, unitAmountMinor: 2_000 },
    { name: 'Kettle', quantity: 1, unitAmountMinor: 4_000 },
  ]
  type Bought = { readonly planId: string; readonly refundedMinor: number; readonly items: readonly object[] }

  async function basket() {
    const shop = await openShop(app)
    const shopper = await openWallet(app)
    const { purchaseId } = await buy(app, shop, shopper, { items })
    const body = { amountMinor: 10_000, currency: 'USD' }
    await must(app, 'POST', `/v1/purchases/${purchaseId}/captures`, { token: shop.token, body })
    const refund = (what: object) =>
      ask<{ refundId: string; code?: string; detail?: string; errors?: readonly object[] }>(
        ...([app, 'POST', `/v1/purchases/${purchaseId}/refunds`] as const),
        { token: shop.token, body: { currency: 'USD', ...what } },
      )
    const preview = (query: string) =>
      ask<Preview & { code?: string }>(app, 'GET', `/v1/purchases/${purchaseId}/refund-preview?${query}`, shop)
    const read = (token: string) => must<Bought>(app, 'GET', `/v1/purchases/${purchaseId}`, { token })
    return { shop, shopper, purchaseId, refund, preview, read }
  }

  test('does what its preview says, and both sides see what is left of each line', async () => {
    const { shop, shopper, refund, preview, read } = await basket()
    const fresh = items.map((item) => ({ ...item, refundedQuantity: 0 }))
    expect((await read(shop.token)).items).toEqual(fresh)
    const told = await preview('items=1:2')
    expect(told).toMatchObject({ status: 200, body: { amountMinor: 4_000, reducedMinor: 4_000 } })
    expect((await preview('amountMinor=4000')).body).toEqual(told.body)

    const made = await refund({ items: [{ line: 1, quantity: 2 }], reason: 'chipped' })
    expect(made).toMatchObject({
      status: 201,
      body: { amountMinor: 4_000, refundedMinor: 4_000, items: [{ line: 1, quantity: 2 }], captureId: null },
    })
    const after = await read(shop.token)
    expect(after).toMatchObject({ refundedMinor: 4_000, items: [{ refundedQuantity: 2 }, { refundedQuantity: 0 }] })
    expect(await read(shopper.token)).toEqual(after)
    const listed = await must<{ items: Bought[] }>(app, 'GET', '/v1/purchases', { token: shop.token })
    expect(listed.items).toEqual([after])
    const plan = await must<Plan>(app, 'GET', `/v1/plans/${after.planId}`, { token: shop.token })
    expect(plan.instalments.map((it) => it.amountMinor - it.paidMinor)).toEqual(
      told.body.instalments.map((it) => it.leftMinor),
    )

    const over = { status: 422, body: { code: 'REFUND_OVER_LINE' } }
    expect(await preview('items=1:2')).toMatchObject(over)
    expect(await refund({ items: [{ line: 1, quantity: 2 }] })).toMatchObject(over)
    expect(await refund({ amountMinor: 4_000 })).toMatchObject({ status: 201, body: { items: [] } })
    const captured = { status: 422, body: { code: 'REFUND_OVER_CAPTURED' } }
    expect(await preview('items=2:1')).toMatchObject(captured)
    expect(await refund({ items: [{ line: 2, quantity: 1 }] })).toMatchObject(captured)
    expect(await refund({ items: [{ line: 1, quantity: 1 }] })).toMatchObject({ status: 201 })
    await under.settle()
    expect(await read(shop.token)).toMatchObject({
      refundedMinor: 10_000,
      items: [{ refundedQuantity: 3 }, { refundedQuantity: 0 }],
    })
  })

  test('names items or an amount, never both or neither, and only lines there are', async () => {
    const { refund, preview } = await basket()
    const one = { line: 1, quantity: 1 }
    const both = { status: 400, body: { code: 'VALIDATION_FAILED', errors: [{ field: 'amountMinor' }] } }
    expect(await refund({ items: [one], amountMinor: 2_000 })).toMatchObject(both)
    expect(await refund({})).toMatchObject(both)
    expect(await preview('items=1:1&amountMinor=2000')).toMatchObject(both)
    expect(await preview('')).toMatchObject(both)
    for (const wrong of [[], [{ ...one, quantity: 0 }], [{ ...one, quantity: 0.5 }], [{ ...one, line: 0 }]]) {
      expect(await refund({ items: wrong })).toMatchObject({ status: 400 })
    }
    for (const wrong of ['', '1', '1:', 'a:1', '1:1;2:1', '1:-1']) {
      expect(await preview(`items=${wrong}`)).toMatchObject({ status: 400 })
    }
    const refusals = [
      ['LINE_UNKNOWN', [{ ...one, line: 3 }], '3:1'],
      ['LINE_TWICE', [one, one], '1:1,1:1'],
    ] as const
    for (const [code, named, query] of refusals) {
      expect(await refund({ items: named })).toMatchObject({ status: 422, body: { code } })
      expect(await preview(`items=${query}`)).toMatchObject({ status: 422, body: { code } })
    }
    expect(await preview('items=1:0')).toMatchObject({ status: 422, body: { code: 'QUANTITY_INVALID' } })
  })

  test('is refused where the checkout named no items', async () => {
    const { shop, purchaseId } = await captured()
    const body = { items: [{ line: 1, quantity: 1 }], currency: 'USD' }
    const answer = await ask(app, 'POST', `/v1/purchases/${purchaseId}/refunds`, { token: shop.token, body })
    expect(answer).toMatchObject({ status: 422, body: { code: 'PURCHASE_WITHOUT_ITEMS' } })
  })
})

/** Refund policies of merchants, and what a refund would do before it is made. */
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

/** A refusal at the checkout, and its offer taken up there: more is paid at once, and the rest in three. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiUnderTest, openApiUnderTest } from './api-under-test.ts'
import { ask, type Confirmation, confirm, must, offer, openShop, openWallet, type Shop } from './shop-floor.ts'

let under: ApiUnderTest
let shop: Shop
beforeAll(async () => {
  under = await openApiUnderTest()
  shop = await openShop(under.app)
})
afterAll(() => under.close())

test('the larger first payment that a refusal offers is taken up at the same checkout', async () => {
  const { app } = under
  const shopper = await openWallet(app)
  const checkoutId = await offer(app, shop, { amountMinor: 90_000 })
  const refused = await confirm(app, shopper, checkoutId)
  expect(refused.body).toMatchObject({
    status: 'DECLINED',
    decision: { counterOfferMinor: 60_000, counterFirstPaymentMinor: 30_000 },
  })
  const { decisionId } = refused.body.decision
  const body = { product: 'PAY_IN_4', paymentMethodId: shopper.paymentMethodId }
  const accept = (more: object) =>
    ask<Confirmation>(app, 'POST', `/v1/checkouts/${checkoutId}/confirm`, {
      token: shopper.token,
      body: { ...body, acceptsDecisionId: decisionId, ...more },
    })
  const accepted = await accept({ firstPaymentMinor: 30_000 })
  expect(accepted).toMatchObject({ status: 200, body: { status: 'AUTHORISED', amountMinor: 90_000 } })
  const { purchaseId } = accepted.body
  const { planId } = await must<{ planId: string }>(app, 'GET', `/v1/purchases/${purchaseId}`, { token: shopper.token })
  const capture = { amountMinor: 90_000, currency: 'USD' }
  await must(app, 'POST', `/v1/purchases/${purchaseId}/captures`, { token: shop.token, body: capture })
  const read = () => must<object>(app, 'GET', `/v1/plans/${planId}`, { token: shopper.token })
  await expect.poll(read, { timeout: 5_000 }).toMatchObject({
    outstandingMinor: 60_000,
    instalments: [
      { amountMinor: 30_000, status: 'PAID' },
      { amountMinor: 20_000 },
      { amountMinor: 20_000 },
      { amountMinor: 20_000 },
    ],
  })
  expect(await accept({ firstPaymentMinor: 40_000 })).toMatchObject({ status: 409, body: { code: 'PURCHASE_EXISTS' } })
  expect(await confirm(app, shopper, checkoutId)).toMatchObject({ status: 409, body: { code: 'PURCHASE_EXISTS' } })
})

test('a refusal offers no amount that its shop does not sell for, in its explanation either', async () => {
  const { app } = under
  const picky = await openShop(app, { ticketMinMinor: 60_001 })
  const shopper = await openWallet(app)
  const refused = await confirm(app, shopper, await offer(app, picky, { amountMinor: 90_000 }))
  const offered = { counterOfferMinor: null, counterFirstPaymentMinor: 30_000 }
  expect(refused.body).toMatchObject({ status: 'DECLINED', decision: offered })
  const path = `/v1/decisions/${refused.body.decision.decisionId}`
  const read = () => ask(app, 'GET', path, { token: shopper.token })
  await expect.poll(read, { timeout: 5_000 }).toMatchObject({ status: 200, body: offered })
})

/** Moves of a limit as consumer and lender see them, and a purchase that waits for its report. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiUnderTest, OPERATOR, openApiUnderTest } from './api-under-test.ts'
import { ask, buy, must, openShop, openWallet, type Shop } from './shop-floor.ts'

type Changes = { readonly items: readonly { readonly reason: string; readonly limitMinor: number }[] }

let under: ApiUnderTest
let shop: Shop
beforeAll(async () => {
  under = await openApiUnderTest()
  shop = await openShop(under.app)
})
afterAll(() => under.close())

test('consumer and lender see each move of a limit with its reasons, and others do not', async () => {
  const { app } = under
  const shopper = await openWallet(app)
  const own = () => must<Changes>(app, 'GET', '/v1/consumers/me/limit-changes', { token: shopper.token })
  await expect.poll(own, { timeout: 5_000 }).toMatchObject({
    items: [{ reason: 'BUREAU_REPORT', previousMinor: 0, limitMinor: 60_000, percent: 100, policyVersion: 'p2' }],
  })
  const path = `/v1/consumers/${shopper.consumerId}/limit-changes`
  const ofLender = () => must<Changes>(app, 'GET', path, { token: OPERATOR })
  expect(await ofLender()).toEqual(await own())
  expect(await ask(app, 'GET', path, { token: shop.token })).toMatchObject({ status: 403 })
  // Three purchases that are paid off in full raise the limit.
  // Three purchases that are paid off in full raise the limit.
  for (let no = 0; no < 3; no += 1) {
    const { purchaseId } = await buy(app, shop, shopper, { amountMinor: 1_000 })
    await must(app, 'POST', `/v1/purchases/${purchaseId}/captures`, {
      token: shop.token,
      body: { amountMinor: 1_000, currency: 'USD' },
    })
    await under.settle()
  }
  await under.clock.moveTo(under.clock.now().timeMs + 45 * 86_400_000)
  await under.settle()
  await expect
    .poll(async () => (await ofLender()).items.map(({ reason }) => reason), { timeout: 5_000 })
    .toContain('PAID_OFF')
}, 30_000)

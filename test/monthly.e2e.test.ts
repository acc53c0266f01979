/** Monthly plans over the whole platform: offered, agreed on, paid, prepaid, refunded and undone, to the cent. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Platform } from '#main/platform.ts'
import { capture, offer, openShop, openShopper, type Shop, type Shopper } from './actors.ts'
import { Caller } from './caller.ts'
import { expectWell, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

type Row = {
  readonly no: number
  readonly dueDate: string
  readonly amountMinor: number
  readonly interestMinor: number
  readonly interestPaidMinor: number
  readonly status: string
}
type Plan = {
  readonly planId: string
  readonly status: string
  readonly product: string
  readonly outstandingMinor: number
  readonly interestMinor: number
  readonly paidMinor: number
  readonly payoffMinor: number
  readonly monthly: { readonly instalments: number } | null
  readonly cost: Cost | null
  readonly instalments: readonly Row[]
}
type Cost = { interestMinor: number; totalMinor: number; rateBps: number; rateMethod: string }
type Offers = {
  readonly items: readonly {
    readonly instalments: number
    readonly cost: Cost
    readonly schedule: readonly {
      dueDate: string
      amountMinor: number
      principalMinor: number
      interestMinor: number
    }[]
  }[]
}

let platform: Platform
let caller: Caller
let shop: Shop
let count = 0
const nextKey = () => {
  count += 1
  return `m${count}`
}

beforeAll(async () => {
  platform = await openPlatform(newDirectory('monthly'))
  caller = new Caller(platform.server.localUrl)
  const monthly = [
    { instalments: 3 },
    { instalments: 6, interest: 'DECLINING', ratePpm: 99_900 },
    { instalments: 12, interest: 'FLAT', ratePpm: 60_000, dayCount: 'ACTUAL_365' },
  ]
  shop = await openShop(caller, platform.operatorToken, 'Monthly Shop', { monthly })
})

afterAll(async () => {
  await platform.close()
  removeDirectories()
})

const person = (name: string) => openShopper(caller, name, { givenName: 'Score850' })

/** Business time goes on by days; what follows comes to rest. */
async function pass(days: number): Promise<void> {
  await caller.post('/v1/sandbox/clock', { token: platform.operatorToken, key: nextKey(), body: { days } })
  await expectWell(platform)
}

function confirmMonthly(shopper: Shopper, checkoutId: string, instalments: number | undefined) {
  const body = { product: 'PAY_MONTHLY', paymentMethodId: shopper.paymentMethodId, instalments }
  return caller.send<{ status: string; purchaseId: string; code: string; detail: string }>(
    'POST',
    `/v1/checkouts/${checkoutId}/confirm`,
    { token: shopper.token, key: nextKey(), body },
  )
}

/** Buys monthly and lets the merchant capture; answers with the plan's id. */
async function bought(shopper: Shopper, amountMinor: number, instalments: number, capturedMinor = amountMinor) {
  const { body } = await confirmMonthly(shopper, await offer(caller, shop, nextKey(), amountMinor), instalments)
  expect(body.status).toBe('AUTHORISED')
  await capture(caller, shop, body.purchaseId, capturedMinor)
  const purchase = await caller.get<{ planId: string }>(`/v1/purchases/${body.purchaseId}`, shopper.token)
  return { purchaseId: body.purchaseId, planId: purchase.planId }
}

async function planOf(planId: string): Promise<Plan> {
  await platform.settle()
  await platform.sinks.postgres.catchUp(30_000)
  return caller.get<Plan>(`/v1/plans/${planId}`, platform.operatorToken)
}

const refund = (purchaseId: string, amountMinor: number) =>
  caller.post(`/v1/purchases/${purchaseId}/refunds`, {
    ...{ token: shop.apiKey, key: nextKey(), body: { amountMinor, currency: 'USD', reason: 'returned' } },
  })
const pay = (shopper: Shopper, planId: string, amountMinor: number) =>
  caller.post<{ status: string }>('/v1/payments', {
    ...{ token: shopper.token, key: nextKey() },
    body: { amountMinor, currency: 'USD', paymentMethodId: shopper.paymentMethodId, planIds: [planId] },
  })

async function interestIncome(): Promise<number> {
  const path = '/v1/ledger/trial-balance'
  const { items } = await caller.get<{ items: { account: string; balanceMinor: number }[] }>(
    path,
    platform.operatorToken,
  )
  return -(items.find(({ account }) => account === 'income:interest')?.balanceMinor ?? 0)
}

describe('a plan in 6 at 9.99 % on the declining balance', () => {
  test('is shown with its dates, cost and APR before it is agreed on, and is what was shown', async () => {
    const shopper = await person('Shown')
    const checkoutId = await offer(caller, shop, nextKey(), 600_00)
    const { items } = await caller.get<Offers>(`/v1/checkouts/${checkoutId}/monthly-plans`, shopper.token)
    expect(items.map(({ instalments }) => instalments)).toEqual([3, 6, 12])
    const six = items[1]
    expect(six?.cost).toEqual({ interestMinor: 17_61, totalMinor: 617_61, rateBps: 999, rateMethod: 'ACTUARIAL' })
    expect(six?.schedule.map(({ dueDate }) => dueDate).slice(0, 2)).toEqual(['2031-04-03', '2031-05-03'])
    expect(six?.schedule.reduce((sum, row) => sum + row.amountMinor, 0)).toBe(617_61)
    const { body } = await confirmMonthly(shopper, checkoutId, 6)
    await capture(caller, shop, body.purchaseId, 600_00)
    const { planId } = await caller.get<{ planId: string }>(`/v1/purchases/${body.purchaseId}`, shopper.token)
    const plan = await planOf(planId)
    expect(plan).toMatchObject({
      product: 'PAY_MONTHLY',
      status: 'ACTIVE',
      cost: six?.cost,
      monthly: { instalments: 6 },
    })
    expect(plan.instalments.map((row) => row.amountMinor + row.interestMinor)).toEqual(
      six?.schedule.map((row) => row.amountMinor),
    )
    // On the day of the capture no interest has accrued.
    expect(plan).toMatchObject({ outstandingMinor: 600_00, interestMinor: 0, payoffMinor: 600_00 })
    await expectWell(platform)
  }, 60_000)

  test('is collected with its interest, prepaid, refunded in part, and paid off to the day', async () => {
    const shopper = await person('Payer')
    const { planId, purchaseId } = await bought(shopper, 600_00, 6)
    const begun = await planOf(planId)
    const first = begun.instalments[0]
    await pass(31)
    const one = await planOf(planId)
    expect(one.instalments[0]).toMatchObject({ status: 'PAID', interestPaidMinor: first?.interestMinor })
    expect(one.paidMinor).toBe((first?.amountMinor ?? 0) + (first?.interestMinor ?? 0))
    const payment = await pay(shopper, planId, 150_00)
    expect(payment.status).toBe('SUCCEEDED')
    await refund(purchaseId, 50_00)
    const ahead = await planOf(planId)
    const toCome = (plan: Plan) => plan.instalments.reduce((sum, row) => sum + row.interestMinor, 0)
    expect(toCome(ahead)).toBeLessThan(toCome(one))
    expect(ahead.outstandingMinor).toBe(one.outstandingMinor - 200_00)
    await pass(20)
    const { payoffMinor, outstandingMinor } = await planOf(planId)
    expect(payoffMinor).toBeGreaterThan(outstandingMinor)
    await pay(shopper, planId, payoffMinor)
    const done = await planOf(planId)
    expect(done).toMatchObject({ status: 'COMPLETED', outstandingMinor: 0, interestMinor: 0, payoffMinor: 0 })
    expect(done.paidMinor).toBe(550_00 + done.instalments.reduce((sum, row) => sum + row.interestPaidMinor, 0))
    await expectWell(platform)
  }, 90_000)

  test('is owed again where a payment is undone, principal and interest', async () => {
    const shopper = await person('Undone')
    const { planId } = await bought(shopper, 300_00, 6)
    await pass(31)
    const paid = await planOf(planId)
    const path = `/v1/plans/${planId}/payments`
    const { items } = await caller.get<{ items: { paymentId: string }[] }>(path, platform.operatorToken)
    const reason = { reason: 'the bank corrected its file' }
    const sent = { token: platform.operatorToken, key: nextKey(), body: reason }
    await caller.post(`${path}/${items[0]?.paymentId}/undo`, sent)
    const open = await planOf(planId)
    expect(open).toMatchObject({ paidMinor: 0, outstandingMinor: 300_00 })
    expect(open.interestMinor).toBe(paid.instalments[0]?.interestMinor)
    await expectWell(platform)
  }, 60_000)
})

test('a full refund gives all interest back, and leaves no income of it', async () => {
  const shopper = await person('Refunded')
  const { planId, purchaseId } = await bought(shopper, 240_00, 12)
  await pass(31)
  const paid = await planOf(planId)
  expect(paid.instalments[0]?.interestPaidMinor).toBe(1_20)
  const income = await interestIncome()
  const path = `/v1/purchases/${purchaseId}/refund-preview?amountMinor=24000`
  expect(await caller.get(path, shop.apiKey)).toMatchObject({
    ...{ reducedMinor: 220_00, returnedMinor: 21_20, interestReversedMinor: 1_20, interestSavedMinor: 13_24 },
  })
  await refund(purchaseId, 240_00)
  const done = await planOf(planId)
  expect(done).toMatchObject({ status: 'COMPLETED', paidMinor: 0, interestMinor: 0 })
  expect(await interestIncome()).toBe(income - 1_20)
  await expectWell(platform)
}, 60_000)

test('the merchant’s days add up to the interest income of the books', async () => {
  await expectWell(platform)
  const { date } = platform.clock.now()
  const path = `/v1/analytics/days?from=2031-03-03&to=${date}`
  const { items } = await caller.get<{ items: { interestMinor: number }[] }>(path, shop.apiKey)
  const income = await interestIncome()
  expect(income).toBeGreaterThan(0)
  expect(items.reduce((sum, day) => sum + day.interestMinor, 0)).toBe(income)
}, 60_000)

test('without interest, what is captured is split in equal parts, and what is released is gone', async () => {
  const shopper = await person('Parts')
  const { planId, purchaseId } = await bought(shopper, 100_00, 3, 60_00)
  await caller.post(`/v1/purchases/${purchaseId}/releases`, { token: shop.apiKey, key: nextKey(), body: {} })
  const plan = await planOf(planId)
  expect(plan.instalments.map((row) => row.amountMinor)).toEqual([20_00, 20_00, 20_00])
  expect(plan.cost).toMatchObject({ interestMinor: 0, rateBps: 0 })
  await expectWell(platform)
}, 60_000)

test('what the shop does not offer is refused, with what it does offer', async () => {
  const shopper = await person('Choosy')
  const checkoutId = await offer(caller, shop, nextKey(), 100_00)
  const five = await confirmMonthly(shopper, checkoutId, 5)
  expect(five).toMatchObject({ status: 422, body: { code: 'PRODUCT_NOT_OFFERED' } })
  expect(five.body.detail).toContain('3, 6, 12')
  expect(await confirmMonthly(shopper, checkoutId, undefined)).toMatchObject({
    ...{ status: 400, body: { code: 'VALIDATION_FAILED' } },
  })
}, 30_000)

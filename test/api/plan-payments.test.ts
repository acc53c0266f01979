import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiUnderTest, openApiUnderTest } from './api-under-test.ts'
import { ask, buy, must, openShop, openWallet, type Shop, type Shopper } from './shop-floor.ts'

let api: ApiUnderTest
let shop: Shop
let shopper: Shopper

beforeAll(async () => {
  api = await openApiUnderTest()
  shop = await openShop(api.app)
}, 60_000)

afterAll(async () => {
  await api.close()
})

type Part = { readonly planId: string; readonly amountMinor: number; readonly instalmentNo: number }
type Plan = {
  readonly outstandingMinor: number
  readonly instalments: readonly { readonly no: number; readonly paidMinor: number }[]
}

/** A consumer with two plans of 100.00, a quarter of each paid. */
async function twoPlans(): Promise<string[]> {
  shopper = await openWallet(api.app)
  const planIds: string[] = []
  for (let count = 0; count < 2; count += 1) {
    const { purchaseId } = await buy(api.app, shop, shopper)
    const body = { amountMinor: 10_000, currency: 'USD' }
    await must(api.app, 'POST', `/v1/purchases/${purchaseId}/captures`, { token: shop.token, body })
    const bought = await must<{ planId: string }>(api.app, 'GET', `/v1/purchases/${purchaseId}`, shopper)
    planIds.push(bought.planId)
  }
  return planIds
}

function pay(over: object, key?: string) {
  const body = { amountMinor: 6_000, currency: 'USD', paymentMethodId: shopper.paymentMethodId, ...over }
  return ask<{ parts: Part[]; paymentId: string; status: string; code?: string }>(api.app, 'POST', '/v1/payments', {
    ...{ token: shopper.token, body },
    ...(key === undefined ? {} : { key }),
  })
}

const planOf = (planId: string) => must<Plan>(api.app, 'GET', `/v1/plans/${planId}`, shopper)
const paidOf = async (planId: string) => (await planOf(planId)).instalments.map(({ paidMinor }) => paidMinor)

describe('an amount over many plans', () => {
  test('is placed by due date, shown on each plan at once, and a repeat gives the same answer', async () => {
    const [first = '', second = ''] = await twoPlans()
    const answer = await pay({}, 'pay-many')
    expect(answer).toMatchObject({ status: 201, body: { status: 'SUCCEEDED', amountMinor: 6_000 } })
    expect(await Promise.all([first, second].map(paidOf))).toEqual([
      [2_500, 2_500, 1_000, 0],
      [2_500, 2_500, 0, 0],
    ])
    const again = await pay({}, 'pay-many')
    expect(again.body).toEqual(answer.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const { items } = await must<{ items: { groupId: string | null; amountMinor: number }[] }>(
      ...[api.app, 'GET', `/v1/plans/${second}/payments`],
      shopper,
    )
    expect(items.map(({ groupId, amountMinor }) => [groupId, amountMinor])).toEqual([
      [null, 2_500],
      [answer.body.paymentId, 2_500],
    ])
  })

  test('pays only the plans named, and the last payments first where that is asked for', async () => {
    const [first = '', second = ''] = await twoPlans()
    const { body } = await pay({ planIds: [second], prepayment: 'LAST', amountMinor: 4_000 })
    expect(body.parts).toMatchObject([{ planId: second, amountMinor: 4_000, instalmentNo: 4 }])
    expect(await paidOf(second)).toEqual([2_500, 0, 1_500, 2_500])
    expect(await paidOf(first)).toEqual([2_500, 0, 0, 0])
  })

  test('answers with FAILED where the card is declined, and nothing is paid', async () => {
    const planIds = await twoPlans()
    const worked = api.providers.script.gateway
    api.providers.script.gateway = () => ({ succeeded: false, code: 'insufficient_funds', retryable: true })
    expect(await pay({})).toMatchObject({ status: 201, body: { status: 'FAILED', declineCode: 'insufficient_funds' } })
    expect(await Promise.all(planIds.map(paidOf))).toEqual([
      [2_500, 0, 0, 0],
      [2_500, 0, 0, 0],
    ])
    api.providers.script.gateway = worked
  })

  test.each<[string, object, number, string]>([
    ['more than is owed', { amountMinor: 15_001 }, 422, 'AMOUNT_TOO_LARGE'],
    ['in another currency', { currency: 'EUR' }, 422, 'CURRENCY_MISMATCH'],
    ['of a plan of nobody', { planIds: [`pln_${'0'.repeat(32)}`] }, 404, 'PLAN_UNKNOWN'],
    ['beyond safe integers', { amountMinor: Number.MAX_SAFE_INTEGER }, 400, 'VALIDATION_FAILED'],
    ['by an unknown rule', { prepayment: 'FIRST' }, 400, 'VALIDATION_FAILED'],
  ])('refuses %s', async (_title, over, status, code) => {
    await twoPlans()
    expect(await pay(over)).toMatchObject({ status, body: { code } })
  })

  test('refuses to pay the plan of somebody else', async () => {
    const [first] = await twoPlans()
    shopper = await openWallet(api.app)
    expect(await pay({ planIds: [first] })).toMatchObject({ status: 404, body: { code: 'PLAN_UNKNOWN' } })
  })
})

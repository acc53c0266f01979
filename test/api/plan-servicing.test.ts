import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays } from '#domain/calendar.ts'
import { type ApiUnderTest, OPERATOR, openApiUnderTest } from './api-under-test.ts'
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

type Plan = {
  readonly planId: string
  readonly pausedUntil: string | null
  readonly instalments: readonly { readonly dueDate: string; readonly delinquency: string | null; status: string }[]
}
type Clock = { readonly date: string }

/** A consumer with a plan of 100.00, a quarter of it paid. */
async function plan(): Promise<Plan> {
  shopper = await openWallet(api.app)
  const { purchaseId } = await buy(api.app, shop, shopper)
  const body = { amountMinor: 10_000, currency: 'USD' }
  await must(api.app, 'POST', `/v1/purchases/${purchaseId}/captures`, { token: shop.token, body })
  const { planId } = await must<{ planId: string }>(api.app, 'GET', `/v1/purchases/${purchaseId}`, shopper)
  return planOf(planId)
}

/** The read model follows days by itself. */
const POLL = { timeout: 10_000 }
const planOf = (planId: string) => must<Plan>(api.app, 'GET', `/v1/plans/${planId}`, shopper)
/** As the operator sees it: the consumer's token does not last so many days. */
const laterPlanOf = (planId: string) => must<Plan>(api.app, 'GET', `/v1/plans/${planId}`, { token: OPERATOR })
const change = (planId: string, what: string, body: object, key?: string) =>
  ask<Plan & { code?: string; until?: string; change?: string }>(api.app, 'POST', `/v1/plans/${planId}/${what}`, {
    ...{ token: shopper.token, body },
    ...(key === undefined ? {} : { key }),
  })
const pass = (days: number) => must(api.app, 'POST', '/v1/sandbox/clock', { token: OPERATOR, body: { days } })
const today = async () => (await must<Clock>(api.app, 'GET', '/v1/sandbox/clock', { token: OPERATOR })).date

describe('moving a payment date', () => {
  test('shows the new date at once, a repeat gives the same answer, and a second move is refused', async () => {
    const { planId, instalments } = await plan()
    const dueDate = addDays(instalments[1]?.dueDate ?? '', 3)
    const moved = await change(planId, 'date-moves', { instalmentNo: 2, dueDate }, 'move-1')
    expect(moved).toMatchObject({ status: 201, body: { change: 'InstalmentMoved', planId } })
    expect((await planOf(planId)).instalments[1]?.dueDate).toBe(dueDate)
    const again = await change(planId, 'date-moves', { instalmentNo: 2, dueDate }, 'move-1')
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([moved.body, 'true'])
    const third = instalments[3]?.dueDate
    expect(await change(planId, 'date-moves', { instalmentNo: 3, dueDate: third })).toMatchObject({
      ...{ status: 422, body: { code: 'DATE_MOVED_BEFORE' } },
    })
  })

  test('of a plan of somebody else is unknown', async () => {
    const { planId } = await plan()
    shopper = await openWallet(api.app)
    const answer = await change(planId, 'date-moves', { instalmentNo: 2, dueDate: '2026-12-01' })
    expect(answer).toMatchObject({ status: 404, body: { code: 'PLAN_UNKNOWN' } })
  })
})

describe('a pause', () => {
  test('holds charges until it ends, and the plan shows until when', async () => {
    const { planId } = await plan()
    const from = await today()
    const paused = await change(planId, 'pauses', { reason: 'RETURN' })
    expect(paused).toMatchObject({ status: 201, body: { until: addDays(from, 28) } })
    expect((await planOf(planId)).pausedUntil).toBe(addDays(from, 28))
    expect(await change(planId, 'pauses', { reason: 'PROBLEM' })).toMatchObject({ body: { code: 'PAUSE_OVERLAPS' } })
    await pass(27)
    expect((await laterPlanOf(planId)).instalments.map(({ status }) => status)).toMatchObject([
      'PAID',
      'SCHEDULED',
      {},
      {},
    ])
    await pass(1)
    const statuses = async () => (await laterPlanOf(planId)).instalments.map(({ status }) => status)
    await expect.poll(statuses, POLL).toEqual(['PAID', 'PAID', 'PAID', 'SCHEDULED'])
  }, 30_000)

  test('for no good reason is refused', async () => {
    const { planId } = await plan()
    expect(await change(planId, 'pauses', { reason: 'HOLIDAY' })).toMatchObject({ status: 400 })
  })
})

test('an instalment that is not paid shows how late it is', async () => {
  const { planId } = await plan()
  const worked = api.providers.script.gateway
  api.providers.script.gateway = () => ({ succeeded: false, code: 'card_declined', retryable: false })
  await pass(18)
  const second = async () => (await laterPlanOf(planId)).instalments[1]
  await expect.poll(second, POLL).toMatchObject({ status: 'OVERDUE', delinquency: '4-30' })
  api.providers.script.gateway = worked
}, 30_000)

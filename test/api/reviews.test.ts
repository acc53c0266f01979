/** A refusal goes to a person and comes back: the consumer asks, the staff claims and decides, the purchase passes. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiUnderTest, OPERATOR, openApiUnderTest } from './api-under-test.ts'
import { ask, confirm, must, offer, openShop, openWallet, type Shop, type Shopper } from './shop-floor.ts'

type Taken = { readonly reviewId: string; readonly status: string; readonly validUntil: string | null }
type Queue = { readonly items: readonly { readonly reviewId: string; readonly status: string }[] }

let under: ApiUnderTest
let shop: Shop
let shopper: Shopper
beforeAll(async () => {
  under = await openApiUnderTest()
  shop = await openShop(under.app)
  shopper = await openWallet(under.app)
})
afterAll(() => under.close())

const operator = { token: OPERATOR }
const post = <T>(path: string, token: string, body: object, key?: string) =>
  ask<T & { code?: string }>(under.app, 'POST', path, { token, body, ...(key && { key }) })
const queue = (token: string, query = '') => must<Queue>(under.app, 'GET', `/v1/reviews${query}`, { token })

async function refusal(): Promise<string> {
  const { body } = await confirm(under.app, shopper, await offer(under.app, shop, { amountMinor: 90_000 }))
  expect(body.status).toBe('DECLINED')
  return body.decision.decisionId
}

test('a refusal that a person overturns lets the purchase pass once', async () => {
  const decisionId = await refusal()
  const path = `/v1/decisions/${decisionId}/review`
  const asked = await post<Taken>(path, shopper.token, { statement: 'I earn more now.' }, 'ask-1')
  expect(asked).toMatchObject({ status: 201, body: { status: 'REQUESTED', dueAt: '2026-03-15T00:00:00.000Z' } })
  const { reviewId } = asked.body
  const again = await post<Taken>(path, shopper.token, { statement: 'I earn more now.' }, 'ask-1')
  expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([asked.body, 'true'])
  expect(await post(path, shopper.token, { statement: 'Again.' })).toMatchObject({ body: { code: 'REVIEW_EXISTS' } })
  await expect
    .poll(() => queue(OPERATOR, '?status=REQUESTED'), { timeout: 5_000 })
    .toMatchObject({
      items: [{ reviewId, decisionId, statement: 'I earn more now.', reasons: ['LIMIT_EXCEEDED'], overdue: false }],
    })
  expect((await queue(shopper.token)).items.map((review) => review.reviewId)).toEqual([reviewId])

  const verdict = { reviewer: 'Jo', overturned: true, reason: 'Proof of income seen.' }
  const decide = () => post<Taken>(`/v1/reviews/${reviewId}/decision`, OPERATOR, verdict)
  expect(await decide()).toMatchObject({ status: 422, body: { code: 'REVIEW_NOT_CLAIMED' } })
  expect(await post(`/v1/reviews/${reviewId}/claim`, OPERATOR, { reviewer: 'Jo' })).toMatchObject({ status: 200 })
  const decided = await decide()
  expect(decided).toMatchObject({
    status: 200,
    body: { status: 'OVERTURNED', validUntil: '2026-03-15T00:00:00.000Z' },
  })
  const passed = await confirm(under.app, shopper, await offer(under.app, shop, { amountMinor: 90_000 }))
  expect(passed.body).toMatchObject({ status: 'AUTHORISED', amountMinor: 90_000 })
  const beyond = await confirm(under.app, shopper, await offer(under.app, shop, { amountMinor: 90_000 }))
  expect(beyond.body).toMatchObject({ status: 'DECLINED' })
  await expect
    .poll(() => queue(OPERATOR, '?status=OVERTURNED'), { timeout: 5_000 })
    .toMatchObject({
      items: [{ reviewId, reviewer: 'Jo', decisionReason: 'Proof of income seen.' }],
    })
})

test('others may not ask, claim or decide, and what is not there is not found', async () => {
  const decisionId = await refusal()
  const other = await openWallet(under.app)
  const body = { statement: 'Mine?' }
  expect(await post(`/v1/decisions/${decisionId}/review`, other.token, body)).toMatchObject({
    body: { code: 'REVIEW_DECISION_UNKNOWN' },
  })
  expect(await post(`/v1/decisions/${decisionId}/review`, OPERATOR, body)).toMatchObject({ status: 403 })
  const unknown = `/v1/reviews/rev_${'0'.repeat(32)}/claim`
  expect(await post(unknown, OPERATOR, { reviewer: 'Jo' })).toMatchObject({
    status: 404,
    body: { code: 'REVIEW_UNKNOWN' },
  })
  expect(await post(unknown, shopper.token, { reviewer: 'Jo' })).toMatchObject({ status: 403 })
  expect((await queue(other.token)).items).toEqual([])
  expect(await ask(under.app, 'GET', '/v1/reviews?status=LOST', operator)).toMatchObject({ status: 400 })
})

/** A purchase through the API, over the real topologies in memory. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ApiUnderTest, OPERATOR, openApiUnderTest } from './api-under-test.ts'
import { everythingPasses } from './scripted-providers.ts'
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

type Purchase = { readonly purchaseId: string; readonly status: string; readonly planId: string }
type Plan = {
  readonly planId: string
  readonly status: string
  readonly outstandingMinor: number
  readonly instalments: readonly { readonly no: number; readonly amountMinor: number; readonly status: string }[]
}

let under: ApiUnderTest
let app: ApiUnderTest['app']
let shop: Shop
let shopper: Shopper

beforeAll(async () => {
  under = await openApiUnderTest({ outcomeTimeoutMs: 3_000 })
  app = under.app
  shop = await openShop(app)
})
afterAll(() => under.close())
afterEach(() => Object.assign(under.providers.script, everythingPasses))

/** A new consumer for each test: nobody's limit is used up by another test. */
async function newShopper(): Promise<Shopper> {
  shopper = await openWallet(app)
  return shopper
}

const purchaseOf = (id: string, token: string) => must<Purchase>(app, 'GET', `/v1/purchases/${id}`, { token })
const planOf = (id: string, token: string) => must<Plan>(app, 'GET', `/v1/plans/${id}`, { token })
const act = <T>(purchaseId: string, what: string, body: object, key?: string) =>
  ask<T>(app, 'POST', `/v1/purchases/${purchaseId}/${what}`, { token: shop.token, body, ...(key && { key }) })
const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' })

describe('confirming', () => {
  test.each(['PAY_IN_4', 'PAY_IN_30'])('%s is authorised, and can be read at once by both sides', async (product) => {
    const { token } = await newShopper()
    const checkoutId = await offer(app, shop, { merchantReference: `order ${product}` })
    const confirmed = await confirm(app, shopper, checkoutId, { product })
    expect(confirmed).toMatchObject({
      status: 200,
      body: { status: 'AUTHORISED', checkoutId, amountMinor: 10_000, currency: 'USD', reasons: [] },
    })
    expect(confirmed.body.decision).toMatchObject({ approved: true, limitMinor: 60_000, availableMinor: 50_000 })
    expect(confirmed.headers.get('server-timing')).toMatch(/^decision;dur=\d+\.\d\d$/)
    expect(confirmed.headers.get('idempotent-replayed')).toBeNull()
    const { purchaseId } = confirmed.body
    const purchase = await purchaseOf(purchaseId, token)
    expect(purchase).toMatchObject({ status: 'AUTHORISED', product, merchantReference: `order ${product}` })
    expect(await purchaseOf(purchaseId, shop.token)).toEqual(purchase)
    expect(await planOf(purchase.planId, token)).toMatchObject({ status: 'AUTHORISED' })
    const { items } = await must<{ items: Plan[] }>(app, 'GET', '/v1/plans', { token })
    expect(items.map(({ planId }) => planId)).toEqual([purchase.planId])
    // What is paid at checkout frees some of the limit again, a moment later.
    const { credit } = await must<{ credit: { availableMinor: number } }>(app, 'GET', '/v1/consumers/me', { token })
    expect([50_000, 52_500]).toContain(credit.availableMinor)
  })

  test('again with the same key gives the same answer, marked, and buys nothing twice', async () => {
    await newShopper()
    const checkoutId = await offer(app, shop)
    const first = await confirm(app, shopper, checkoutId, { key: 'confirm-1' })
    const again = await confirm(app, shopper, checkoutId, { key: 'confirm-1' })
    expect([again.status, again.body]).toEqual([200, first.body])
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.headers.get('server-timing')).toBeNull()
    const other = await confirm(app, shopper, checkoutId, { key: 'confirm-1', product: 'PAY_IN_30' })
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  })

  test('again with the same key gives the same answer whatever has happened since', async () => {
    const stopped = await openShop(app)
    await newShopper()
    const checkoutId = await offer(app, stopped)
    const first = await confirm(app, shopper, checkoutId, { key: 'confirm-2' })
    await must(app, 'POST', `/v1/purchases/${first.body.purchaseId}/releases`, { token: stopped.token, body: {} })
    const body = { status: 'CLOSED', reason: 'gone' }
    const operator = { token: 'operator-token-of-the-tests', body }
    await must(app, 'POST', `/v1/merchants/${stopped.merchantId}/status`, operator)
    const again = await confirm(app, shopper, checkoutId, { key: 'confirm-2' })
    expect([again.status, again.body]).toEqual([200, first.body])
    const another = await confirm(app, shopper, await offer(app, shop), { key: 'confirm-3' })
    expect(another.body.status).toBe('AUTHORISED')
  })

  test('with another key is refused: a checkout is bought once', async () => {
    await newShopper()
    const checkoutId = await offer(app, shop)
    const first = await confirm(app, shopper, checkoutId)
    const again = await confirm(app, shopper, checkoutId)
    expect(again).toMatchObject({ status: 409, body: { code: 'PURCHASE_EXISTS' } })
    expect(again.body.detail).toContain(first.body.purchaseId)
    await under.settle()
    expect(await must(app, 'GET', '/v1/consumers/me', shopper)).toMatchObject({ credit: { availableMinor: 52_500 } })
  })

  test('at the same time with ten keys buys once', async () => {
    await newShopper()
    const checkoutId = await offer(app, shop)
    const answers = await Promise.all(Array.from({ length: 10 }, () => confirm(app, shopper, checkoutId)))
    const statuses = answers.map(({ status, body }) => body.code ?? `${status} ${body.status}`).sort()
    expect(statuses).toEqual(['200 AUTHORISED', ...Array(9).fill('PURCHASE_EXISTS')])
  })

  test('at the same time with one key on two nodes buys once, with one answer', async () => {
    await newShopper()
    const checkoutId = await offer(app, shop, { consumerId: shopper.consumerId })
    const nodes = [app, await under.node()]
    const answers = await Promise.all(nodes.map((node) => confirm(node, shopper, checkoutId, { key: 'confirm-4' })))
    expect(answers.map(({ status, body }) => [status, body.status])).toEqual(Array(2).fill([200, 'AUTHORISED']))
    expect(answers[1]?.body).toEqual(answers[0]?.body)
  })

  test('what a first payment does not cover is PAYMENT_FAILED, also the second time', async () => {
    under.providers.script.gateway = () => ({ succeeded: false, code: 'card_declined', retryable: false })
    await newShopper()
    const checkoutId = await offer(app, shop)
    const failed = await confirm(app, shopper, checkoutId, { key: 'confirm-5' })
    expect(failed.body).toMatchObject({ status: 'PAYMENT_FAILED', reasons: [{ code: 'FIRST_PAYMENT_FAILED' }] })
    expect(failed.body.decision.approved).toBe(true)
    const again = await confirm(app, shopper, checkoutId, { key: 'confirm-5' })
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([failed.body, 'true'])
    expect((await purchaseOf(failed.body.purchaseId, shopper.token)).status).toBe('REJECTED')
    expect(await must(app, 'GET', '/v1/consumers/me', shopper)).toMatchObject({ credit: { availableMinor: 60_000 } })
  })

  test('while the gateway says nothing it is PENDING, and later with the same key AUTHORISED', async () => {
    const gate = Promise.withResolvers<void>()
    under.providers.script.gateway = async ({ requestId }) => {
      await gate.promise
      return { succeeded: true, id: requestId }
    }
    const slow = await under.node({ outcomeTimeoutMs: 100 })
    await newShopper()
    const checkoutId = await offer(app, shop)
    const pending = await confirm(slow, shopper, checkoutId, { key: 'confirm-6' })
    expect([pending.status, pending.body.status]).toEqual([200, 'PENDING'])
    const again = confirm(slow, shopper, checkoutId, { key: 'confirm-6' })
    await sleep(50)
    gate.resolve()
    expect((await again).body).toMatchObject({ status: 'AUTHORISED', decision: pending.body.decision })
    expect((await again).headers.get('idempotent-replayed')).toBe('true')
  })

  test('beyond the limit is DECLINED with its reasons, and reads as rejected', async () => {
    await newShopper()
    const declined = await confirm(app, shopper, await offer(app, shop, { amountMinor: 60_001 }))
    expect(declined).toMatchObject({
      status: 200,
      body: { status: 'DECLINED', reasons: [{ code: 'LIMIT_EXCEEDED' }], decision: { counterOfferMinor: 60_000 } },
    })
    expect((await purchaseOf(declined.body.purchaseId, shopper.token)).status).toBe('REJECTED')
    const { decisionId } = declined.body.decision
    const decision = await must(app, 'GET', `/v1/decisions/${decisionId}`, { token: shopper.token })
    const texts = { de: 'Der Einkauf liegt über dem, was von Ihrem Einkaufsrahmen noch frei ist.' }
    expect(decision).toMatchObject({ approved: false, reasons: [{ code: 'LIMIT_EXCEEDED', texts }], explanation: null })
    expect(await must(app, 'GET', `/v1/decisions/${decisionId}`, { token: OPERATOR })).toMatchObject({
      reasons: [{ code: 'LIMIT_EXCEEDED', texts }],
      explanation: {
        features: { amountMinor: 60_001, limitMinor: 60_000, bureauScore: 560 },
        rulesHit: ['within-limit', 'm0:SCORE_BUREAU_HISTORY'],
        scoreBase: 600,
        factors: [{ attribute: 'bureauScore', value: '560', points: -40, code: 'SCORE_BUREAU_HISTORY' }, {}, {}, {}],
      },
    })
  })

  test('without an identity check is DECLINED, and says so', async () => {
    const person = await register(app)
    const card = { token: 'tok_that_works', brand: 'visa', last4: '4242', expiryMonth: 12, expiryYear: 2030 }
    const path = '/v1/consumers/me/payment-methods'
    const kept = await must<{ paymentMethodId: string }>(app, 'POST', path, { token: person.token, body: card })
    const declined = await confirm(app, { ...person, ...kept }, await offer(app, shop))
    expect(declined.body).toMatchObject({ status: 'DECLINED', reasons: [{ code: 'KYC_REQUIRED' }] })
  })

  test('of a checkout that another has taken is refused', async () => {
    const first = await newShopper()
    const second = await newShopper()
    const checkoutId = await offer(app, shop)
    const claim = (token: string) => ask(app, 'POST', `/v1/checkouts/${checkoutId}/claim`, { token })
    expect(await claim(first.token)).toMatchObject({ status: 200, body: { status: 'CLAIMED' } })
    expect(await claim(first.token)).toMatchObject({ status: 200, body: { status: 'CLAIMED' } })
    const late = { status: 409, body: { code: 'CHECKOUT_CLAIMED_BY_ANOTHER' } }
    expect(await claim(second.token)).toMatchObject(late)
    expect(await confirm(app, second, checkoutId)).toMatchObject(late)
    expect(await ask(app, 'GET', `/v1/checkouts/${checkoutId}`, second)).toMatchObject({ status: 404 })
    expect((await confirm(app, first, checkoutId)).body.status).toBe('AUTHORISED')
  })

  test.each([
    ['with a card of somebody else', async () => (await openWallet(app)).paymentMethodId],
    ['with a card there is not', () => `pm_${'0'.repeat(32)}`],
  ])('%s is refused, and the checkout is still to be had', async (_what, card) => {
    await newShopper()
    const checkoutId = await offer(app, shop)
    const other = { ...shopper, paymentMethodId: await card() }
    const unknown = { status: 422, body: { code: 'PAYMENT_METHOD_UNKNOWN' } }
    expect(await confirm(app, other, checkoutId)).toMatchObject(unknown)
    expect((await confirm(app, shopper, checkoutId)).body.status).toBe('AUTHORISED')
  })
})

describe('capture, release and refund', () => {
  test('are answered with totals, replayed by key, and seen at once in purchase and plan', async () => {
    const { token } = await newShopper()
    const { purchaseId } = await buy(app, shop, shopper)
    const captured = await act<{ captureId: string }>(purchaseId, 'captures', usd(6_000), 'capture-1')
    expect(captured).toMatchObject({
      status: 201,
      body: { purchaseId, amountMinor: 6_000, capturedMinor: 6_000, releasedMinor: 0, authorisedMinor: 10_000 },
    })
    const again = await act(purchaseId, 'captures', usd(6_000), 'capture-1')
    expect([again.status, again.body, again.headers.get('idempotent-replayed')]).toEqual([201, captured.body, 'true'])
    const { planId } = await purchaseOf(purchaseId, token)
    // 15.00 each; what was paid at checkout beyond the first pays the last one down.
    expect(await planOf(planId, token)).toMatchObject({
      status: 'ACTIVE',
      instalments: [1, 2, 3, 4].map((no) => ({ no, amountMinor: 1_500 })),
    })
    expect((await act(purchaseId, 'releases', {})).body).toMatchObject({ cause: 'RELEASED', amountMinor: 4_000 })
    const refund = { ...usd(1_000), captureId: captured.body.captureId, reason: 'returned' }
    const refunded = await act(purchaseId, 'refunds', refund)
    expect(refunded).toMatchObject({
      status: 201,
      body: { amountMinor: 1_000, refundedMinor: 1_000, ...{ captureId: captured.body.captureId } },
    })
    const totals = { capturedMinor: 6_000, releasedMinor: 4_000, refundedMinor: 1_000 }
    expect(await purchaseOf(purchaseId, shop.token)).toMatchObject({ status: 'CAPTURED', ...totals })
    expect(await planOf(planId, shop.token)).toMatchObject({ outstandingMinor: 6_000 - 2_500 - 1_000 })
  })

  test.each<[string, string, object, number, string]>([
    ['more than was authorised', 'captures', usd(10_001), 422, 'CAPTURE_OVER_AUTHORISED'],
    ['in another currency', 'captures', { amountMinor: 1, currency: 'EUR' }, 422, 'CURRENCY_MISMATCH'],
    ['more than is open', 'releases', { amountMinor: 10_001 }, 422, 'RELEASE_OVER_OPEN'],
    ['before a capture', 'refunds', usd(1), 422, 'NOTHING_CAPTURED'],
  ])('%s is refused, and a repeat is refused again and marked', async (_what, action, body, status, code) => {
    await newShopper()
    const { purchaseId } = await buy(app, shop, shopper, { amountMinor: 10_000 })
    const refused = await act(purchaseId, action, body, 'refused-1')
    expect(refused).toMatchObject({ status, body: { code } })
    expect(refused.headers.get('idempotent-replayed')).toBeNull()
    const again = await act(purchaseId, action, body, 'refused-1')
    expect(again).toMatchObject({ status, body: { code } })
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  })

  test('an authorisation is extended, which both sides can read, and not for ever', async () => {
    const { token } = await newShopper()
    const { purchaseId } = await buy(app, shop, shopper)
    const extended = await act(purchaseId, 'extensions', { expiresOn: '2026-05-01' }, 'extend-1')
    expect(extended).toMatchObject({ status: 201, body: { purchaseId, expiresAt: '2026-05-01T00:00:00.000Z' } })
    const again = await act(purchaseId, 'extensions', { expiresOn: '2026-05-01' }, 'extend-1')
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([extended.body, 'true'])
    for (const reader of [token, shop.token]) {
      expect(await purchaseOf(purchaseId, reader)).toMatchObject({ expiresAt: '2026-05-01T00:00:00.000Z' })
    }
    const over = { status: 422, body: { code: 'EXTENSION_TOO_LONG' } }
    expect(await act(purchaseId, 'extensions', { expiresOn: '2026-12-31' })).toMatchObject(over)
    const earlier = { status: 422, body: { code: 'EXTENSION_NOT_LATER' } }
    expect(await act(purchaseId, 'extensions', { expiresOn: '2026-04-01' })).toMatchObject(earlier)
    expect(await act(purchaseId, 'extensions', { expiresOn: 'soon' })).toMatchObject({ status: 400 })
  })

  test('of another merchant’s purchase are as unknown as of one there is not', async () => {
    await newShopper()
    const { purchaseId } = await buy(app, shop, shopper)
    const stranger = await openShop(app)
    const paths = [purchaseId, `pur_${'0'.repeat(32)}`].map((id) => `/v1/purchases/${id}`)
    for (const path of paths) {
      const unknown = { status: 404, body: { code: 'PURCHASE_UNKNOWN' } }
      const { token } = stranger
      expect(await ask(app, 'POST', `${path}/captures`, { token, body: usd(1) })).toMatchObject(unknown)
      expect(await ask(app, 'GET', path, { token })).toMatchObject(unknown)
    }
  })

  test('at the same time never capture more than was authorised', async () => {
    await newShopper()
    const { purchaseId } = await buy(app, shop, shopper)
    const answers = await Promise.all(Array.from({ length: 15 }, () => act(purchaseId, 'captures', usd(1_000))))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10)
    expect(await purchaseOf(purchaseId, shop.token)).toMatchObject({ capturedMinor: 10_000, status: 'CAPTURED' })
  })
})

describe('paying by hand', () => {
  async function captured() {
    await newShopper()
    const { purchaseId } = await buy(app, shop, shopper)
    await act(purchaseId, 'captures', usd(10_000))
    const { planId } = await purchaseOf(purchaseId, shopper.token)
    const body = { instalmentNo: 2, ...usd(2_500), paymentMethodId: shopper.paymentMethodId }
    const pay = (over: object = {}, key?: string) =>
      ask(app, 'POST', `/v1/plans/${planId}/payments`, {
        token: shopper.token,
        body: { ...body, ...over },
        ...(key && { key }),
      })
    return { planId, pay }
  }

  test('takes the money once, and the plan shows it at once', async () => {
    const { planId, pay } = await captured()
    const paid = await pay({}, 'pay-1')
    expect(paid).toMatchObject({ status: 201, body: { status: 'SUCCEEDED', instalmentNo: 2, declineCode: null } })
    const again = await pay({}, 'pay-1')
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([paid.body, 'true'])
    const plan = await planOf(planId, shopper.token)
    expect(plan.instalments.map(({ status }) => status)).toEqual(['PAID', 'PAID', 'SCHEDULED', 'SCHEDULED'])
    expect(await pay()).toMatchObject({ status: 422, body: { code: 'NOTHING_OWED' } })
  })

  test('a charge that fails is an answer', async () => {
    const { pay } = await captured()
    under.providers.script.gateway = () => ({ succeeded: false, code: 'insufficient_funds', retryable: true })
    expect(await pay()).toMatchObject({ status: 201, body: { status: 'FAILED', declineCode: 'insufficient_funds' } })
  })

  test('a plan of somebody else is unknown', async () => {
    const { planId } = await captured()
    const other = await newShopper()
    const body = { instalmentNo: 2, ...usd(2_500), paymentMethodId: other.paymentMethodId }
    const answer = await ask(app, 'POST', `/v1/plans/${planId}/payments`, { token: other.token, body })
    expect(answer).toMatchObject({ status: 404, body: { code: 'PLAN_UNKNOWN' } })
  })
})

describe('lists', () => {
  test('come in pages that leave nothing out, and take no cursor of another list', async () => {
    const own = await openShop(app)
    await newShopper()
    const bought: string[] = []
    for (let no = 0; no < 5; no += 1) bought.push((await buy(app, own, shopper, { amountMinor: 1_000 })).purchaseId)
    const seen: string[] = []
    let cursor: string | null = ''
    const cursors: string[] = []
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      type Page = { items: Purchase[]; nextCursor: string | null }
      const page: Page = await must<Page>(app, 'GET', `/v1/purchases?limit=2${query}`, { token: own.token })
      seen.push(...page.items.map(({ purchaseId }) => purchaseId))
      cursor = page.nextCursor
      if (cursor !== null) cursors.push(cursor)
    }
    expect(seen.toSorted()).toEqual(bought.toSorted())
    expect(cursors).toHaveLength(2)
    const invalid = { status: 400, body: { code: 'CURSOR_INVALID', errors: [{ field: 'cursor' }] } }
    for (const token of [shop.token, shopper.token]) {
      expect(await ask(app, 'GET', `/v1/purchases?cursor=${cursors[0]}`, { token })).toMatchObject(invalid)
    }
    expect(await ask(app, 'GET', `/v1/plans?cursor=${cursors[0]}`, shopper)).toMatchObject(invalid)
  })
})

/** What is asked for at the wrong time, of the wrong thing or of too much of it is refused, and changes nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Platform } from '#main/platform.ts'
import {
  addCard,
  buy,
  confirm,
  confirmation,
  offer,
  openShop,
  openShopper,
  register,
  type Shop,
  type Shopper,
} from './actors.ts'
import { Caller } from './caller.ts'
import { expectProblem } from './expect-problem.ts'
import { expectWell, newDirectory, openPlatform, removeDirectories } from './test-platform.ts'

let platform: Platform
let caller: Caller
let operator: string
let shop: Shop
let shopper: Shopper
let other: Shopper
let keys = 0

const hex = (digit: string) => digit.repeat(32)
const newKey = () => {
  keys += 1
  return `bad-${keys}`
}

beforeAll(async () => {
  platform = await openPlatform(newDirectory('refusals'))
  caller = new Caller(platform.server.localUrl)
  operator = platform.operatorToken
  shop = await openShop(caller, operator, 'Discs')
  shopper = await openShopper(caller, 'Ada', { givenName: 'Score850' })
  other = await openShopper(caller, 'Ben', { givenName: 'Score850' })
}, 120_000)

afterAll(async () => {
  await platform?.close()
  removeDirectories()
}, 60_000)

const basket = (more: object = {}) => ({ amountMinor: 1_000, currency: 'USD', ...more })

describe('a merchant', () => {
  test.each(['SUSPENDED', 'CLOSED'])('that is %s sells nothing, also what was offered before', async (status) => {
    const stopped = await openShop(caller, operator, `Shop ${status}`)
    const checkoutId = await offer(caller, stopped, status, 1_000)
    const change = { token: operator, key: newKey(), body: { status, reason: 'a test' } }
    await caller.post(`/v1/merchants/${stopped.merchantId}/status`, change)
    const offered = await caller.send('POST', '/v1/checkouts', { token: stopped.apiKey, key: newKey(), body: basket() })
    expectProblem(offered, 422, 'MERCHANT_NOT_ACTIVE')
    const sent = confirmation(shopper, `stopped-${status}`)
    expectProblem(await caller.send('POST', `/v1/checkouts/${checkoutId}/confirm`, sent), 422, 'MERCHANT_NOT_ACTIVE')
  })

  test.each<[string, object, string]>([
    ['in another currency', { currency: 'EUR' }, 'CURRENCY_MISMATCH'],
    ['above its largest ticket', { amountMinor: 200_001 }, 'TICKET_TOO_LARGE'],
  ])('does not sell %s', async (_, more, code) => {
    const sent = { token: shop.apiKey, key: newKey(), body: basket(more) }
    expectProblem(await caller.send('POST', '/v1/checkouts', sent), 422, code)
  })
})

describe('a confirmation', () => {
  const path = (checkoutId: string) => `/v1/checkouts/${checkoutId}/confirm`

  test('by somebody without a confirmed identity is DECLINED with KYC_REQUIRED', async () => {
    const { consumerId, token } = await register(caller, 'Nobody')
    const paymentMethodId = await addCard(caller, token, 'Nobody')
    const unknown = { consumerId, token, paymentMethodId, email: '', limitMinor: 0 }
    const checkoutId = await offer(caller, shop, newKey(), 1_000)
    const declined = await confirm(caller, unknown, checkoutId, newKey())
    expect(declined).toMatchObject({ status: 'DECLINED', reasons: [{ code: 'KYC_REQUIRED' }] })
  })

  test('with somebody else’s card is refused', async () => {
    const checkoutId = await offer(caller, shop, newKey(), 1_000)
    const sent = confirmation({ ...shopper, paymentMethodId: other.paymentMethodId }, newKey())
    expectProblem(await caller.send('POST', path(checkoutId), sent), 422, 'PAYMENT_METHOD_UNKNOWN')
  })

  test('of what another consumer has taken is refused', async () => {
    const checkoutId = await offer(caller, shop, newKey(), 1_000)
    await caller.post(`/v1/checkouts/${checkoutId}/claim`, { token: other.token })
    const answer = await caller.send('POST', path(checkoutId), confirmation(shopper, newKey()))
    expectProblem(answer, 409, 'CHECKOUT_CLAIMED_BY_ANOTHER')
    expectProblem(
      await caller.send('GET', `/v1/checkouts/${checkoutId}`, { token: shopper.token }),
      404,
      'CHECKOUT_UNKNOWN',
    )
  })

  test('of what was bought before is refused', async () => {
    const checkoutId = await offer(caller, shop, newKey(), 1_000)
    expect((await confirm(caller, shopper, checkoutId, newKey())).status).toBe('AUTHORISED')
    const again = await caller.send('POST', path(checkoutId), confirmation(shopper, newKey()))
    expectProblem(again, 409, 'PURCHASE_EXISTS')
  })

  test('of an unknown product names the field', async () => {
    const sent = confirmation(shopper, newKey(), 'PAY_NEVER')
    expectProblem(await caller.send('POST', path(`chk_${hex('a')}`), sent), 400, 'VALIDATION_FAILED', ['product'])
  })

  test('of an expired checkout is refused', async () => {
    const checkoutId = await offer(caller, shop, newKey(), 1_000)
    await caller.post('/v1/sandbox/clock', { token: operator, body: { days: 2 } })
    const answer = await caller.send('POST', path(checkoutId), confirmation(shopper, newKey()))
    expectProblem(answer, 422, 'CHECKOUT_EXPIRED')
  })
})

describe('money', () => {
  const act = (purchaseId: string, what: string, body: object) =>
    caller.send('POST', `/v1/purchases/${purchaseId}/${what}`, { token: shop.apiKey, key: newKey(), body })

  test('is never captured, released or refunded beyond what there is', async () => {
    const checkoutId = await offer(caller, shop, newKey(), 5_000)
    const { purchaseId, status } = await confirm(caller, shopper, checkoutId, newKey())
    expect(status).toBe('AUTHORISED')
    expectProblem(await act(purchaseId, 'refunds', basket()), 422, 'NOTHING_CAPTURED')
    expectProblem(await act(purchaseId, 'captures', basket({ amountMinor: 5_001 })), 422, 'CAPTURE_OVER_AUTHORISED')
    expectProblem(await act(purchaseId, 'captures', basket({ currency: 'EUR' })), 422, 'CURRENCY_MISMATCH')
    expectProblem(await act(purchaseId, 'releases', { amountMinor: 5_001 }), 422, 'RELEASE_OVER_OPEN')
    expect((await act(purchaseId, 'captures', basket({ amountMinor: 4_000 }))).status).toBe(201)
    expectProblem(await act(purchaseId, 'captures', basket({ amountMinor: 1_001 })), 422, 'CAPTURE_OVER_AUTHORISED')
    expectProblem(await act(purchaseId, 'refunds', basket({ amountMinor: 4_001 })), 422, 'REFUND_OVER_CAPTURED')
    expectProblem(await act(purchaseId, 'refunds', basket({ currency: 'EUR' })), 422, 'CURRENCY_MISMATCH')
    expectProblem(await act(purchaseId, 'refunds', basket({ captureId: `cap_${hex('a')}` })), 422, 'CAPTURE_UNKNOWN')
    expect((await act(purchaseId, 'refunds', basket({ amountMinor: 4_000 }))).status).toBe(201)
    expectProblem(await act(purchaseId, 'refunds', basket({ amountMinor: 1 })), 422, 'REFUND_OVER_CAPTURED')
    expect((await act(purchaseId, 'releases', {})).status).toBe(201)
    expectProblem(await act(purchaseId, 'releases', {}), 422, 'NOTHING_TO_RELEASE')
  })

  test('of a declined purchase is not captured', async () => {
    const checkoutId = await offer(caller, shop, newKey(), 200_000)
    const second = await offer(caller, shop, newKey(), 200_000)
    await confirm(caller, other, checkoutId, newKey())
    const { purchaseId, status } = await confirm(caller, other, second, newKey())
    expect(status).toBe('DECLINED')
    expectProblem(await act(purchaseId, 'captures', basket()), 422, 'NOT_AUTHORISED')
  })

  test('is not paid twice or too much by hand, nor with somebody else’s card', async () => {
    const { purchaseId } = await buy(caller, shop, shopper, newKey(), 3_000)
    await platform.sinks.postgres.catchUp(30_000)
    type Plans = { readonly items: readonly { readonly planId: string; readonly purchaseId: string }[] }
    const { items } = await caller.get<Plans>('/v1/plans?limit=100', shopper.token)
    const path = `/v1/plans/${items.find((plan) => plan.purchaseId === purchaseId)?.planId}/payments`
    const pay = (token: string, more: object = {}) => {
      const body = { ...basket({ amountMinor: 3_000, instalmentNo: 1 }), paymentMethodId: shopper.paymentMethodId }
      return caller.send('POST', path, { token, key: newKey(), body: { ...body, ...more } })
    }
    expectProblem(await pay(shopper.token, { amountMinor: 3_001 }), 422, 'AMOUNT_TOO_LARGE')
    expectProblem(await pay(shopper.token, { currency: 'EUR' }), 422, 'CURRENCY_MISMATCH')
    const { paymentMethodId } = other
    expectProblem(await pay(shopper.token, { paymentMethodId }), 422, 'PAYMENT_METHOD_UNKNOWN')
    expect((await pay(other.token, { paymentMethodId })).status).toBe(404)
    expect((await pay(shopper.token)).status).toBe(201)
    expectProblem(await pay(shopper.token), 422, 'NOTHING_OWED')
  })
})

test('after all of it the platform is well', async () => {
  await expectWell(platform)
})

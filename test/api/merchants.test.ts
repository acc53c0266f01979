/** Applications, terms, tiers, keys and suspensions of merchants through the API, over the real topologies. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { dateToMs } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import { type ApiUnderTest, OPERATOR, openApiUnderTest } from './api-under-test.ts'
import { everythingPasses } from './scripted-providers.ts'
import { ask, buy, confirm, keepCard, must, offer, openShop, openWallet, register } from './shop-floor.ts'

type Applied = { readonly merchantId: string; readonly status: string; readonly tier: string; readonly apiKey: string }

let under: ApiUnderTest
let app: ApiUnderTest['app']

beforeAll(async () => {
  under = await openApiUnderTest({ outcomeTimeoutMs: 2_000 })
  app = under.app
})
afterAll(() => under.close())
afterEach(() => {
  Object.assign(under.providers.script, everythingPasses)
})

const operate = <T>(method: string, path: string, body?: object) =>
  ask<T & { readonly code?: string }>(app, method, path, { token: OPERATOR, ...(body && { body }) })

const application = (over: object = {}) => ({
  ...{ name: 'Kiosk', legalName: 'Kiosk Ltd', registrationNumber: 'HRB 1', country: 'US', currency: 'USD' },
  ...{ categoryCode: '5994', payoutAccount: 'acct_kiosk', ...over },
})
const apply = (over: object = {}, key?: string) =>
  ask<Applied>(app, 'POST', '/v1/merchant-applications', { body: application(over), ...(key && { key }) })

describe('an application', () => {
  test('is verified and taken on in its tier; the same key gives the same answer', async () => {
    const made = await apply({}, 'apply-1')
    expect(made).toMatchObject({ status: 201, body: { status: 'APPROVED', tier: 'STANDARD' } })
    expect((await apply({}, 'apply-1')).body).toEqual(made.body)
    const { merchantId, apiKey } = made.body
    const merchant = await must(app, 'GET', '/v1/merchants/me', { token: apiKey })
    expect(merchant).toMatchObject({
      merchantId,
      status: 'ACTIVE',
      tier: 'STANDARD',
      feeBps: 400,
      ticketMaxMinor: 200_000,
    })
    await offer(app, { merchantId, token: apiKey })
  })

  test('that needs a look sells nothing until a person has decided', async () => {
    under.providers.script.business = ({ requestId }) => {
      return { id: requestId, status: 'needs_review', riskTier: 'high', reasons: ['owner_not_confirmed'] }
    }
    const { merchantId, apiKey, status } = (await apply({ legalName: 'Review Ltd' })).body
    expect(status).toBe('IN_REVIEW')
    expect((await ask(app, 'GET', '/v1/merchants/me', { token: apiKey })).status).toBe(401)
    const path = `/v1/merchant-applications/${merchantId}/decision`
    const decide = (body: object) => operate('POST', path, { reason: 'called the owner', ...body })
    expect(await decide({ approve: true })).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
    expect(await decide({ approve: true, tier: 'HIGH' })).toMatchObject({ status: 200, body: { status: 'APPROVED' } })
    expect(await decide({ approve: false })).toMatchObject({ status: 409, body: { code: 'APPLICATION_NOT_IN_REVIEW' } })
    expect(await must(app, 'GET', '/v1/merchants/me', { token: apiKey })).toMatchObject({ tier: 'HIGH', feeBps: 600 })
    const { items } = await must<{ items: object[] }>(app, 'GET', '/v1/merchant-applications', { token: OPERATOR })
    const listed = { merchantId, legalName: 'Review Ltd', status: 'APPROVED', tier: 'HIGH' }
    expect(items).toContainEqual(expect.objectContaining(listed))
  })

  test('of a business that nobody knows is rejected', async () => {
    under.providers.script.business = ({ requestId }) => {
      return { id: requestId, status: 'not_verified', riskTier: null, reasons: ['not_in_register'] }
    }
    const { body } = await apply({ legalName: 'Unknown Ltd' })
    expect(body).toMatchObject({ status: 'REJECTED', reasons: ['not_in_register'] })
    expect((await ask(app, 'GET', '/v1/merchants/me', { token: body.apiKey })).status).toBe(401)
  })
})

test('a merchant in the tier HIGH is refused a ticket over 500.00, and told why', async () => {
  const shop = await openShop(app)
  const tier = await operate('POST', `/v1/merchants/${shop.merchantId}/tier`, { tier: 'HIGH', reason: 'many returns' })
  expect(tier).toMatchObject({ status: 200, body: { tier: 'HIGH', previous: null } })
  await offer(app, shop, { amountMinor: 50_000 })
  const body = { amountMinor: 50_001, currency: 'USD' }
  expect(await ask(app, 'POST', '/v1/checkouts', { token: shop.token, body })).toMatchObject({
    status: 422,
    body: { code: 'TICKET_OVER_TIER', detail: expect.stringContaining('500.00 USD or less') },
  })
})

test('an API key is replaced without a gap, and listed', async () => {
  const shop = await openShop(app)
  const keys = (token: string) =>
    must<{ items: { apiKeyId: string; endsAt: string | null }[] }>(app, 'GET', '/v1/api-keys', { token })
  const [old] = (await keys(shop.token)).items
  const rotate = (apiKeyId: string | undefined, token: string, overlapHours: number) =>
    must<{ apiKeyId: string; apiKey: string }>(app, 'POST', `/v1/api-keys/${apiKeyId}/rotate`, {
      ...{ token, body: { overlapHours } },
    })
  const next = await rotate(old?.apiKeyId, shop.token, 24)
  expect((await keys(next.apiKey)).items).toEqual([
    { apiKeyId: old?.apiKeyId, endsAt: '2026-03-02T00:00:00.000Z' },
    { apiKeyId: next.apiKeyId, endsAt: null },
  ])
  expect((await ask(app, 'GET', '/v1/merchants/me', { token: shop.token })).status).toBe(200)
  const last = await rotate(next.apiKeyId, next.apiKey, 0)
  expect((await ask(app, 'GET', '/v1/merchants/me', { token: next.apiKey })).status).toBe(401)
  expect((await ask(app, 'GET', '/v1/merchants/me', { token: last.apiKey })).status).toBe(200)
})

test('a suspended merchant gets no checkout and no purchase, and captures what was authorised', async () => {
  const shop = await openShop(app)
  const shopper = await openWallet(app)
  const bought = await buy(app, shop, shopper)
  const waiting = await offer(app, shop)
  const status = (to: string) => operate('POST', `/v1/merchants/${shop.merchantId}/status`, { status: to, reason: 'x' })
  await status('SUSPENDED')
  const stopped = { status: 422, body: { code: 'MERCHANT_NOT_ACTIVE' } }
  const body = { amountMinor: 1_000, currency: 'USD' }
  expect(await ask(app, 'POST', '/v1/checkouts', { token: shop.token, body })).toMatchObject(stopped)
  expect(await confirm(app, shopper, waiting)).toMatchObject(stopped)
  const capture = { amountMinor: bought.amountMinor, currency: 'USD' }
  const path = `/v1/purchases/${bought.purchaseId}/captures`
  expect((await ask(app, 'POST', path, { token: shop.token, body: capture })).status).toBe(201)
  await status('ACTIVE')
  expect((await confirm(app, shopper, waiting)).body.status).toBe('AUTHORISED')
})

test('a merchant that is suspended while a purchase waits for a credit report does not get it', async () => {
  const { promise: reported, resolve: report } = Promise.withResolvers<void>()
  under.providers.script.bureau = async (request) => {
    await reported
    return everythingPasses.bureau(request)
  }
  const shop = await openShop(app)
  const person = await register(app)
  const { token } = person
  const paymentMethodId = await keepCard(app, token)
  await must(app, 'POST', '/v1/consumers/me/identity-checks', { token, body: {} })
  const checkoutId = await offer(app, shop)
  const confirming = confirm(app, { ...person, paymentMethodId }, checkoutId)
  const pending = () => ask(app, 'GET', `/v1/purchases/${deriveId('pur', checkoutId)}`, { token })
  await expect.poll(pending, { timeout: 5_000 }).toMatchObject({ body: { status: 'PENDING' } })
  await under.settle()
  await operate('POST', `/v1/merchants/${shop.merchantId}/status`, { status: 'SUSPENDED', reason: 'complaints' })
  await under.settle()
  report()
  expect((await confirming).body).toMatchObject({ status: 'DECLINED', reasons: [{ code: 'MERCHANT_NOT_ACTIVE' }] })
})

// Business time moves here, for everybody: this stands last.
test('other terms hold from their time on, and not for what was offered before', async () => {
  const shop = await openShop(app)
  const path = `/v1/merchants/${shop.merchantId}/terms`
  const terms = { feeBps: 250, ticketMaxMinor: 30_000 }
  const agreed = await operate('POST', path, { ...terms, effectiveFrom: '2026-03-05T00:00:00Z' })
  expect(agreed).toMatchObject({ status: 201, body: { version: 2, effectiveFrom: '2026-03-05T00:00:00.000Z' } })
  expect(await operate('POST', path, { ...terms, effectiveFrom: '2026-03-04T00:00:00Z' })).toMatchObject({
    status: 422,
    body: { code: 'TERMS_TIME_INVALID' },
  })
  await offer(app, shop, { amountMinor: 30_001 })
  await under.clock.moveTo(dateToMs('2026-03-05'))
  const body = { amountMinor: 30_001, currency: 'USD' }
  expect(await ask(app, 'POST', '/v1/checkouts', { token: shop.token, body })).toMatchObject({
    body: { code: 'TICKET_TOO_LARGE' },
  })
  const me = await must(app, 'GET', '/v1/merchants/me', { token: shop.token })
  expect(me).toMatchObject({ feeBps: 250, termsVersion: 2, ticketMaxMinor: 30_000 })
  const { items } = await must<{ items: object[] }>(app, 'GET', path, { token: OPERATOR })
  expect(items).toMatchObject([
    { version: 2, feeBps: 250 },
    { version: 1, feeBps: 400 },
  ])
})

/** Policies and models through the API: what is published decides, and what cannot be used is refused with codes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import p2 from '#topologies/credit/credit-policy-p2.json' with { type: 'json' }
import m1 from '#topologies/credit/scorecard-m1.json' with { type: 'json' }
import { type ApiUnderTest, OPERATOR, openApiUnderTest } from './api-under-test.ts'
import { ask, confirm, must, offer, openShop, openWallet, type Shop } from './shop-floor.ts'

let under: ApiUnderTest
let app: ApiUnderTest['app']
let shop: Shop
beforeAll(async () => {
  under = await openApiUnderTest()
  app = under.app
  shop = await openShop(app)
})
afterAll(() => under.close())

const operator = { token: OPERATOR }
const publish = (policy: unknown, more: object = {}, key?: string) =>
  ask<{ code: string; version: string; effectiveFrom: string; errors: { code: string; message: string }[] }>(
    ...([app, 'POST', '/v1/credit/policies', { ...operator, body: { policy, ...more }, ...(key && { key }) }] as const),
  )
const strict = (version: string) => ({
  ...p2,
  version,
  caps: { ...p2.caps, firstPurchase: 50 },
  examples: p2.examples.slice(6, 7),
})
const plain = (version: string, over: object = {}) => ({ ...p2, version, ...over })

describe('publishing a policy', () => {
  test('decides from its time on: the purchase before it and the one after it', async () => {
    const now = under.clock.now().timeMs
    const effectiveFrom = new Date(now + 3_600_000).toISOString()
    const published = await publish(strict('p3'), { effectiveFrom }, 'publish-p3')
    expect(published).toMatchObject({ status: 201, body: { version: 'p3', effectiveFrom, modelVersion: 'm1' } })
    const again = await publish(strict('p3'), { effectiveFrom }, 'publish-p3')
    expect(again.body).toEqual(published.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')

    const [early, late] = [await openWallet(app), await openWallet(app)]
    const before = await confirm(app, early, await offer(app, shop))
    expect(before.body.decision).toMatchObject({ approved: true, policyVersion: 'p2' })
    await under.clock.moveTo(now + 3_600_000)
    const after = await confirm(app, late, await offer(app, shop))
    expect(after.body.decision).toMatchObject({ approved: false, policyVersion: 'p3' })
    expect(after.body.reasons).toMatchObject([{ code: 'FIRST_PURCHASE_LIMIT' }])
    const { decisionId } = after.body.decision
    await expect
      .poll(() => ask<{ explanation: object }>(app, 'GET', `/v1/decisions/${decisionId}`, operator), { timeout: 5_000 })
      .toMatchObject({ body: { policyVersion: 'p3', explanation: { variant: 'CHAMPION', shadow: null } } })
  })

  test.each([
    ['a gap', { bands: p2.bands.slice(1) }, 'POLICY_BAND_GAP'],
    [
      'an overlap',
      { bands: [...p2.bands, { name: 'odd', scoreMin: 450, scoreMax: 460, limit: 300 }] },
      'POLICY_BAND_OVERLAP',
    ],
    ['a field nobody knows', { more: 1 }, 'POLICY_FORM'],
  ])('with %s is refused with its code', async (_what, over, code) => {
    const refused = await publish(plain('p5', over))
    expect(refused).toMatchObject({ status: 422, body: { code: 'CREDIT_POLICY_INVALID' } })
    expect(refused.body.errors.map((error) => error.code)).toContain(code)
  })

  test('with a model of another version is refused, and taken once that is published', async () => {
    const scoring = { model: 'm2', challenger: null }
    const policy = plain('p6', { scoring })
    expect(await publish(policy)).toMatchObject({ status: 422, body: { code: 'POLICY_PART_UNKNOWN' } })
    const model = { ...m1, version: 'm2' }
    const sent = await ask(app, 'POST', '/v1/credit/models', { ...operator, body: { model } })
    expect(sent).toMatchObject({ status: 201, body: { version: 'm2' } })
    expect(await publish(policy, { effectiveFrom: '2030-01-01T00:00:00Z' })).toMatchObject({ status: 201 })
    const bad = await ask(app, 'POST', '/v1/credit/models', { ...operator, body: { model: { ...model, format: 2 } } })
    expect(bad).toMatchObject({ status: 422, body: { code: 'SCORE_MODEL_FORMAT_UNKNOWN' } })
  })

  test('in the past, or by anybody else, is refused', async () => {
    const past = await publish(plain('p7'), { effectiveFrom: '2026-02-01T00:00:00Z' })
    expect(past).toMatchObject({ status: 422, body: { code: 'POLICY_EFFECTIVE_IN_PAST' } })
    expect(await publish(plain('p7'), { effectiveFrom: 'soon' })).toMatchObject({ status: 400 })
    const byShop = { token: shop.token, body: { policy: plain('p7') } }
    expect(await ask(app, 'POST', '/v1/credit/policies', byShop)).toMatchObject({ status: 403 })
  })
})

test('the policies and models that were published can be read', async () => {
  await publish(plain('p8'), { effectiveFrom: null })
  const list = await must<{ items: { version: string; effectiveFrom: string | null }[] }>(
    ...([app, 'GET', '/v1/credit/policies', operator] as const),
  )
  expect(list.items).toContainEqual(expect.objectContaining({ version: 'p8', effectiveFrom: null }))
  expect(await must(app, 'GET', '/v1/credit/policies/p8', operator)).toMatchObject({
    file: { version: 'p8', format: 1 },
  })
  expect(await ask(app, 'GET', '/v1/credit/policies/p99', operator)).toMatchObject({
    status: 404,
    body: { code: 'CREDIT_POLICY_UNKNOWN' },
  })
  await ask(app, 'POST', '/v1/credit/models', { ...operator, body: { model: { ...m1, version: 'm3' } } })
  expect(await must(app, 'GET', '/v1/credit/models', operator)).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ version: 'm3' })]),
  })
  expect(await must(app, 'GET', '/v1/credit/models/m3', operator)).toMatchObject({ file: { version: 'm3' } })
})

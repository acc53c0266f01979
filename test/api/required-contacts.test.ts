/** A policy that wants a proved phone number: refused with that reason, and approved once the code was entered. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { oneTimeCode } from '#domain/one-time-code.ts'
import p2 from '#topologies/credit/credit-policy-p2.json' with { type: 'json' }
import { type ApiUnderTest, OPERATOR, openApiUnderTest, SECRET } from './api-under-test.ts'
import { ask, confirm, must, offer, openShop, openWallet } from './shop-floor.ts'

let under: ApiUnderTest
beforeAll(async () => {
  under = await openApiUnderTest()
})
afterAll(() => under.close())

test('a purchase waits for the proof of the phone number', async () => {
  const { app } = under
  const policy = { ...p2, version: 'p9', requiredContacts: ['EMAIL', 'PHONE'] }
  await must(app, 'POST', '/v1/credit/policies', { token: OPERATOR, body: { policy } })
  const shop = await openShop(app)
  const shopper = await openWallet(app, undefined, { phone: '+14155550123' })
  const refused = await confirm(app, shopper, await offer(app, shop))
  expect(refused.body).toMatchObject({ status: 'DECLINED', reasons: [{ code: 'PHONE_NOT_CONFIRMED' }] })

  const path = '/v1/consumers/me/verifications'
  const { token } = shopper
  const body = { contact: 'PHONE' }
  const { verificationId } = await must<{ verificationId: string }>(app, 'POST', path, { token, body })
  const code = oneTimeCode(SECRET, verificationId)
  const proved = await ask(app, 'POST', `${path}/${verificationId}/confirm`, { token, body: { code } })
  expect(proved).toMatchObject({ status: 200, body: { verified: true } })
  const approved = async () => (await confirm(app, shopper, await offer(app, shop))).body.status
  await expect.poll(approved, { timeout: 5_000 }).toBe('AUTHORISED')
})

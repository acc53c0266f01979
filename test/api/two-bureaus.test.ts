/** Two bureaus that contradict each other, through the API: what is decided, what the lender sees, who looks at it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import p2 from '#topologies/credit/credit-policy-p2.json' with { type: 'json' }
import { type ApiUnderTest, OPERATOR, openApiUnderTest } from './api-under-test.ts'
import { everythingPasses } from './scripted-providers.ts'
import { ask, confirm, must, offer, openShop, openWallet } from './shop-floor.ts'

let under: ApiUnderTest
beforeAll(async () => {
  under = await openApiUnderTest()
})
afterAll(() => under.close())

const operator = { token: OPERATOR }

test('a refusal for reports that differ goes to a person by itself, with both reports in its explanation', async () => {
  under.providers.script.bureau = async (request) => {
    const file = await everythingPasses.bureau(request)
    return request.bureau === 'primary' ? { ...file, id: 'rep_1' } : { ...file, id: 'rep_2', score: 860 }
  }
  const bureaus = [
    { name: 'primary', role: 'PRIMARY' },
    { name: 'secondary', role: 'BOTH' },
  ]
  const policy = { ...p2, version: 'p9', bureau: { ...p2.bureau, bureaus, whenContradicted: 'REVIEW' } }
  await must(under.app, 'POST', '/v1/credit/policies', { ...operator, body: { policy } })
  const shop = await openShop(under.app)
  const shopper = await openWallet(under.app)
  const refused = await confirm(under.app, shopper, await offer(under.app, shop))
  expect(refused.body).toMatchObject({ status: 'DECLINED', reasons: [{ code: 'CREDIT_REPORTS_DIFFER' }] })
  const { decisionId } = refused.body.decision

  await expect
    .poll(() => ask(under.app, 'GET', `/v1/decisions/${decisionId}`, operator), { timeout: 5_000 })
    .toMatchObject({
      body: {
        explanation: {
          rulesHit: ['reports-agree', 'm0:SCORE_BUREAU_HISTORY'],
          reports: [
            { bureau: 'primary', providerRef: 'rep_1', outcome: 'FOUND', decisive: true },
            { bureau: 'secondary', providerRef: 'rep_2', outcome: 'FOUND', decisive: false },
          ],
          contradiction: {
            ...{ source: 'OTHER_BUREAU', fields: ['score'] },
            ...{ standing: { providerRef: 'rep_1' }, other: { providerRef: 'rep_2' } },
          },
        },
      },
    })
  const queue = await must<{ items: object[] }>(under.app, 'GET', '/v1/reviews?status=REQUESTED', operator)
  expect(queue.items).toMatchObject([{ decisionId, openedBy: 'POLICY', reasons: ['CREDIT_REPORTS_DIFFER'] }])
  const mine = await ask(under.app, 'POST', `/v1/decisions/${decisionId}/review`, {
    ...{ token: shopper.token, body: { statement: 'Please look.' } },
  })
  expect(mine).toMatchObject({ status: 422, body: { code: 'REVIEW_EXISTS' } })
})

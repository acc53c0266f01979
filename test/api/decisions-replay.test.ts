/** The past decided again: the same bytes by the same rules, and a report by others. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backTest } from '#main/decisions/back-test.ts'
import { compareWithLog } from '#main/decisions/replay-credit.ts'
import { openCreditPolicy } from '#topologies/credit/credit-policy.ts'
import p2 from '#topologies/credit/credit-policy-p2.json' with { type: 'json' }
import { CREDIT_POLICY } from '#topologies/credit/decision-rules.ts'
import { SCORE_MODEL } from '#topologies/credit/scorecard.ts'
import { creditTopology } from '#topologies/credit/topology.ts'
import { type ApiUnderTest, OPERATOR, openApiUnderTest } from './api-under-test.ts'
import { confirm, must, offer, openShop, openWallet } from './shop-floor.ts'

let under: ApiUnderTest
const examples = p2.examples.slice(6, 7)
const always = { from: '0001-01-01', to: '9999-12-31' }
const replay = (range = always) => ({ log: under.log, schemas: under.schemas, range, group: 'credit' })
const compared = (range = always) => compareWithLog({ ...replay(range), topology: creditTopology(under.schemas) })
const tested = (over: object, range = always) => {
  const policy = openCreditPolicy({ ...p2, version: 'p8', examples, ...over })
  return backTest(replay(range), { policy, model: SCORE_MODEL })
}

beforeAll(async () => {
  under = await openApiUnderTest()
  const { app, clock } = under
  const shop = await openShop(app)
  const other = await openShop(app, { name: 'Garage' })
  const buyers = [await openWallet(app), await openWallet(app)] as const
  // A score of 560 gives 600.00: the first two are approved, the third is beyond the limit.
  for (const [where, amountMinor] of [
    [shop, 20_000],
    [other, 30_000],
    [shop, 50_000],
  ] as const) {
    await confirm(app, buyers[0], await offer(app, where, { amountMinor }))
  }
  // A policy that comes into force in the middle.
  const policy = { ...p2, version: 'p3', caps: { ...p2.caps, firstPurchase: 100 }, examples }
  const time = clock.now().timeMs + 86_400_000
  const body = { policy, effectiveFrom: new Date(time).toISOString() }
  await must(app, 'POST', '/v1/credit/policies', { token: OPERATOR, body })
  await clock.moveTo(time)
  await confirm(app, buyers[1], await offer(app, shop, { amountMinor: 15_000 }))
  await under.settle()
})
afterAll(() => under.close())

describe('a replay', () => {
  test('with the same versions gives the same bytes, over a change of policy too', async () => {
    expect(await compared()).toMatchObject({ decisions: 4, differences: [], unprocessed: 0 })
    expect(await compared({ from: '2026-03-02', to: '2026-03-02' })).toMatchObject({ decisions: 1, differences: [] })
  })
})

describe('a back-test', () => {
  test('tells what would be gained and lost, by band and merchant, and the same twice', async () => {
    const report = await tested({ caps: { ...p2.caps, firstPurchase: null, newMerchant: 100 } })
    expect(report).toMatchObject({
      tested: { policy: 'p8', model: 'm1' },
      before: { policies: ['p2', 'p3'], models: ['m0'] },
      byCurrency: [{ currency: 'USD', decisions: 4, approvedBefore: 2, approvedTested: 2, gained: 1, lost: 1 }],
      byBand: [{ band: 'basic', gainedMinor: 15_000, lostMinor: 30_000 }],
    })
    expect(report.byMerchant.map(({ merchantName, gained, lost }) => [merchantName, gained, lost]).sort()).toEqual([
      ['Garage', 0, 1],
      ['Kiosk', 1, 0],
    ])
    const again = await tested({ caps: { ...p2.caps, firstPurchase: null, newMerchant: 100 } })
    expect(JSON.stringify(again)).toBe(JSON.stringify(report))
  })

  test('of a model names the rows by the bands of the policy that was in force', async () => {
    const p3 = openCreditPolicy({
      ...p2,
      version: 'p3',
      bands: [{ name: 'all', scoreMin: 0, scoreMax: 1_000, limit: 600 }],
      examples,
    })
    const policyOf = (version: string) => (version === 'p3' ? p3 : CREDIT_POLICY)
    const { byBand } = await backTest(replay(), { policy: null, model: SCORE_MODEL }, policyOf)
    expect(byBand.map(({ band, decisions }) => [band, decisions])).toEqual([
      ['all', 1],
      ['basic', 3],
    ])
  })

  test('expects losses by the scale of the model', async () => {
    const { byCurrency } = await tested({})
    // Score 560: odds 16 x 2^(-40/50) = 9.19, PD = 9.81 %; 200.00 and 300.00 were approved, and 150.00 would be.
    expect(byCurrency).toMatchObject([
      { expectedLossBeforeMinor: 1_963 + 2_944, expectedLossTestedMinor: 1_963 + 2_944 + 1_472, gained: 1, lost: 0 },
    ])
  })

  test('gives each decision the limit of the tested bands', async () => {
    const bands = p2.bands.map((band) => (band.name === 'basic' ? { ...band, limit: 1_000 } : band))
    const { byCurrency } = await tested({ bands }, { from: '2026-03-01', to: '2026-03-01' })
    expect(byCurrency).toMatchObject([{ decisions: 3, gained: 1, gainedMinor: 50_000, lost: 0 }])
  })
})

test('a log that was tampered with does not pass', async () => {
  const { log, schemas } = under
  const { name: topic } = schemas.topics.creditEvents
  const positions = Array.from({ length: log.partitionCount(topic) }, (_, partition) => ({
    topic,
    partition,
    offset: 0,
  }))
  const fetched = await log.fetch({ positions, maxBytes: 1_000_000, maxWaitMs: 0 })
  const [record] = fetched.flatMap(({ records }) => records)
  if (record === undefined) throw new Error('Nothing was decided.')
  const { partition, key, value } = record
  const bytes = Buffer.from('no event at all')
  await log.append([value, bytes].map((one) => ({ topic, partition, timestampMs: 0, key, value: one })))
  const verdict = await compared()
  expect(verdict.differences).toMatchObject([
    { partition, replayed: null, logged: { type: expect.any(String) } },
    { partition, replayed: null, logged: { unreadable: expect.stringContaining('Confluent') } },
  ])
})

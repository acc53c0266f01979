import { describe, expect, test } from 'vitest'
import { dateToMs } from '#domain/calendar.ts'
import type { PayoutRequested, SettlementState } from '#schemas'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { crashReplay, crashStep, TopologyTestDriver } from '#streams/testing'
import { settlementTopology } from './topology.ts'

const schemas = testSchemas()
const { topics } = schemas
const terms = {
  feeBps: 400,
  feeFixedMinor: 0,
  settlementDays: 2,
  refundPolicy: null,
  authorisationDays: null,
  settlement: null,
  monthly: [],
}

function captured(
  id: string,
  fields: { consumerId: string; merchantId: string; amountMinor: number; currency?: string },
) {
  return sampleRecord('PurchaseCaptured', { meta: sampleMeta(id), captureId: `cap_${id}`, terms, ...fields })
}

function refunded(id: string, amountMinor: number) {
  const meta = sampleMeta(id, '2026-01-02')
  return sampleRecord('PurchaseRefunded', { meta, consumerId: 'con_1', merchantId: 'mer_1', amountMinor, terms })
}

function tick(date: string) {
  return sampleRecord('ClockTicked', { meta: sampleMeta(`tick_${date}`, date), time: dateToMs(date), date })
}

function paid({ requestId, settlementId, merchantId, amountMinor }: PayoutRequested, succeeded = true) {
  const meta = sampleMeta(`${requestId}_answer`, '2026-01-03')
  const outcome = succeeded ? { gatewayRef: 'po_1' } : { failureCode: 'bank_down' }
  return sampleRecord('PayoutReported', {
    meta,
    requestId,
    settlementId,
    merchantId,
    amountMinor,
    succeeded,
    ...outcome,
  })
}

const fromAnna = captured('evt_1', { consumerId: 'con_1', merchantId: 'mer_1', amountMinor: 100_00 })
const fromBen = captured('evt_2', { consumerId: 'con_2', merchantId: 'mer_1', amountMinor: 50_00 })
const elsewhere = captured('evt_3', { consumerId: 'con_1', merchantId: 'mer_2', amountMinor: 10_00 })

describe('settlementTopology', () => {
  test('brings the sales of many consumers together by merchant and pays them on their day', async () => {
    const driver = await TopologyTestDriver.create(settlementTopology(schemas), { partitions: 3 })
    await driver.pipeAll(topics.purchaseEvents, [fromAnna, fromBen, elsewhere])
    await driver.pipe(topics.clock, tick('2026-01-02'))
    expect(driver.read(topics.payoutRequests)).toEqual([])
    await driver.pipe(topics.clock, tick('2026-01-03'))
    const requests = driver.readValues(topics.payoutRequests)
    const amounts = requests.map((request) => [request?.merchantId, request?.amountMinor]).sort()
    expect(amounts).toEqual([
      ['mer_1', 144_00],
      ['mer_2', 9_60],
    ])
    for (const request of requests) if (request !== null) await driver.pipe(topics.payoutResults, paid(request))
    const events = driver.readValues(topics.settlementEvents)
    const counts = Object.fromEntries(
      Map.groupBy(events, (event) => event?.type)
        .entries()
        .map(([type, all]) => [type, all.length]),
    )
    expect(counts).toEqual({ SettlementLineAdded: 6, SettlementClosed: 2, PayoutPaid: 2 })
    const accounts = await driver.store<SettlementState>('merchant-accounts').entries()
    expect(accounts.map(([, { payableMinor, openDays, payouts }]) => ({ payableMinor, openDays, payouts }))).toEqual([
      { payableMinor: 0, openDays: [], payouts: [] },
      { payableMinor: 0, openDays: [], payouts: [] },
    ])
    expect(await driver.store('accounts-due').entries()).toEqual([])
  })

  test('asks again with the next tick for a payout that failed', async () => {
    const driver = await TopologyTestDriver.create(settlementTopology(schemas))
    await driver.pipe(topics.purchaseEvents, elsewhere)
    await driver.pipe(topics.clock, tick('2026-01-03'))
    const [first] = driver.readValues(topics.payoutRequests)
    await driver.pipe(topics.payoutResults, paid(first as PayoutRequested, false))
    await driver.pipe(topics.clock, tick('2026-01-04'))
    const [second] = driver.readValues(topics.payoutRequests)
    expect(second).toMatchObject({ settlementId: first?.settlementId, amountMinor: 9_60 })
    expect(second?.requestId).not.toBe(first?.requestId)
  })

  test('parks a merchant with a second currency, and nobody else', async () => {
    const driver = await TopologyTestDriver.create(settlementTopology(schemas))
    await driver.pipe(topics.purchaseEvents, fromAnna)
    await driver.pipe(
      topics.purchaseEvents,
      captured('evt_4', { consumerId: 'con_1', merchantId: 'mer_1', amountMinor: 1, currency: 'USD' }),
    )
    await driver.pipe(topics.purchaseEvents, elsewhere)
    expect(await driver.parked()).toMatchObject([
      { key: 'mer_1', records: [{ cause: { code: 'SETTLEMENT_CURRENCY_MIXED' } }] },
    ])
    const lines = driver.readValues(topics.settlementEvents)
    expect(lines.map((line) => line?.merchantId)).toEqual(['mer_1', 'mer_1', 'mer_2', 'mer_2'])
  })

  test('leaves the same bytes and state when every step is lost once and processed again', async () => {
    const steps = [
      crashStep(topics.purchaseEvents, fromAnna),
      crashStep(topics.purchaseEvents, fromBen),
      crashStep(topics.purchaseEvents, refunded('evt_5', 200_00)),
      crashStep(topics.clock, tick('2026-01-03')),
      crashStep(topics.purchaseEvents, elsewhere),
      crashStep(topics.clock, tick('2026-01-04')),
      crashStep(topics.clock, tick('2026-01-05')),
    ]
    const watch = { topics: ['settlement.events', 'payout.requests'], stores: ['merchant-accounts', 'accounts-due'] }
    const { calm, crashed } = await crashReplay(() => settlementTopology(schemas), steps, watch)
    expect(calm.outputs['settlement.events']?.length).toBeGreaterThan(7)
    expect(crashed).toEqual(calm)
  })
})

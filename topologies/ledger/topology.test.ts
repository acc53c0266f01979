import { describe, expect, test } from 'vitest'
import type { AccountState } from '#schemas'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { crashReplay, crashStep, TopologyTestDriver } from '#streams/testing'
import { ledgerTopology } from './topology.ts'

const schemas = testSchemas()
const { topics } = schemas

const of = (id: string) => ({ meta: sampleMeta(id), consumerId: 'con_1', merchantId: 'mer_1', currency: 'EUR' })
const captured = sampleRecord('PurchaseCaptured', { ...of('evt_1'), amountMinor: 100_00 })
const fee = sampleRecord('SettlementLineAdded', {
  meta: sampleMeta('evt_2'),
  merchantId: 'mer_1',
  kind: 'FEE',
  amountMinor: -4_00,
})
const instalment = sampleRecord('InstalmentPaid', { ...of('evt_3'), amountMinor: 25_00, principalMinor: 25_00 })
const refund = sampleRecord('RefundAllocated', {
  ...of('evt_4'),
  amountMinor: 90_00,
  reducedMinor: 75_00,
  returnedMinor: 15_00,
})
const returned = sampleRecord('PaymentReturned', { meta: sampleMeta('evt_5'), consumerId: 'con_1', amountMinor: 15_00 })
const payout = sampleRecord('PayoutPaid', { meta: sampleMeta('evt_6'), merchantId: 'mer_1', amountMinor: 6_00 })

const steps = [
  crashStep(topics.purchaseEvents, captured),
  crashStep(topics.settlementEvents, fee),
  crashStep(topics.planEvents, instalment),
  crashStep(topics.planEvents, refund),
  crashStep(topics.paymentEvents, returned),
  crashStep(topics.settlementEvents, payout),
]

async function booked() {
  const driver = await TopologyTestDriver.create(ledgerTopology(schemas), { partitions: 3 })
  for (const { topic, value } of steps) await driver.pipe(topic, value as never)
  return driver
}

describe('ledgerTopology', () => {
  test('books the events of four topics and keeps the balance of every account', async () => {
    const driver = await booked()
    const accounts = await driver.store<AccountState>('account-balances').entries()
    const balances = accounts.map(([key, { debitsMinor, creditsMinor }]) => [key, debitsMinor - creditsMinor])
    expect(Object.fromEntries(balances)).toEqual({
      'assets:cash:EUR': 25_00 - 15_00 - 6_00,
      'assets:consumer-receivable:con_1:EUR': 0,
      'income:merchant-fees:EUR': -4_00,
      'liabilities:consumer-credit:con_1:EUR': 0,
      'liabilities:merchant-payable:mer_1:EUR': 0,
    })
    const entries = driver.readValues(topics.ledgerEntries)
    expect(entries).toHaveLength(steps.length)
    for (const entry of entries) expect(entry?.postings.reduce((sum, posting) => sum + posting.amountMinor, 0)).toBe(0)
  })

  test('files a balance under its account, and says the newest one last', async () => {
    const driver = await booked()
    const cash = driver.read(topics.ledgerBalances).filter((record) => record.key === 'assets:cash')
    expect(cash.map((record) => record.value?.balanceMinor)).toEqual([25_00, 10_00, 4_00])
  })

  test('parks an event that does not balance; what comes after it in its topic and key waits', async () => {
    const driver = await TopologyTestDriver.create(ledgerTopology(schemas))
    const broken = sampleRecord('InstalmentPaid', { ...of('evt_7'), amountMinor: 25_00, principalMinor: 24_00 })
    await driver.pipe(topics.planEvents, broken)
    await driver.pipe(topics.planEvents, instalment)
    const [queue] = await driver.parked()
    expect(queue).toMatchObject({ key: 'con_1', records: [{ cause: { code: 'LEDGER_UNBALANCED' } }, { cause: null }] })
    expect(driver.read(topics.ledgerEntries)).toEqual([])
    await driver.control({ action: 'discard', key: 'con_1' })
    expect(await driver.parked()).toEqual([])
  })

  test('posts each event once, though every step is lost once and processed again', async () => {
    const watch = { topics: ['ledger.entries', 'ledger.balances'], stores: ['account-balances'] }
    const { calm, crashed } = await crashReplay(() => ledgerTopology(schemas), steps, watch)
    expect(calm.outputs['ledger.entries']).toHaveLength(steps.length)
    expect(crashed).toEqual(calm)
  })
})

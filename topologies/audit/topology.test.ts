import { describe, expect, test } from 'vitest'
import type { AuditEntry, AuditState } from '#schemas'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { crashReplay, crashStep, TopologyTestDriver } from '#streams/testing'
import { LogCheck } from './log-check.ts'
import { auditTopology } from './topology.ts'

const schemas = testSchemas()
const { topics } = schemas

const consumer = (id: string) => ({ meta: sampleMeta(id), consumerId: 'con_1' })
const merchant = (id: string) => ({ meta: sampleMeta(id), merchantId: 'mer_1' })

const steps = [
  crashStep(topics.consumerEvents, sampleRecord('ConsumerRegistered', consumer('evt_1'))),
  crashStep(topics.merchantEvents, sampleRecord('MerchantOnboarded', merchant('evt_2'))),
  crashStep(topics.creditEvents, sampleRecord('PurchaseApproved', consumer('evt_3'))),
  crashStep(topics.creditEvents, sampleRecord('ExposureChanged', consumer('evt_4'))),
  crashStep(topics.purchaseEvents, sampleRecord('PurchaseCaptured', { ...consumer('evt_5'), merchantId: 'mer_1' })),
  crashStep(topics.planEvents, sampleRecord('LateFeeCharged', consumer('evt_6'))),
  crashStep(topics.paymentEvents, sampleRecord('PaymentSucceeded', consumer('evt_7'))),
  crashStep(topics.settlementEvents, sampleRecord('PayoutPaid', merchant('evt_8'))),
]

describe('auditTopology', () => {
  test('chains the critical events of seven topics, one chain a subject', async () => {
    const driver = await TopologyTestDriver.create(auditTopology(schemas), { partitions: 3 })
    for (const { topic, value } of steps) await driver.pipe(topic, value as never)
    const entries = driver.readValues(topics.auditEntries) as AuditEntry[]
    const chains = Map.groupBy(entries, (entry) => entry.subject)
    const heads = driver.store<AuditState>('chain-heads')
    const check = new LogCheck()
    for (const entry of entries) check.take(entry)
    const kept = await Promise.all([...chains.keys()].map((subject) => heads.get(subject)))
    expect(check.end(kept.filter((head) => head !== undefined))).toEqual({ entries: 7, subjects: 2, faults: [] })
    expect(chains.get('con_1')?.map((entry) => entry.action)).toEqual([
      'ConsumerRegistered',
      'PurchaseApproved',
      'PurchaseCaptured',
      'LateFeeCharged',
      'PaymentSucceeded',
    ])
    expect(chains.get('mer_1')?.map((entry) => entry.action)).toEqual(['MerchantOnboarded', 'PayoutPaid'])
  })

  test('leaves the same chain when every step is lost once and processed again', async () => {
    const watch = { topics: ['audit.entries'], stores: ['chain-heads'] }
    const { calm, crashed } = await crashReplay(() => auditTopology(schemas), steps, watch)
    expect(calm.outputs['audit.entries']).toHaveLength(7)
    expect(crashed).toEqual(calm)
  })
})

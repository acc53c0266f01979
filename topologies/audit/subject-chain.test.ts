import { describe, expect, test } from 'vitest'
import { canonicalJson } from '#domain/canonical-json.ts'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { given } from '#streams/testing'
import { type AuditableEvent, criticalTypes, isCritical, subjectOf } from './critical.ts'
import { subjectChain } from './subject-chain.ts'

describe('subjectChain', () => {
  test('writes who did what to whom, from 1 and without a gap', () => {
    const registered = sampleRecord('ConsumerRegistered', { meta: sampleMeta('evt_1'), consumerId: 'con_1' })
    const paid = sampleRecord('PaymentSucceeded', {
      meta: sampleMeta('evt_2'),
      consumerId: 'con_1',
      amountMinor: 25_00,
    })
    const first = given(subjectChain, 'con_1').when(registered)
    first.gives({
      type: 'AuditEntry',
      sequence: 1,
      action: 'ConsumerRegistered',
      eventId: 'evt_1',
      actor: 'test',
      previousHash: '0'.repeat(64),
    })
    const [entry] = first.events
    given(subjectChain, 'con_1')
      .after(registered)
      .when(paid)
      .gives({
        type: 'AuditEntry',
        sequence: 2,
        action: 'PaymentSucceeded',
        previousHash: entry?.hash ?? '',
        subject: 'con_1',
      })
      .leaves({ sequence: 2 })
  })

  test('keeps the event whole, as JSON that any reader writes the same way', () => {
    const paid = sampleRecord('PaymentSucceeded', { amountMinor: 25_00 })
    const [entry] = given(subjectChain, 'consumerId').when(paid).events
    expect(JSON.parse(entry?.detail ?? '')).toEqual(paid)
    const reversed = Object.fromEntries(Object.entries(paid).reverse())
    expect(canonicalJson(reversed)).toBe(entry?.detail)
  })
})

describe('canonicalJson', () => {
  test.each([
    [{ b: 1, a: { d: [3, { f: 1, e: 2 }], c: null } }, '{"a":{"c":null,"d":[3,{"e":2,"f":1}]},"b":1}'],
    [['b', 'a'], '["b","a"]'],
    ['text', '"text"'],
  ])('writes %j with sorted keys', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })
})

describe('critical events', () => {
  test('every kept event names its subject', () => {
    const ids = { consumerId: 'con_1', merchantId: 'mer_1' }
    for (const type of criticalTypes) {
      const event = { ...sampleRecord(type), ...ids }
      expect(isCritical(event), type).toBe(true)
      expect(['con_1', 'mer_1', 'version', 'routesId', 'ledgerId'], type).toContain(subjectOf(event))
    }
  })

  test.each([
    'ExposureChanged',
    'CheckoutCreated',
    'InstalmentDue',
    'PurchaseRequested',
    'SettlementLineAdded',
  ] as const)('leaves out %s, which moves nothing critical', (type) =>
    expect(isCritical(sampleRecord(type) as AuditableEvent)).toBe(false),
  )
})

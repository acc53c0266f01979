import { expect, test } from 'vitest'
import { sampleRecord } from '#schemas/sample-record.ts'
import { messageOf } from './messages.ts'

test('a merchant is told which lines a refund is of', () => {
  const lines = { items: [{ line: 2, quantity: 1 }], refundedItems: [{ line: 2, quantity: 3 }] }
  const message = messageOf(sampleRecord('PurchaseRefunded', { amountMinor: 4_000, ...lines }))
  expect(message?.eventType).toBe('purchase.refunded')
  const { data } = JSON.parse(message?.body ?? '')
  expect(data).toMatchObject({ amountMinor: 4_000, ...lines })
  expect(data).not.toHaveProperty('payoutAccount')
})

import { expect, test } from 'vitest'
import { childMeta, rootMeta } from './envelope.ts'

const root = rootMeta({
  source: 'api',
  id: 'cmd_1',
  occurredAt: 852_076_800_000,
  businessDate: '1997-01-01',
  idempotencyKey: 'key#body',
})

test('a chain is followed by the id of its first record', () => {
  expect(root).toStrictEqual({
    id: 'cmd_1',
    source: 'api',
    occurredAt: 852_076_800_000,
    businessDate: '1997-01-01',
    correlationId: 'cmd_1',
    causationId: null,
    idempotencyKey: 'key#body',
  })
})

test('a caused record names its cause and keeps its time, correlation and idempotency key', () => {
  const child = childMeta('credit', { meta: root }, 'PurchaseApproved')
  expect(child).toStrictEqual({ ...root, id: child.id, source: 'credit', causationId: 'cmd_1' })
  expect(childMeta('plans', { meta: child }, 'PlanProposed').correlationId).toBe('cmd_1')
})

test('ids are the same on a replay, and differ by cause, name and parts', () => {
  const ids = [
    childMeta('a', { meta: root }, 'x'),
    childMeta('a', { meta: root }, 'y'),
    childMeta('a', { meta: root }, 'x', 1),
    childMeta('a', { meta: { ...root, id: 'cmd_2' } }, 'x'),
  ].map((meta) => meta.id)
  expect(new Set(ids).size).toBe(4)
  expect(childMeta('a', { meta: root }, 'x').id).toBe(ids[0])
})

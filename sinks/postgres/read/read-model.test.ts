import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deriveId } from '#domain/ids.ts'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { isStreamsError, memoryLog } from '#streams'
import { type Happening, sampleLife, writeLife } from '../../testing/sample-life.ts'
import type { Database } from '../database.ts'
import { openPgliteDatabase } from '../pglite-database.ts'
import { postgresSink } from '../sink.ts'
import { databasePositions } from './applied.ts'
import { auditChainOf } from './audit.ts'
import { listDecisions } from './decisions.ts'
import { balancesOf, entriesOfPurchase } from './ledger.ts'
import { capturesOf, refundsOf, releasesOf } from './purchases.ts'
import { readModel } from './read-model.ts'

const CONSUMERS = 3
const PURCHASES = 5
const consumerId = deriveId('con', 0)
const purchaseId = deriveId('pur', '0/0')
const planId = deriveId('pln', purchaseId)
const settlementId = deriveId('set', '0/0')
const returned = sampleRecord('PaymentReturned', {
  meta: sampleMeta('evt_returned'),
  consumerId,
  planId,
  paymentId: deriveId('pay', '0/0', 1),
  returnId: 'ret_1',
  amountMinor: 10_00,
})
const declined = sampleRecord('PurchaseDeclined', {
  meta: sampleMeta('evt_declined', '2026-02-01'),
  consumerId,
  purchaseId: 'pur_declined',
  decisionId: 'dec_declined',
  amountMinor: 700_00,
  limitMinor: 600_00,
  reasons: [{ code: 'LIMIT_EXCEEDED', text: 'Above the limit.', texts: { de: 'Über dem Rahmen.' } }],
  features: { bureauScore: 550 },
  rulesHit: ['within-limit'],
  scoreBase: 600,
  factors: [{ attribute: 'bureauScore', value: '550', points: -50, code: 'SCORE_BUREAU_HISTORY' }],
  counterOfferMinor: 500_00,
})
const more: readonly Happening[] = [
  { topic: 'paymentEvents', event: returned },
  { topic: 'creditEvents', event: declined },
]

describe('readModel', () => {
  const schemas = testSchemas()
  const log = memoryLog()
  let database: Database
  let reads: ReturnType<typeof readModel>

  beforeAll(async () => {
    database = await openPgliteDatabase(null)
    reads = readModel(database)
    await writeLife(log, schemas.topics, [...sampleLife(CONSUMERS, PURCHASES), ...more])
    const sink = postgresSink({ log, schemas, database })
    await sink.start()
    expect(await sink.catchUp(20_000)).toBe(true)
    await sink.stop()
  })
  afterAll(() => database.close())

  test('shows a purchase and what became of it', async () => {
    expect(await reads.purchase(purchaseId)).toMatchObject({
      purchaseId,
      consumerId,
      planId,
      status: 'CAPTURED',
      amountMinor: 100_00,
      capturedMinor: 100_00,
      refundedMinor: 10_00,
      requestedOn: '2026-01-01',
      expiresAt: '1970-01-01T00:00:00.000Z',
      items: [{ name: 'Cup', quantity: 10, unitAmountMinor: 10_00, refundedQuantity: 1 }],
    })
    expect(await capturesOf(database, purchaseId)).toMatchObject([
      { amountMinor: 100_00, capturedAt: '2026-01-01T00:00:00.000Z' },
    ])
    const items = [{ line: 1, quantity: 1 }]
    expect(await refundsOf(database, purchaseId)).toMatchObject([{ amountMinor: 10_00, reason: null, items }])
    expect(await releasesOf(database, purchaseId)).toEqual([])
    expect(await reads.purchase('pur_nothing')).toBeNull()
  })

  test('lists one’s own purchases, newest first, page by page, each once', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await reads.purchases({ consumerId }, { limit: 2, cursor })
      seen.push(...page.items.map((purchase) => `${purchase.requestedOn} ${purchase.consumerId}`))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual(['05', '04', '03', '02', '01'].map((day) => `2026-01-${day} ${consumerId}`))
  })

  test('tells purchases of the same moment apart, so that a page leaves none out', async () => {
    const all = await reads.purchases({ merchantId: 'mer_sample' }, { limit: 100, cursor: null })
    expect(all.items).toHaveLength(CONSUMERS * PURCHASES)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await reads.purchases({ merchantId: 'mer_sample' }, { limit: 1, cursor })
      seen.push(...page.items.map((purchase) => purchase.purchaseId))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual(all.items.map((purchase) => purchase.purchaseId))
    expect(
      (await reads.purchases({ merchantId: 'mer_sample', merchantReference: 'none' }, { limit: 9, cursor: null }))
        .items,
    ).toEqual([])
  })

  test.each(['nonsense', Buffer.from('["x","y"]').toString('base64url'), Buffer.from('[1]').toString('base64url')])(
    'refuses the cursor %s',
    async (cursor) => {
      await expect(reads.decisions({ limit: 5, cursor })).rejects.toSatisfy((error) =>
        isStreamsError(error, 'CURSOR_INVALID'),
      )
    },
  )

  test('shows a plan with its schedule, and its payments with what was given back', async () => {
    const plan = await reads.plan(planId)
    expect(plan).toMatchObject({ status: 'ACTIVE', outstandingMinor: 0, paidMinor: 100_00 })
    expect(plan?.instalments.map(({ no, dueDate, status }) => [no, dueDate, status])).toEqual([
      [1, '2026-01-01', 'PAID'],
      [2, '2026-01-15', 'PAID'],
      [3, '2026-01-29', 'PAID'],
      [4, '2026-02-12', 'PAID'],
    ])
    const payments = await reads.payments(planId)
    expect(payments.map(({ instalmentNo, status, returnedMinor }) => [instalmentNo, status, returnedMinor])).toEqual([
      [1, 'SUCCEEDED', 10_00],
      [2, 'SUCCEEDED', 0],
      [3, 'SUCCEEDED', 0],
      [4, 'SUCCEEDED', 0],
    ])
    expect(
      (await reads.plans(consumerId, { limit: 2, cursor: null })).items.map((each) => each.instalments.length),
    ).toEqual([4, 4])
  })

  test('shows a merchant its settlements and their lines, and nobody else', async () => {
    const { items } = await reads.settlements('mer_sample', { limit: 100, cursor: null })
    expect(items).toHaveLength(CONSUMERS * PURCHASES)
    expect(items[0]).toMatchObject({ payoutMinor: 90_00, payoutStatus: 'PAID', settledOn: '2026-01-01' })
    expect(await reads.settlementLines('mer_sample', settlementId)).toMatchObject([
      { kind: 'SALE', amountMinor: 100_00, purchaseId },
    ])
    expect(await reads.settlementLines('mer_other', settlementId)).toBeNull()
    const paged = await reads.settlements('mer_sample', { limit: 10, cursor: null })
    expect((await reads.settlements('mer_sample', { limit: 10, cursor: paged.nextCursor })).items).toHaveLength(5)
  })

  test('shows the last decisions with their reasons', async () => {
    const { items } = await reads.decisions({ limit: 2, cursor: null })
    expect(items[0]).toMatchObject({
      decisionId: 'dec_declined',
      approved: false,
      reasons: [{ code: 'LIMIT_EXCEEDED' }],
      counterOfferMinor: 500_00,
      decidedAt: '2026-02-01T00:00:00.000Z',
    })
    expect(items[1]).toMatchObject({ approved: true, reasons: [] })
    expect((await listDecisions(database, { consumerId: 'con_nobody' }, { limit: 9, cursor: null })).items).toEqual([])
    expect(await reads.decision('dec_declined')).toMatchObject({
      amountMinor: 700_00,
      reasons: [{ code: 'LIMIT_EXCEEDED', text: 'Above the limit.', texts: { de: 'Über dem Rahmen.' } }],
      explanation: {
        features: { bureauScore: 550 },
        rulesHit: ['within-limit'],
        scoreBase: 600,
        factors: [{ attribute: 'bureauScore', value: '550', points: -50, code: 'SCORE_BUREAU_HISTORY' }],
      },
    })
    expect(await reads.decision('dec_nobody')).toBeNull()
  })

  test('shows consumers, merchants, notices, books and the audit chain', async () => {
    expect(await reads.consumer(consumerId)).toMatchObject({ email: 'consumer-0@example.com', kycStatus: 'APPROVED' })
    expect(await reads.creditAccount(consumerId)).toMatchObject({ limitMinor: 600_00, outstandingMinor: 0, score: 712 })
    expect((await reads.consumers({ limit: 2, cursor: null })).items).toHaveLength(2)
    expect((await reads.merchants({ limit: 2, cursor: null })).items).toMatchObject([
      { merchantId: 'mer_sample', status: 'ACTIVE' },
    ])
    expect(await reads.merchantOfCheckout(deriveId('chk', '0/0'))).toBe('mer_sample')
    expect(await reads.consumerOfPurchase(purchaseId)).toBe(consumerId)
    expect(await reads.consumerOfPurchase('pur_nothing')).toBeNull()
    expect((await reads.notifications(consumerId, { limit: 9, cursor: null })).items).toHaveLength(PURCHASES)
    const entries = await entriesOfPurchase(database, purchaseId)
    expect(entries).toHaveLength(4)
    expect(entries[0]?.postings).toEqual([
      { account: 'assets:cash', amountMinor: 25_00 },
      { account: `assets:consumer-receivable:${consumerId}`, amountMinor: -25_00 },
    ])
    expect(await balancesOf(database, `assets:consumer-receivable:${consumerId}`)).toMatchObject([
      { balanceMinor: 0, postings: 4 },
    ])
    expect(await auditChainOf(database, purchaseId)).toMatchObject([{ sequence: 1, detail: '{"a":"\\u00e4"}' }])
  })

  test('adds everything up', async () => {
    const purchases = CONSUMERS * PURCHASES
    expect(await reads.totals()).toEqual({
      purchases,
      approved: purchases,
      declinedByReason: { LIMIT_EXCEEDED: 1 },
      volumeMinor: purchases * 100_00,
      openPlans: purchases,
      instalmentsPaid: purchases * 4,
      instalmentsPaidLate: purchases,
      paymentsFailed: 0,
      feesMinor: 0,
      interestMinor: 0,
      refunds: purchases,
      refundedMinor: purchases * 10_00,
      payouts: purchases,
      paidOutMinor: purchases * 90_00,
    })
  })

  test('lets a reader in another process wait for its own write', async () => {
    const positions = databasePositions(database)
    const topic = schemas.topics.merchantEvents.name
    const ends = await log.endOffsets([0, 1, 2, 3].map((partition) => ({ topic, partition })))
    const written = ends.find((end) => end.offset > 0)
    if (written === undefined) throw new Error('nothing was written')
    expect(await positions.waitFor({ ...written, offset: written.offset - 1 }, 0)).toBe(true)
    expect(await positions.waitFor(written, 30)).toBe(false)
    expect(await positions.applied('nowhere', 0)).toBe(0)
  })
})

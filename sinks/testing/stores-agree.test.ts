import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testSchemas } from '#schemas/testing.ts'
import { memoryLog } from '#streams'
import type { Analytics } from '../clickhouse/analytics.ts'
import { openChdbAnalytics } from '../clickhouse/chdb-analytics.ts'
import { merchantDays } from '../clickhouse/read/merchant-days.ts'
import { reconciliationSums as clickhouseSums } from '../clickhouse/read/reconciliation.ts'
import { reconciliationBalances as clickhouseBalances } from '../clickhouse/read/reconciliation-balances.ts'
import { clickhouseSink } from '../clickhouse/sink.ts'
import { sinkTopics } from '../feed/sink-topics.ts'
import type { Database } from '../postgres/database.ts'
import { openPgliteDatabase } from '../postgres/pglite-database.ts'
import { reconciliationSums as postgresSums } from '../postgres/read/reconciliation.ts'
import { reconciliationBalances as postgresBalances } from '../postgres/read/reconciliation-balances.ts'
import { postgresSink } from '../postgres/sink.ts'
import { sampleLife, writeLife } from './sample-life.ts'

const schemas = testSchemas()
let database: Database
let analytics: Analytics
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fourfold-agree-'))
  database = await openPgliteDatabase(null)
  analytics = await openChdbAnalytics(directory)
  const log = memoryLog()
  await writeLife(log, schemas.topics, sampleLife(9, 3))
  // What nobody can read is kept, and is no plan, posting or balance.
  const unreadable = sinkTopics(schemas.topics).map(({ name }) => ({ topic: name, value: Buffer.from('unreadable') }))
  await log.append(unreadable.map((record) => ({ ...record, partition: 0, timestampMs: 0, key: null })))
  for (const sink of [postgresSink({ log, schemas, database }), clickhouseSink({ log, schemas, analytics })]) {
    await sink.start()
    expect(await sink.catchUp(20_000)).toBe(true)
    await sink.stop()
  }
})

afterAll(async () => {
  await database.close()
  await analytics.close()
  await rm(directory, { recursive: true, force: true })
})

test('PostgreSQL and ClickHouse have the same sums, to the cent', async () => {
  const fromPostgres = await postgresSums(database)
  const measures = new Set(fromPostgres.map((sum) => sum.measure))
  const fromEvents = (await clickhouseSums(analytics)).filter((sum) => measures.has(sum.measure))
  // What PostgreSQL keeps a second time, on the purchase itself, is in ClickHouse as captures, releases and refunds.
  const inBoth = fromPostgres.filter((sum) => !/^purchases\.(captured|released|refunded)$/.test(sum.measure))
  expect(fromEvents).toEqual(inBoth)
  expect(inBoth.length).toBeGreaterThan(15)
  expect(inBoth.find((sum) => sum.measure === 'captures')).toMatchObject({ count: 27, sumMinor: 2_700_00 })
})

test('PostgreSQL and ClickHouse have the same plans and accounts, to the cent', async () => {
  const sorted = (rows: readonly { readonly key: string }[]) => rows.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const fromEvents = sorted(await clickhouseBalances(analytics))
  expect(fromEvents).toEqual(sorted(await postgresBalances(database)))
  expect(fromEvents.filter(({ key }) => key.trim() === '')).toEqual([])
})

test('a merchant’s days say what was decided, sold and given back', async () => {
  const days = await merchantDays(analytics, 'mer_sample', '2026-01-02', '2026-01-31')
  expect(days).toEqual(
    ['2026-01-02', '2026-01-03'].map((day) => ({
      day,
      currency: 'EUR',
      decisions: 9,
      approved: 9,
      approvalRate: 1,
      purchases: 9,
      volumeMinor: 900_00,
      meanOrderMinor: 100_00,
      capturedMinor: 900_00,
      refunds: 9,
      refundedMinor: 90_00,
      interestMinor: 0,
    })),
  )
  expect(await merchantDays(analytics, 'mer_nobody', '2026-01-01', '2026-12-31')).toEqual([])
})

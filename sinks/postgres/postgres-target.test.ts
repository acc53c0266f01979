import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { PurchaseEvent } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import type { FeedBatch } from '../feed/feed-record.ts'
import { clearTables, dumpTables } from '../testing/dump-tables.ts'
import type { Database } from './database.ts'
import { openPgliteDatabase } from './pglite-database.ts'
import { postgresTarget } from './postgres-target.ts'

let database: Database

beforeAll(async () => {
  database = await openPgliteDatabase(null)
  await postgresTarget(database).open()
}, 120_000)
beforeEach(() => clearTables(database))
afterAll(() => database.close())

const at = (partition: number, offset: number) => ({ topic: 'purchase.events', partition, offset })

/** A batch of one purchase that goes from one offset of partition 0 to another. */
function batch(purchaseId: string, from: number, to: number): FeedBatch {
  const event = { ...(sampleRecord('PurchaseRequested') as PurchaseEvent), purchaseId } as PurchaseEvent
  const events = [{ ...at(0, from), event }]
  return { events, unreadable: [], from: [at(0, from), at(1, 3)], positions: [at(0, to), at(1, 3)], behind: false }
}

test('a write that does not begin where the last one ended changes nothing', async () => {
  const [owner, late] = [postgresTarget(database), postgresTarget(database)]
  await owner.write(batch('pur_1', 0, 5))
  await owner.write(batch('pur_2', 5, 9))
  const before = await dumpTables(database)
  // A process that slept while another one took its partitions over.
  for (const [from, to] of [
    [0, 7],
    [5, 8],
    [7, 12],
  ] as const) {
    const write = late.write(batch(`pur_late_${from}`, from, to))
    await expect(write, `${from} to ${to}`).rejects.toMatchObject({ code: 'SINK_POSITION_MOVED' })
  }
  expect(await dumpTables(database)).toEqual(before)
  expect(await owner.positions()).toEqual(expect.arrayContaining([at(0, 9), at(1, 3)]))
})

test('the same write once more changes nothing and is no error: its answer may have been lost', async () => {
  const target = postgresTarget(database)
  await target.write(batch('pur_1', 0, 5))
  const before = await dumpTables(database)
  await target.write(batch('pur_1', 0, 5))
  expect(await dumpTables(database)).toEqual(before)
})

test('a batch without records still says how far there is nothing', async () => {
  const target = postgresTarget(database)
  await target.write({ events: [], unreadable: [], from: [at(0, 4)], positions: [at(0, 6)], behind: false })
  expect(await target.positions()).toEqual([at(0, 6)])
})

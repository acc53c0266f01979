import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import type { SinkEvent } from '../../feed/feed-record.ts'
import { sinkTopics } from '../../feed/sink-topics.ts'
import type { Database } from '../database.ts'
import { migrate } from '../migrate.ts'
import { openPgliteDatabase } from '../pglite-database.ts'
import { changesOf } from '../projection.ts'
import { projections } from './all.ts'

const topics = sinkTopics(testSchemas().topics)

/** The topics in which a record may stand. */
function topicsOf(type: SinkEvent['type']): string[] {
  const event = sampleRecord(type)
  return topics.filter((topic) => canStandIn(topic, event)).map((topic) => topic.name)
}

function canStandIn(topic: (typeof topics)[number], event: SinkEvent): boolean {
  try {
    return topic.value.serialize(event).length > 0
  } catch {
    return false
  }
}

describe.each(projections.map((projection) => [projection.table, projection] as const))(
  'the table %s',
  (table, projection) => {
    const types = Object.keys(projection.rules) as SinkEvent['type'][]
    let database: Database

    beforeAll(async () => {
      database = await shared()
    })

    test('is fed by one topic, so that its rows do not depend on the order of topics', () => {
      expect(new Set(types.flatMap(topicsOf)).size).toBe(1)
    })

    test('has every column that its events write, and its key', async () => {
      const sql = `SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1`
      const columns = (await database.query(sql, [table])).map((row) => row['name'])
      const written = types
        .flatMap((type) =>
          changesOf(projection, {
            ...sampleRecord(type),
            payoutMinor: 1,
            postings: [{}],
            instalments: [{}],
            late: true,
          } as never),
        )
        .flatMap((change) => Object.keys(change.columns))
      expect(written.length).toBeGreaterThan(0)
      expect(columns).toEqual(expect.arrayContaining([...new Set(written), ...projection.key]))
    })
  },
)

let opened: Promise<Database> | undefined

/** One database for all tables. */
function shared(): Promise<Database> {
  opened ??= openPgliteDatabase(null).then(async (database) => {
    await migrate(database)
    return database
  })
  return opened
}

afterAll(async () => {
  await (await opened)?.close()
})

import type { Database } from '../postgres/database.ts'
import { postgresTarget } from '../postgres/postgres-target.ts'
import { clearTables, dumpTables } from './dump-tables.ts'
import type { SinkUnderTest } from './sink-suite.ts'

/** A PostgreSQL database for the suite of sinks. */
export function postgresUnderTest(database: Database): SinkUnderTest {
  return {
    sharedBy: 'partitions',
    target: () => postgresTarget(database),
    rows: () => dumpTables(database),
    unreadable: async () => (await database.query('SELECT 1 FROM unreadable_records')).length,
    clear: () => clearTables(database),
    close: () => database.close(),
  }
}

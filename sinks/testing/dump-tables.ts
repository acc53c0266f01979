import type { Database, Row } from '../postgres/database.ts'
import { projections } from '../postgres/projections/all.ts'

/** Every row of the read model by table, sorted by key. */
export async function dumpTables(database: Database): Promise<Record<string, readonly Row[]>> {
  const tables: Record<string, readonly Row[]> = {}
  for (const { table, key } of projections) {
    tables[table] = await database.query(`SELECT * FROM ${table} ORDER BY ${key.join(', ')}`)
  }
  return tables
}

/** Makes the read model empty, as before its first event. */
export async function clearTables(database: Database): Promise<void> {
  const tables = [...projections.map((projection) => projection.table), 'sink_positions', 'unreadable_records']
  await database.query(`TRUNCATE ${tables.join(', ')}`)
}

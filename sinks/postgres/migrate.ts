import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256 } from '#domain/ids.ts'
import { StreamsError } from '#streams'
import type { Database } from './database.ts'

const DIRECTORY = fileURLToPath(new URL('./migrations', import.meta.url))

const TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations
  (version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL)`

/** One file of `migrations/`: `0001-read-model.sql`. */
type Migration = { readonly version: number; readonly name: string; readonly sql: string; readonly checksum: string }

/**
 * Brings the database to the newest version, each file in a transaction of its own, and answers which files it ran.
 * Several processes may do so at the same time: one runs a file, and the others find it done.
 * @throws StreamsError MIGRATION_CHANGED where a file is not what was run here; MIGRATION_UNKNOWN where the database is
 * newer than this program.
 */
export async function migrate(database: Database, directory: string = DIRECTORY): Promise<readonly string[]> {
  // Two that make the table at the same moment: one of them fails, and the table is there.
  await database.query(TABLE).catch(() => database.query(TABLE))
  const done = await doneMigrations(database)
  const migrations = await loadMigrations(directory)
  assertNotNewer(done, migrations)
  const ran: string[] = []
  for (const migration of migrations) {
    const checksum = done.get(migration.version)
    if (checksum === undefined) {
      if (await run(database, migration)) ran.push(migration.name)
    } else assertSame(migration, checksum)
  }
  return ran
}

async function loadMigrations(directory: string): Promise<readonly Migration[]> {
  const files = (await readdir(directory)).filter((file) => /^\d{4}-.+\.sql$/.test(file)).sort()
  return Promise.all(
    files.map(async (name) => {
      const sql = await readFile(join(directory, name), 'utf8')
      return { version: Number(name.slice(0, 4)), name, sql, checksum: sha256(sql) }
    }),
  )
}

async function doneMigrations(database: Database): Promise<ReadonlyMap<number, string>> {
  const rows = await database.query('SELECT version, checksum FROM schema_migrations')
  return new Map(rows.map((row) => [row['version'] as number, row['checksum'] as string]))
}

/** False where another process did it in the meantime. */
async function run(database: Database, migration: Migration): Promise<boolean> {
  const { version, name, sql, checksum } = migration
  const done = 'INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)'
  try {
    // Order matters: by the row, which can be there once, the second of two waits for the first and then fails.
    await database.transaction([{ sql: done, params: [version, name, checksum] }, { sql }])
    return true
  } catch (error) {
    const found = (await doneMigrations(database)).get(version)
    if (found === undefined) throw error
    assertSame(migration, found)
    return false
  }
}

function assertSame({ name, checksum }: Migration, ran: string): void {
  if (ran === checksum) return
  throw new StreamsError(
    'MIGRATION_CHANGED',
    `${name} is not the file this database was made with. Put it back as it was; what is new is the next file.`,
  )
}

function assertNotNewer(done: ReadonlyMap<number, string>, migrations: readonly Migration[]): void {
  const newest = Math.max(0, ...migrations.map((migration) => migration.version))
  const unknown = [...done.keys()].find((version) => version > newest)
  if (unknown === undefined) return
  throw new StreamsError(
    'MIGRATION_UNKNOWN',
    `This database was made by a newer version of the platform (its migration is ${unknown}, the newest known here ` +
      `${newest}). Run that version.`,
  )
}

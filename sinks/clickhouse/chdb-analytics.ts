import { mkdir } from 'node:fs/promises'
import { StreamsError } from '#streams'
import { type Analytics, insertSettings, rowsOf } from './analytics.ts'

/** What we use of the package: it is optional, so its own types may not be there. */
type Chdb = {
  readonly Session: new (path: string) => ChdbSession
  drainPending(): Promise<void>
}
type ChdbSession = {
  queryAsync(sql: string, options: { format: string }): Promise<{ text(): string }>
  queryBindAsync(sql: string, params: object, options: { format: string }): Promise<{ text(): string }>
  insert(options: {
    table: string
    columns: readonly string[]
    values: Buffer
    format: string
    settings: Record<string, string | number>
  }): Promise<unknown>
  close(): void
}

const FORMAT = { format: 'JSONEachRow' }

/**
 * ClickHouse in this process, in a directory. Its calls compute on threads of their own; the directory survives kill -9
 * and belongs to one process at a time.
 * @throws StreamsError ANALYTICS_MISSING where the package is not there for this machine; ANALYTICS_UNAVAILABLE where
 * the directory cannot be opened.
 */
export async function openChdbAnalytics(dataDir: string, packageName = 'chdb'): Promise<Analytics> {
  const chdb = await loadChdb(packageName)
  await mkdir(dataDir, { recursive: true })
  const session = openSession(chdb, dataDir)
  return {
    query: async (sql, params) => {
      const asked = params === undefined ? session.queryAsync(sql, FORMAT) : session.queryBindAsync(sql, params, FORMAT)
      return rowsOf((await asked.catch(refused)).text())
    },
    command: async (sql) => {
      await session.queryAsync(sql, FORMAT).catch(refused)
    },
    insert: async ({ table, columns, lines, token }) => {
      const values = Buffer.from(lines, 'utf8')
      const settings = insertSettings(token)
      await session.insert({ table, columns, values, format: 'TabSeparated', settings }).catch(refused)
    },
    close: async () => {
      session.close()
      await chdb.drainPending()
    },
  }
}

/** By a name that the compiler does not follow, since the package is missing on some machines. */
async function loadChdb(packageName: string): Promise<Chdb> {
  try {
    return (await import(packageName)) as Chdb
  } catch (cause) {
    throw new StreamsError(
      'ANALYTICS_MISSING',
      `The embedded ClickHouse is not installed for ${process.platform}-${process.arch}, so there are no analytics. ` +
        'Run `npm install chdb`, or set CLICKHOUSE_URL to a ClickHouse server. Everything else runs without it.',
      { cause },
    )
  }
}

function openSession(chdb: Chdb, dataDir: string): ChdbSession {
  try {
    return new chdb.Session(dataDir)
  } catch (cause) {
    throw new StreamsError(
      'ANALYTICS_UNAVAILABLE',
      `The embedded ClickHouse cannot open ${dataDir}: ${(cause as Error).message}. Another process may have it open.`,
      { cause },
    )
  }
}

function refused(cause: Error): never {
  throw new StreamsError('ANALYTICS_FAILED', `ClickHouse refused a statement: ${cause.message}`, { cause })
}

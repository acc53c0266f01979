import { Pool, type PoolClient, types } from 'pg'
import { StreamsError } from '#streams'
import type { Database, Row, Statement } from './database.ts'
import { valueParsers } from './value-parsers.ts'

const CONNECT_TIMEOUT_MS = 5_000

/** Error codes of PostgreSQL begin with these where the connection or the server is at fault, not the statement. */
const UNAVAILABLE_CLASSES = ['08', '53', '57']

/**
 * A PostgreSQL server by URL (`postgres://user:password@host:5432/name`).
 * @throws StreamsError DATABASE_UNAVAILABLE where it does not answer.
 */
export async function openPoolDatabase(url: string): Promise<Database> {
  const database = new PoolDatabase(url)
  try {
    await database.query('SELECT 1')
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

class PoolDatabase implements Database {
  readonly #pool: Pool

  constructor(url: string) {
    this.#pool = new Pool({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      types: { getTypeParser },
    })
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.#pool.on('error', () => undefined)
  }

  async query(sql: string, params: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.#guard(async () => (await this.#pool.query<Row>(sql, [...params])).rows)
  }

  async transaction(statements: readonly Statement[]): Promise<void> {
    await this.#guard(async () => {
      const client = await this.#pool.connect()
      try {
        await inTransaction(client, statements)
        client.release()
      } catch (error) {
        // A connection in the middle of a failed transaction is not worth saving.
        client.release(true)
        throw error
      }
    })
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      const { message, code } = cause as { message: string; code?: string }
      const unavailable =
        code === undefined || !/^[0-9A-Z]{5}$/.test(code) || UNAVAILABLE_CLASSES.includes(code.slice(0, 2))
      throw unavailable
        ? new StreamsError('DATABASE_UNAVAILABLE', `PostgreSQL cannot be reached: ${message || code}.`, { cause })
        : new StreamsError('DATABASE_FAILED', `PostgreSQL refused a statement: ${message} (${code}).`, { cause })
    }
  }
}

async function inTransaction(client: PoolClient, statements: readonly Statement[]): Promise<void> {
  await client.query('BEGIN')
  for (const { sql, params } of statements) await client.query(sql, params === undefined ? undefined : [...params])
  await client.query('COMMIT')
}

function getTypeParser(oid: number, format?: string) {
  return valueParsers[oid] ?? types.getTypeParser(oid, format as 'text')
}

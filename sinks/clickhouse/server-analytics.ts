import { Readable } from 'node:stream'
import { ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { StreamsError } from '#streams'
import { type Analytics, insertSettings, rowsOf } from './analytics.ts'

const REQUEST_TIMEOUT_MS = 30_000

/**
 * A ClickHouse server by URL (`http://user:password@host:8123`).
 * @throws StreamsError ANALYTICS_UNAVAILABLE where it does not answer.
 */
export async function openServerAnalytics(url: string): Promise<Analytics> {
  const client = createClient({
    url,
    request_timeout: REQUEST_TIMEOUT_MS,
    // Its errors are thrown as well, and told by whoever catches them.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  })
  const analytics: Analytics = {
    query: (sql, params = {}) =>
      guard(async () => {
        const answer = await client.query({ query: sql, query_params: { ...params }, format: 'JSONEachRow' })
        return rowsOf(await answer.text())
      }),
    command: (sql) =>
      guard(async () => {
        await client.command({ query: sql })
      }),
    insert: ({ table, columns, lines, token }) =>
      guard(async () => {
        const [first, ...others] = columns
        if (first === undefined) return
        const values = Readable.from([lines], { objectMode: false })
        const clickhouse_settings = insertSettings(token)
        await client.insert({ table, columns: [first, ...others], values, format: 'TabSeparated', clickhouse_settings })
      }),
    close: () => client.close(),
  }
  try {
    await analytics.command('SELECT 1')
  } catch (error) {
    await client.close()
    throw error
  }
  return analytics
}

async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const { message } = cause as Error
    throw cause instanceof ClickHouseError
      ? new StreamsError('ANALYTICS_FAILED', `ClickHouse refused a statement: ${message}`, { cause })
      : new StreamsError('ANALYTICS_UNAVAILABLE', `ClickHouse cannot be reached: ${message}`, { cause })
  }
}

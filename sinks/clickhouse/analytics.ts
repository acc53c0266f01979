/**
 * The analytics port: what sink and read queries need of ClickHouse, and no more. Adapters: `chdb-analytics` (in
 * process, the default) and `server-analytics` (by URL). Every name stands in the database `fourfold`.
 */

/** Values of the `{name:Type}` places in a query. */
export type QueryParams = Readonly<Record<string, string | number>>
/** A row of an answer: values by column name. */
export type AnalyticsRow = Readonly<Record<string, unknown>>

/** Rows to be inserted as one block: all of them become visible, or none. */
export type InsertBlock = {
  readonly table: string
  readonly columns: readonly string[]
  /** One line a row, in the TabSeparated format. */
  readonly lines: string
  /** A block whose token was inserted lately is dropped: a repeat after an unknown outcome changes nothing. */
  readonly token: string
}

/** Errors of every call: StreamsError ANALYTICS_FAILED (refused), ANALYTICS_UNAVAILABLE (cannot be reached). */
export interface Analytics {
  query(sql: string, params?: QueryParams): Promise<readonly AnalyticsRow[]>
  /** Runs a statement that answers nothing. */
  command(sql: string): Promise<void>
  insert(block: InsertBlock): Promise<void>
  close(): Promise<void>
}

/** Settings of every insert: a batch is parsed into one block, and written before the call returns. */
export function insertSettings(token: string): Record<string, string | number> {
  return { insert_deduplication_token: token, async_insert: 0, input_format_parallel_parsing: 0 }
}

/** The rows of an answer in the JSONEachRow format. */
export function rowsOf(text: string): readonly AnalyticsRow[] {
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as AnalyticsRow)
}

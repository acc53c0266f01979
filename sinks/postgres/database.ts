/**
 * The database port: what sink and read queries need of PostgreSQL, and no more. Adapters: `pglite-database` (in
 * process, the default) and `pool-database` (a server, by URL). Values look the same from both: bigint and numeric are
 * numbers, a date is 'YYYY-MM-DD', a timestamptz is ISO 8601, json is parsed.
 */

/** A statement. Without parameters its text may hold several statements, separated by `;`. */
export type Statement = { readonly sql: string; readonly params?: readonly unknown[] }
/** A row of an answer: values by column name. */
export type Row = Readonly<Record<string, unknown>>

/** A PostgreSQL database. */
export interface Database {
  /**
   * Runs one statement and answers its rows.
   * @throws StreamsError DATABASE_FAILED with the server's words; DATABASE_UNAVAILABLE where it cannot be reached.
   */
  query(sql: string, params?: readonly unknown[]): Promise<readonly Row[]>
  /** Runs the statements in one transaction: all of them, or none. Errors as `query`. */
  transaction(statements: readonly Statement[]): Promise<void>
  close(): Promise<void>
}

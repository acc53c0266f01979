import type { Database } from '../database.ts'

/** `['purchaseId']` as `purchase_id AS "purchaseId"`: what a row is called outside of the database. */
export function selectList(names: readonly string[], from?: string): string {
  const prefix = from === undefined ? '' : `${from}.`
  return names.map((name) => `${prefix}${snakeCase(name)} AS "${name}"`).join(', ')
}

/** The rows of a query as what they are known to be. */
export async function readRows<T>(database: Database, sql: string, params: readonly unknown[]): Promise<readonly T[]> {
  return (await database.query(sql, params)) as readonly T[]
}

/** The first row of a query, or null. */
export async function readOne<T>(database: Database, sql: string, params: readonly unknown[]): Promise<T | null> {
  const [row] = await readRows<T>(database, sql, params)
  return row ?? null
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

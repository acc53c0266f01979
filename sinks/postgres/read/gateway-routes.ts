import type { Database } from '../database.ts'
import { readOne, selectList } from './select.ts'

/** A rule of the routes: see domain/gateway-routes.ts. */
export type GatewayRuleRow = {
  readonly name: string
  readonly brands: string[]
  readonly currencies: string[]
  readonly minMinor: number | null
  readonly maxMinor: number | null
  readonly shares: { gateway: string; percent: number }[]
}

/** The routes of charges that hold now. */
export type GatewayRoutesRow = {
  readonly version: number
  readonly rules: GatewayRuleRow[]
  /** ISO 8601. */
  readonly publishedAt: string
}

const ROUTES = selectList(['version', 'rules', 'publishedAt'])

/** The routes published last; null where none were. */
export async function gatewayRoutesNow(database: Database): Promise<GatewayRoutesRow | null> {
  type Stored = Omit<GatewayRoutesRow, 'rules'> & { readonly rules: string }
  const sql = `SELECT ${ROUTES} FROM gateway_routes ORDER BY version DESC LIMIT 1`
  const row = await readOne<Stored>(database, sql, [])
  return row === null ? null : { ...row, rules: JSON.parse(row.rules) as GatewayRuleRow[] }
}

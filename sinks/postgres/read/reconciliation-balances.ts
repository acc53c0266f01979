import type { Database } from '../database.ts'
import { readRows } from './select.ts'

/** What one plan owes or one account holds, so that stores can be compared thing by thing. */
export type ReconciliationBalance = {
  readonly kind: 'plan' | 'account'
  /** The plan's id; the account's name and currency, with a space between. */
  readonly key: string
  /** Outstanding principal of a plan; debits less credits of an account. */
  readonly amountMinor: number
}

/** The balance of every plan and every account. */
export function reconciliationBalances(database: Database): Promise<readonly ReconciliationBalance[]> {
  const sql = `SELECT 'plan' AS kind, plan_id AS key, outstanding_minor AS "amountMinor" FROM plans
               UNION ALL
               SELECT 'account', account || ' ' || currency, balance_minor FROM account_balances`
  return readRows(database, sql, [])
}

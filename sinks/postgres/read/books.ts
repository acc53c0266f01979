import type { Database } from '../database.ts'
import { readRows } from './select.ts'

/** Debits and credits of a class of accounts: `assets:cash`. They sum to the same in each currency. */
export type TrialBalanceRow = {
  readonly account: string
  readonly currency: string
  readonly debitsMinor: number
  readonly creditsMinor: number
  readonly balanceMinor: number
}

/** The part of an account's name that is the same for all owners. */
const ACCOUNT_CLASS = "split_part(p.account, ':', 1) || ':' || split_part(p.account, ':', 2)"

/** The trial balance at the end of a booking date, from the postings; of everything where it is null. */
export function trialBalance(database: Database, through: string | null): Promise<readonly TrialBalanceRow[]> {
  const sql = `
    SELECT ${ACCOUNT_CLASS} AS account, p.currency,
           sum(greatest(p.amount_minor, 0))::bigint AS "debitsMinor",
           sum(greatest(-p.amount_minor, 0))::bigint AS "creditsMinor",
           sum(p.amount_minor)::bigint AS "balanceMinor"
      FROM ledger_postings p JOIN ledger_entries e USING (entry_id)
     WHERE $1::date IS NULL OR e.booked_on <= $1::date
     GROUP BY 1, 2 ORDER BY 1, 2`
  return readRows(database, sql, [through])
}

/** How many entries do not sum to 0: none must. */
export async function unbalancedEntries(database: Database): Promise<number> {
  const sql = `SELECT count(*)::int AS count FROM
                 (SELECT entry_id FROM ledger_postings GROUP BY entry_id, currency HAVING sum(amount_minor) <> 0) x`
  const [row] = await readRows<{ count: number }>(database, sql, [])
  return row?.count ?? 0
}

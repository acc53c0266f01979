import type { Database } from '../database.ts'
import { readRows, selectList } from './select.ts'

/** An entry with its postings: debits positive, credits negative. */
export type LedgerEntryRow = {
  readonly entryId: string
  readonly kind: string
  readonly currency: string
  readonly postedAt: string
  readonly postings: { readonly account: string; readonly amountMinor: number }[]
}

/** The balance of an account: debits less credits. */
export type AccountBalanceRow = {
  readonly account: string
  readonly currency: string
  readonly balanceMinor: number
  readonly debitsMinor: number
  readonly creditsMinor: number
  readonly postings: number
}

/** The entries of a purchase, in the order they were posted. */
export function entriesOfPurchase(database: Database, purchaseId: string): Promise<readonly LedgerEntryRow[]> {
  const postings =
    "(SELECT json_agg(json_build_object('account', p.account, 'amountMinor', p.amount_minor) ORDER BY p.no) " +
    'FROM ledger_postings p WHERE p.entry_id = ledger_entries.entry_id)'
  const select = selectList(['entryId', 'kind', 'currency', 'postedAt'])
  const sql = `SELECT ${select}, ${postings} AS postings
                 FROM ledger_entries WHERE purchase_id = $1 ORDER BY posted_at, entry_id`
  return readRows(database, sql, [purchaseId])
}

/** The balances of all accounts whose name begins so: `assets:`, `liabilities:merchant-payable:mer_1`. */
export function balancesOf(database: Database, prefix: string): Promise<readonly AccountBalanceRow[]> {
  const select = selectList(['account', 'currency', 'balanceMinor', 'debitsMinor', 'creditsMinor', 'postings'])
  const sql = `SELECT ${select} FROM account_balances WHERE starts_with(account, $1) ORDER BY account, currency`
  return readRows(database, sql, [prefix])
}

import type { Database } from '../database.ts'
import { readRows } from './select.ts'

/** One sum that other stores must have too, to the cent. `count` is how many things it is the sum of. */
export type ReconciliationSum = {
  /** What is summed: `captures`, `plans.outstanding`, `ledger.assets:cash` … */
  readonly measure: string
  readonly currency: string
  readonly count: number
  readonly sumMinor: number
}

/** Cash that a rework took back. */
const UNDONE = "account = 'assets:cash' AND entry_id IN (SELECT entry_id FROM ledger_entries WHERE kind = 'REWORK')"

/** Measures of single tables: name, table, amount, and which rows. */
const MEASURES: readonly (readonly [measure: string, table: string, amount: string, where?: string])[] = [
  ['decisions.approved', 'decisions', 'amount_minor', 'approved'],
  ['decisions.declined', 'decisions', 'amount_minor', 'NOT approved'],
  ['purchases.requested', 'purchases', 'amount_minor'],
  ['purchases.authorised', 'purchases', 'amount_minor', 'authorised_at IS NOT NULL'],
  ['purchases.captured', 'purchases', 'captured_minor'],
  ['purchases.released', 'purchases', 'released_minor'],
  ['purchases.refunded', 'purchases', 'refunded_minor'],
  ['captures', 'captures', 'amount_minor'],
  ['releases', 'releases', 'amount_minor'],
  ['refunds', 'refunds', 'amount_minor'],
  ['plans.hold', 'plans', 'hold_minor'],
  ['plans.outstanding', 'plans', 'outstanding_minor'],
  ['plans.fees', 'plans', 'fees_minor'],
  ['plans.interest', 'plans', 'interest_minor'],
  ['plans.deposit', 'plans', 'deposit_minor'],
  ['credit.hold', 'credit_accounts', 'hold_minor'],
  ['credit.outstanding', 'credit_accounts', 'outstanding_minor'],
  ['credit.fees', 'credit_accounts', 'fees_minor'],
  ['payments.succeeded', 'payments', 'amount_minor', "status = 'SUCCEEDED'"],
  ['payments.returned', 'payment_returns', 'amount_minor', "status = 'RETURNED'"],
  ['payments.chargedBack', 'charge_backs', 'amount_minor'],
  ['payments.undone', 'ledger_postings', '-amount_minor', UNDONE],
  ['settlement.lines', 'settlement_lines', 'amount_minor'],
  ['settlement.fees', 'settlement_lines', '-amount_minor', "kind IN ('FEE', 'FEE_REFUND')"],
  ['settlement.commissions', 'settlement_lines', '-amount_minor', "kind = 'COMMISSION'"],
  ['settlement.tax', 'settlement_lines', '-amount_minor', "kind = 'TAX'"],
  ['settlement.corrections', 'settlement_lines', 'amount_minor', "kind IN ('CHARGE', 'CREDIT', 'CORRECTION')"],
  ['settlement.held', 'settlement_lines', '-amount_minor', "kind IN ('HOLDBACK', 'RELEASE')"],
  ['settlement.payouts', 'settlements', 'payout_minor'],
  ['payouts.paid', 'payouts', 'amount_minor', "status = 'PAID'"],
  ['ledger.postings', 'ledger_postings', 'amount_minor'],
]

/** The part of an account's name that is the same for all owners: `assets:consumer-receivable`. */
const ACCOUNT_CLASS = "split_part(account, ':', 1) || ':' || split_part(account, ':', 2)"

/**
 * Every sum that the platform's stores must agree on, by currency, sorted by measure. `ledger.<account class>` is the
 * sum of the account balances; `postings.<account class>` the same from the postings.
 */
export async function reconciliationSums(database: Database): Promise<readonly ReconciliationSum[]> {
  const measures = MEASURES.map(
    ([measure, table, amount, where = 'true']) =>
      `SELECT '${measure}' AS measure, currency, count(*) AS count, sum(${amount})::bigint AS "sumMinor"
         FROM ${table} WHERE ${where} GROUP BY currency`,
  )
  const accounts = [
    ['ledger', 'account_balances', 'balance_minor'],
    ['postings', 'ledger_postings', 'amount_minor'],
  ].map(
    ([name, table, amount]) =>
      `SELECT '${name}.' || ${ACCOUNT_CLASS} AS measure, currency, count(*) AS count,
              sum(${amount})::bigint AS "sumMinor"
         FROM ${table} GROUP BY 1, 2`,
  )
  return readRows(database, `${[...measures, ...accounts].join(' UNION ALL ')} ORDER BY measure, currency`, [])
}

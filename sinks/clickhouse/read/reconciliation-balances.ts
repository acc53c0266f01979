import type { Analytics } from '../analytics.ts'
import { EVENTS, READABLE } from '../tables.ts'

/** What one plan owes or one account holds, by its newest event; the same rows as PostgreSQL's. */
export type ReconciliationBalance = {
  readonly kind: 'plan' | 'account'
  /** The plan's id; the account's name and currency, with a space between. */
  readonly key: string
  /** Outstanding principal of a plan; debits less credits of an account. */
  readonly amountMinor: number
}

/** The balance of every plan and every account, from the events alone. */
export async function reconciliationBalances(analytics: Analytics): Promise<readonly ReconciliationBalance[]> {
  const rows = await analytics.query(
    `SELECT 'plan' AS kind, plan_id AS key,
            argMax(JSONExtractInt(payload, 'balance', 'outstandingMinor'), log_offset) AS "amountMinor"
       FROM ${EVENTS} WHERE topic = 'plan.events' AND ${READABLE} GROUP BY plan_id
     UNION ALL
     SELECT 'account', concat(JSONExtractString(payload, 'account'), ' ', currency) AS key,
            argMax(JSONExtractInt(payload, 'balanceMinor'), log_offset)
       FROM ${EVENTS} WHERE topic = 'ledger.balances' AND ${READABLE} GROUP BY key`,
  )
  return rows as unknown as readonly ReconciliationBalance[]
}

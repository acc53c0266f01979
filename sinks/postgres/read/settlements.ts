import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { readOne, readRows, selectList } from './select.ts'

/** What one day paid a merchant. */
export type SettlementRow = {
  readonly settlementId: string
  readonly merchantId: string
  readonly settledOn: string
  readonly currency: string
  readonly salesMinor: number
  readonly returnsMinor: number
  readonly feesMinor: number
  readonly taxMinor: number
  readonly holdbackMinor: number
  readonly releaseMinor: number
  readonly correctionsMinor: number
  readonly debtRepaidMinor: number
  readonly payoutMinor: number
  readonly carriedMinor: number
  /** REQUESTED, HELD (the merchant is suspended), FAILED (tried again) or PAID; NONE where nothing was to be paid. */
  readonly payoutStatus: string
}

/** One line of a settlement; signed: what it adds to the payout. */
export type SettlementLineRow = {
  readonly lineId: string
  readonly kind: string
  readonly currency: string
  readonly amountMinor: number
  /** Null for a correction of the account as a whole. */
  readonly purchaseId: string | null
  readonly captureId: string | null
  readonly refundId: string | null
  readonly disputeId: string | null
  readonly note: string | null
  readonly settleOn: string
}

const SETTLEMENT = selectList(
  [
    'settlementId',
    'merchantId',
    'settledOn',
    'currency',
    'salesMinor',
    'returnsMinor',
    'feesMinor',
    'taxMinor',
    'holdbackMinor',
    'releaseMinor',
    'correctionsMinor',
    'debtRepaidMinor',
    'payoutMinor',
    'carriedMinor',
  ],
  'settlements',
)
const SETTLED = `${SETTLEMENT}, COALESCE(payouts.status, 'NONE') AS "payoutStatus"`
const FROM = 'settlements LEFT JOIN payouts USING (settlement_id)'
const LINE = selectList([
  'lineId',
  'kind',
  'currency',
  'amountMinor',
  'purchaseId',
  'captureId',
  'refundId',
  'disputeId',
  'note',
  'settleOn',
])

/** The settlements of a merchant, newest first. */
export function listSettlements(
  database: Database,
  merchantId: string,
  page: PageRequest,
): Promise<Page<SettlementRow>> {
  return readPage(
    database,
    {
      from: FROM,
      where: 'settlements.merchant_id = $1',
      params: [merchantId],
      time: 'settlements.settled_on',
      id: 'settlements.settlement_id',
      select: SETTLED,
    },
    page,
  )
}

/** A settlement of a merchant; null where there is no such one of this merchant. */
export function settlementById(
  database: Database,
  merchantId: string,
  settlementId: string,
): Promise<SettlementRow | null> {
  const sql = `SELECT ${SETTLED} FROM ${FROM} WHERE settlements.settlement_id = $1 AND settlements.merchant_id = $2`
  return readOne(database, sql, [settlementId, merchantId])
}

/** The lines of a merchant's settlement; null where there is no such settlement of this merchant. */
export async function linesOfSettlement(
  database: Database,
  merchantId: string,
  settlementId: string,
): Promise<readonly SettlementLineRow[] | null> {
  const owned = 'SELECT 1 AS found FROM settlements WHERE settlement_id = $1 AND merchant_id = $2'
  if ((await readOne(database, owned, [settlementId, merchantId])) === null) return null
  const sql = `SELECT ${LINE} FROM settlement_lines WHERE settlement_id = $1 ORDER BY added_at, line_id`
  return readRows(database, sql, [settlementId])
}

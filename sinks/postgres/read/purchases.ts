import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { readOne, readRows, selectList } from './select.ts'

/** A purchase and what became of it. Amounts are minor units. */
export type PurchaseRow = {
  readonly purchaseId: string
  readonly checkoutId: string
  readonly consumerId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly merchantReference: string | null
  readonly planId: string | null
  readonly product: string
  readonly status: string
  readonly currency: string
  readonly amountMinor: number
  readonly capturedMinor: number
  readonly releasedMinor: number
  readonly refundedMinor: number
  /** Business date. */
  readonly requestedOn: string
  /** ISO 8601; null before it is authorised. */
  readonly expiresAt: string | null
  /** The basket, where the checkout named its lines. */
  readonly items: PurchasedItem[]
}

/** A line of the basket, and how many of it were refunded by line. */
type PurchasedItem = {
  readonly name: string
  readonly quantity: number
  readonly unitAmountMinor: number
  readonly refundedQuantity: number
}

/** Whose purchases, and which. */
export type PurchaseFilter = {
  readonly consumerId?: string
  readonly merchantId?: string
  readonly merchantReference?: string
}

/** Money taken, of an authorised purchase. */
export type CaptureRow = { readonly captureId: string; readonly amountMinor: number; readonly capturedAt: string }
/** Money given back, of what was captured. */
export type RefundRow = {
  readonly refundId: string
  readonly captureId: string | null
  readonly amountMinor: number
  readonly reason: string | null
  /** Empty where it is by amount. */
  readonly items: readonly { readonly line: number; readonly quantity: number }[]
  readonly refundedAt: string
}
/** What of an authorisation was given up. */
export type ReleaseRow = {
  readonly releaseId: string
  readonly cause: string
  readonly amountMinor: number
  readonly releasedAt: string
}

const COLUMNS = selectList([
  'purchaseId',
  'checkoutId',
  'consumerId',
  'merchantId',
  'merchantName',
  'merchantReference',
  'planId',
  'product',
  'status',
  'currency',
  'amountMinor',
  'capturedMinor',
  'releasedMinor',
  'refundedMinor',
  'requestedOn',
  'expiresAt',
])
const REFUNDED = `coalesce((
  SELECT (refunded->>'quantity')::int FROM jsonb_array_elements(refunded_items) refunded
  WHERE (refunded->>'line')::int = line
), 0)`
const ITEMS = `(
  SELECT coalesce(jsonb_agg(item || jsonb_build_object('refundedQuantity', ${REFUNDED}) ORDER BY line), '[]')
  FROM jsonb_array_elements(items) WITH ORDINALITY basket(item, line)
) AS "items"`
const SELECT = `${COLUMNS}, ${ITEMS}`

/** The purchases of a consumer or a merchant (of all, where neither is given), newest first. */
export function listPurchases(
  database: Database,
  filter: PurchaseFilter,
  page: PageRequest,
): Promise<Page<PurchaseRow>> {
  const conditions = Object.entries({
    consumer_id: filter.consumerId,
    merchant_id: filter.merchantId,
    merchant_reference: filter.merchantReference,
  }).filter(([, value]) => value !== undefined)
  const where = conditions.map(([column], index) => `${column} = $${index + 1}`).join(' AND ') || 'true'
  const params = conditions.map(([, value]) => value)
  return readPage(
    database,
    { from: 'purchases', where, params, time: 'requested_at', id: 'purchase_id', select: SELECT },
    page,
  )
}

/** A purchase, or null. */
export function purchaseById(database: Database, purchaseId: string): Promise<PurchaseRow | null> {
  return readOne(database, `SELECT ${SELECT} FROM purchases WHERE purchase_id = $1`, [purchaseId])
}

/** The captures of a purchase, oldest first. */
export function capturesOf(database: Database, purchaseId: string): Promise<readonly CaptureRow[]> {
  const select = selectList(['captureId', 'amountMinor', 'capturedAt'])
  const sql = `SELECT ${select} FROM captures WHERE purchase_id = $1 ORDER BY captured_at, capture_id`
  return readRows(database, sql, [purchaseId])
}

/** The refunds of a purchase, oldest first. */
export function refundsOf(database: Database, purchaseId: string): Promise<readonly RefundRow[]> {
  const select = selectList(['refundId', 'captureId', 'amountMinor', 'reason', 'items', 'refundedAt'])
  const sql = `SELECT ${select} FROM refunds WHERE purchase_id = $1 ORDER BY refunded_at, refund_id`
  return readRows(database, sql, [purchaseId])
}

/** The releases of a purchase, oldest first. */
export function releasesOf(database: Database, purchaseId: string): Promise<readonly ReleaseRow[]> {
  const select = selectList(['releaseId', 'cause', 'amountMinor', 'releasedAt'])
  const sql = `SELECT ${select} FROM releases WHERE purchase_id = $1 ORDER BY released_at, release_id`
  return readRows(database, sql, [purchaseId])
}

/** Whose purchase it is; null where it is not known. */
export async function consumerOfPurchase(database: Database, purchaseId: string): Promise<string | null> {
  const sql = 'SELECT consumer_id AS "consumerId" FROM purchases WHERE purchase_id = $1'
  return (await readOne<{ consumerId: string }>(database, sql, [purchaseId]))?.consumerId ?? null
}

import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { readOne, selectList } from './select.ts'

/** A merchant and its terms. */
export type MerchantRow = {
  readonly merchantId: string
  readonly name: string
  readonly legalName: string
  readonly country: string
  readonly currency: string
  readonly status: string
  readonly feeBps: number
  readonly feeFixedMinor: number
  readonly settlementDays: number
  readonly refundPolicy: string | null
  readonly authorisationDays: number | null
  readonly ticketMinMinor: number
  readonly ticketMaxMinor: number
}

const SELECT = selectList([
  'merchantId',
  'name',
  'legalName',
  'country',
  'currency',
  'status',
  'feeBps',
  'feeFixedMinor',
  'settlementDays',
  'refundPolicy',
  'authorisationDays',
  'ticketMinMinor',
  'ticketMaxMinor',
])

/** All merchants, newest first. */
export function listMerchants(database: Database, page: PageRequest): Promise<Page<MerchantRow>> {
  return readPage(database, { from: 'merchants', time: 'onboarded_at', id: 'merchant_id', select: SELECT }, page)
}

/** Whose checkout it is; null where it is not known. */
export async function merchantOfCheckout(database: Database, checkoutId: string): Promise<string | null> {
  const sql = 'SELECT merchant_id AS "merchantId" FROM checkouts WHERE checkout_id = $1'
  return (await readOne<{ merchantId: string }>(database, sql, [checkoutId]))?.merchantId ?? null
}

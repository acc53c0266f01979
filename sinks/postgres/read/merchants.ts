import type { MonthlyTerms } from '#schemas'
import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { readOne, readRows, selectList } from './select.ts'

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
  readonly monthly: MonthlyTerms[]
  readonly ticketMinMinor: number
  readonly ticketMaxMinor: number
  readonly tier: string | null
  readonly termsVersion: number
}

/** An application, and where it stands. */
export type MerchantApplicationRow = {
  readonly merchantId: string
  readonly name: string
  readonly legalName: string
  readonly registrationNumber: string
  readonly country: string
  readonly currency: string
  readonly categoryCode: string
  readonly status: string
  readonly tier: string | null
  readonly reasons: string[]
  readonly appliedAt: string
}

/** Terms of a merchant, from a time on. */
export type MerchantTermsRow = {
  readonly version: number
  readonly effectiveFrom: string
  readonly feeBps: number
  readonly feeFixedMinor: number
  readonly settlementDays: number
  readonly refundPolicy: string | null
  readonly authorisationDays: number | null
  readonly monthly: MonthlyTerms[]
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
  'monthly',
  'ticketMinMinor',
  'ticketMaxMinor',
  'tier',
  'termsVersion',
])
const APPLICATION = selectList([
  'merchantId',
  'name',
  'legalName',
  'registrationNumber',
  'country',
  'currency',
  'categoryCode',
  'status',
  'tier',
  'reasons',
  'appliedAt',
])
const TERMS = selectList([
  'version',
  'effectiveFrom',
  'feeBps',
  'feeFixedMinor',
  'settlementDays',
  'refundPolicy',
  'authorisationDays',
  'monthly',
  'ticketMinMinor',
  'ticketMaxMinor',
])

/** All merchants, newest first. */
export function listMerchants(database: Database, page: PageRequest): Promise<Page<MerchantRow>> {
  return readPage(database, { from: 'merchants', time: 'onboarded_at', id: 'merchant_id', select: SELECT }, page)
}

/** All applications, newest first. */
export function listApplications(database: Database, page: PageRequest): Promise<Page<MerchantApplicationRow>> {
  const from = 'merchant_applications'
  return readPage(database, { from, time: 'applied_at', id: 'merchant_id', select: APPLICATION }, page)
}

/** All versions of a merchant's terms, the newest first; none where the merchant is not known. */
export function termsOfMerchant(database: Database, merchantId: string): Promise<readonly MerchantTermsRow[]> {
  const sql = `SELECT ${TERMS} FROM merchant_terms WHERE merchant_id = $1 ORDER BY version DESC`
  return readRows(database, sql, [merchantId])
}

/** Whose checkout it is; null where it is not known. */
export async function merchantOfCheckout(database: Database, checkoutId: string): Promise<string | null> {
  const sql = 'SELECT merchant_id AS "merchantId" FROM checkouts WHERE checkout_id = $1'
  return (await readOne<{ merchantId: string }>(database, sql, [checkoutId]))?.merchantId ?? null
}

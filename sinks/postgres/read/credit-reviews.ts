import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { readOne, selectList } from './select.ts'

/** A review of a refusal by a person. */
export type CreditReviewRow = {
  readonly reviewId: string
  readonly decisionId: string
  readonly consumerId: string
  readonly purchaseId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly amountMinor: number
  readonly currency: string
  readonly reasons: string[]
  readonly statement: string
  /** CONSUMER or POLICY. */
  readonly openedBy: string
  /** REQUESTED, CLAIMED, UPHELD or OVERTURNED. */
  readonly status: string
  readonly overdue: boolean
  readonly reviewer: string | null
  readonly decisionReason: string | null
  /** ISO 8601, as the other times. */
  readonly validUntil: string | null
  readonly dueAt: string
  readonly requestedAt: string
  readonly decidedAt: string | null
}

/** Which reviews: of one consumer, in one status, or all. */
export type ReviewFilter = { readonly consumerId?: string; readonly status?: string }

const SELECT = selectList([
  ...['reviewId', 'decisionId', 'consumerId', 'purchaseId', 'merchantId', 'merchantName', 'amountMinor', 'currency'],
  ...['reasons', 'statement', 'openedBy', 'status', 'overdue', 'reviewer', 'decisionReason', 'validUntil', 'dueAt'],
  ...['requestedAt', 'decidedAt'],
])

/** Reviews, newest first. */
export function listCreditReviews(
  database: Database,
  { consumerId = null, status = null }: { [K in keyof ReviewFilter]?: string | null },
  page: PageRequest,
): Promise<Page<CreditReviewRow>> {
  const where = '($1::text IS NULL OR consumer_id = $1) AND ($2::text IS NULL OR status = $2)'
  const keyset = { from: 'credit_reviews', where, params: [consumerId, status], select: SELECT }
  return readPage(database, { ...keyset, time: 'requested_at', id: 'review_id' }, page)
}

/** A review, or null. */
export function creditReviewById(database: Database, reviewId: string): Promise<CreditReviewRow | null> {
  return readOne(database, `SELECT ${SELECT} FROM credit_reviews WHERE review_id = $1`, [reviewId])
}

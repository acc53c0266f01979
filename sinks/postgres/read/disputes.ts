import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { selectList } from './select.ts'

/** A dispute and how it stands. */
export type DisputeRow = {
  readonly disputeId: string
  readonly purchaseId: string
  readonly consumerId: string
  readonly merchantId: string
  readonly origin: string
  readonly reason: string
  readonly note: string | null
  readonly amountMinor: number
  readonly currency: string
  readonly status: string
  readonly cause: string | null
  readonly evidence: string | null
  readonly evidenceDueAt: string
  readonly chargeBackId: string | null
}

/** Whose disputes; all of them where nobody is named. */
export type DisputeFilter = { readonly consumerId?: string; readonly merchantId?: string; readonly purchaseId?: string }

const SELECT = selectList([
  'disputeId',
  'purchaseId',
  'consumerId',
  'merchantId',
  'origin',
  'reason',
  'note',
  'amountMinor',
  'currency',
  'status',
  'cause',
  'evidence',
  'evidenceDueAt',
  'chargeBackId',
])

/** Disputes, newest first. */
export function listDisputes(database: Database, filter: DisputeFilter, page: PageRequest): Promise<Page<DisputeRow>> {
  const { consumerId = null, merchantId = null, purchaseId = null } = filter
  return readPage(
    database,
    {
      from: 'disputes',
      where:
        '($1::text IS NULL OR consumer_id = $1) AND ($2::text IS NULL OR merchant_id = $2) ' +
        'AND ($3::text IS NULL OR purchase_id = $3)',
      params: [consumerId, merchantId, purchaseId],
      time: 'opened_at',
      id: 'dispute_id',
      select: SELECT,
    },
    page,
  )
}

import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { readOne, selectList } from './select.ts'

/** What was decided, by which versions, and why. */
export type DecisionRow = {
  readonly decisionId: string
  readonly purchaseId: string
  readonly consumerId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly product: string
  readonly approved: boolean
  readonly currency: string
  readonly amountMinor: number
  readonly limitMinor: number
  readonly score: number | null
  readonly policyVersion: string
  readonly modelVersion: string
  readonly reasons: { readonly code: string; readonly text: string }[]
  readonly counterOfferMinor: number | null
  /** ISO 8601. */
  readonly decidedAt: string
}

const SELECT = selectList([
  'decisionId',
  'purchaseId',
  'consumerId',
  'merchantId',
  'merchantName',
  'product',
  'approved',
  'currency',
  'amountMinor',
  'limitMinor',
  'score',
  'policyVersion',
  'modelVersion',
  'reasons',
  'counterOfferMinor',
  'decidedAt',
])

/** The last decisions, newest first; of one consumer where `consumerId` is given. */
export function listDecisions(
  database: Database,
  filter: { readonly consumerId?: string },
  page: PageRequest,
): Promise<Page<DecisionRow>> {
  const { consumerId } = filter
  const whose = consumerId === undefined ? {} : { where: 'consumer_id = $1', params: [consumerId] }
  return readPage(
    database,
    { from: 'decisions', ...whose, time: 'decided_at', id: 'decision_id', select: SELECT },
    page,
  )
}

/** A decision, or null. */
export function decisionById(database: Database, decisionId: string): Promise<DecisionRow | null> {
  return readOne(database, `SELECT ${SELECT} FROM decisions WHERE decision_id = $1`, [decisionId])
}

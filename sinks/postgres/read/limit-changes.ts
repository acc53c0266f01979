import type { Database } from '../database.ts'
import type { DecisionReason } from './decisions.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { selectList } from './select.ts'

/** A move of a limit, and why. */
export type LimitChangeRow = {
  readonly changeId: string
  readonly consumerId: string
  readonly currency: string
  readonly limitMinor: number
  readonly previousMinor: number
  readonly reason: string
  readonly reasons: DecisionReason[]
  readonly rule: string | null
  readonly percent: number
  readonly score: number | null
  readonly policyVersion: string
  readonly modelVersion: string
  /** ISO 8601. */
  readonly changedAt: string
}

const SELECT = selectList([
  ...['changeId', 'consumerId', 'currency', 'limitMinor', 'previousMinor', 'reason', 'reasons', 'rule', 'percent'],
  ...['score', 'policyVersion', 'modelVersion', 'changedAt'],
])

/** How a consumer's limit moved, newest first. */
export function listLimitChanges(
  database: Database,
  consumerId: string,
  page: PageRequest,
): Promise<Page<LimitChangeRow>> {
  const whose = { where: 'consumer_id = $1', params: [consumerId] }
  return readPage(
    database,
    { from: 'limit_changes', ...whose, time: 'changed_at', id: 'change_id', select: SELECT },
    page,
  )
}

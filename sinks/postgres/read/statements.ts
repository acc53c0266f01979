import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { readOne, selectList } from './select.ts'

/** What a consumer owed and paid in a month; amounts are signed as they move what is owed. */
export type StatementRow = {
  readonly statementId: string
  readonly consumerId: string
  readonly currency: string
  /** YYYY-MM. */
  readonly month: string
  readonly fromDate: string
  readonly toDate: string
  readonly openingMinor: number
  readonly purchasesMinor: number
  readonly paymentsMinor: number
  readonly refundsMinor: number
  readonly feesMinor: number
  readonly interestMinor: number
  readonly chargedOffMinor: number
  readonly adjustmentsMinor: number
  readonly closingMinor: number
  readonly dueUntil: string
  readonly templateVersion: number
}

/** With all that stands in its document. */
export type StatementDocumentRow = StatementRow & {
  readonly timeZone: string
  readonly language: string
  readonly lines: {
    readonly date: string
    readonly kind: string
    readonly planId: string
    readonly purchaseId: string
    readonly merchantName: string
    readonly amountMinor: number
  }[]
  readonly nextDue: { readonly dueDate: string; readonly planId: string; readonly amountMinor: number }[]
}

const FIGURES = [
  ...['statementId', 'consumerId', 'currency', 'month', 'fromDate', 'toDate', 'openingMinor', 'purchasesMinor'],
  ...['paymentsMinor', 'refundsMinor', 'feesMinor', 'interestMinor', 'chargedOffMinor', 'adjustmentsMinor'],
  ...['closingMinor', 'dueUntil', 'templateVersion'],
]
const SELECT = selectList(FIGURES)
const SELECT_DOCUMENT = selectList([...FIGURES, 'timeZone', 'language', 'lines', 'nextDue'])

/** The statements of a consumer, newest first. */
export function listStatements(database: Database, consumerId: string, page: PageRequest): Promise<Page<StatementRow>> {
  const keyset = { from: 'statements', where: 'consumer_id = $1', params: [consumerId] }
  return readPage(database, { ...keyset, time: 'to_date', id: 'statement_id', select: SELECT }, page)
}

/** One statement of a consumer; null where it is not theirs. */
export function statementOf(
  database: Database,
  consumerId: string,
  statementId: string,
): Promise<StatementDocumentRow | null> {
  const sql = `SELECT ${SELECT_DOCUMENT} FROM statements WHERE consumer_id = $1 AND statement_id = $2`
  return readOne(database, sql, [consumerId, statementId])
}

import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { readOne, selectList } from './select.ts'

/** A policy as it was published. */
export type CreditPolicyRow = {
  readonly publicationId: string
  readonly version: string
  /** ISO 8601; null where it holds only as a challenger. */
  readonly effectiveFrom: string | null
  readonly modelVersion: string
  readonly fileHash: string
  /** ISO 8601. */
  readonly publishedAt: string
}

/** A score model as it was published. */
export type ScoreModelRow = Pick<CreditPolicyRow, 'version' | 'fileHash' | 'publishedAt'>

/** Any JSON of a file. */
type RuleFile = { readonly file: Record<string, unknown> }

const POLICY = selectList(['publicationId', 'version', 'effectiveFrom', 'modelVersion', 'fileHash', 'publishedAt'])
const MODEL = selectList(['version', 'fileHash', 'publishedAt'])
const FILE = selectList(['file'])

/** The policies, the one published last first. */
export function listCreditPolicies(database: Database, page: PageRequest): Promise<Page<CreditPolicyRow>> {
  const order = { time: 'published_at', id: 'publication_id' }
  return readPage(database, { from: 'credit_policies', ...order, select: POLICY }, page)
}

/** The newest publication of a version, with its file; null where there is none. */
export function creditPolicyOf(database: Database, version: string): Promise<(CreditPolicyRow & RuleFile) | null> {
  const order = 'ORDER BY published_at DESC, publication_id DESC LIMIT 1'
  const sql = `SELECT ${POLICY}, ${FILE} FROM credit_policies WHERE version = $1 ${order}`
  return withFile<CreditPolicyRow>(database, sql, version)
}

/** The score models, the one published last first. */
export function listScoreModels(database: Database, page: PageRequest): Promise<Page<ScoreModelRow>> {
  return readPage(database, { from: 'score_models', time: 'published_at', id: 'version', select: MODEL }, page)
}

/** A score model with its file; null where there is none. */
export function scoreModelOf(database: Database, version: string): Promise<(ScoreModelRow & RuleFile) | null> {
  return withFile<ScoreModelRow>(database, `SELECT ${MODEL}, ${FILE} FROM score_models WHERE version = $1`, version)
}

async function withFile<T>(database: Database, sql: string, version: string): Promise<(T & RuleFile) | null> {
  const row = await readOne<T & { readonly file: string }>(database, sql, [version])
  return row === null ? null : { ...row, file: JSON.parse(row.file) as RuleFile['file'] }
}

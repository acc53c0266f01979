import type { Database } from '../database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import { readOne, selectList } from './select.ts'

/** A reason with its text in English, and in other languages by their code. */
export type DecisionReason = {
  readonly code: string
  readonly text: string
  /** Missing where the decision is older than its translations. */
  readonly texts?: Record<string, string>
}

/** Everything that a decision was made from. */
export type DecisionExplanation = {
  readonly features: Record<string, number>
  readonly rulesHit: string[]
  readonly scoreBase: number | null
  readonly factors: { attribute: string; value: string | null; points: number; code: string }[]
  /** Who decided: CHAMPION or CHALLENGER. */
  readonly variant: string
  /** What the other one would have decided; null where no challenger runs for this consumer. */
  readonly shadow: ShadowResult | null
  /** The reports of each bureau that it took into account; one of them decided. */
  readonly reports: {
    readonly bureau: string
    readonly requestId: string
    readonly providerRef: string | null
    readonly outcome: string
    /** ISO 8601. */
    readonly reportedAt: string
    readonly decisive: boolean
  }[]
  /** How they contradicted each other; null where they did not. */
  readonly contradiction: {
    readonly source: string
    readonly standing: ReportReference
    readonly other: ReportReference
    readonly fields: string[]
  } | null
}

type ReportReference = { readonly bureau: string; readonly requestId: string; readonly providerRef: string | null }

/** What the other one of champion and challenger would have decided. */
export type ShadowResult = {
  readonly variant: string
  readonly policyVersion: string
  readonly modelVersion: string
  readonly score: number | null
  readonly limitMinor: number
  readonly approved: boolean
  /** Codes of its refusal. */
  readonly reasons: string[]
}

/** A decision with all that it was made from. */
export type ExplainedDecision = DecisionRow & { readonly explanation: DecisionExplanation }

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
  readonly reasons: DecisionReason[]
  readonly counterOfferMinor: number | null
  readonly counterFirstPaymentMinor: number | null
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
  'counterFirstPaymentMinor',
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

const EXPLANATION = selectList([
  'features',
  'rulesHit',
  'scoreBase',
  'factors',
  'variant',
  'shadow',
  'reports',
  'contradiction',
])

/** A decision with its explanation, or null. */
export async function decisionById(database: Database, decisionId: string): Promise<ExplainedDecision | null> {
  const sql = `SELECT ${SELECT}, ${EXPLANATION} FROM decisions WHERE decision_id = $1`
  const row = await readOne<DecisionRow & DecisionExplanation>(database, sql, [decisionId])
  if (row === null) return null
  const { features, rulesHit, scoreBase, factors, variant, shadow, reports, contradiction, ...decision } = row
  const explanation = { features, rulesHit, scoreBase, factors, variant, shadow, reports, contradiction }
  return { ...decision, explanation }
}

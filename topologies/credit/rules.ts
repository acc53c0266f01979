/**
 * The rules of a decision, in order. The first ones are conditions: where one fails, the others have nothing to judge
 * by. The last ones are judged together, and each that fails gives its reasons.
 */
import type { BureauFacts, CreditState, RequestPurchase } from '#schemas'
import { isBlocked } from './exposure.ts'
import { POLICY } from './policy.ts'
import type { ReasonCode } from './reasons.ts'
import { loweringReasons, scoreReport } from './scorecard.ts'

/** What a decision is made from. */
export type Case = {
  readonly state: CreditState
  readonly request: RequestPurchase
  /** What is left of the limit, minor units. */
  readonly availableMinor: number
}

/** A rule; it gives no reasons where the case passes. */
export type Rule = { readonly id: string; readonly reasons: (facts: Case) => readonly ReasonCode[] }

const CONDITIONS: readonly Rule[] = [
  { id: 'purchase-decided-once', reasons: ({ state, request }) => when(wasDecided(state, request), 'PURCHASE_EXISTS') },
  { id: 'consumer-known', reasons: ({ state }) => when(state.profile === null, 'CONSUMER_UNKNOWN') },
  { id: 'amount-valid', reasons: ({ request }) => when(!isAmount(request.amountMinor), 'AMOUNT_INVALID') },
  { id: 'identity-confirmed', reasons: ({ state }) => identityReasons(state) },
  { id: 'country-supported', reasons: ({ state }) => when(state.profile?.currency === null, 'COUNTRY_NOT_SUPPORTED') },
  {
    id: 'currency-supported',
    reasons: ({ state, request }) => when(state.profile?.currency !== request.currency, 'CURRENCY_NOT_SUPPORTED'),
  },
  { id: 'bureau-report', reasons: ({ state }) => when(state.report === null, 'CREDIT_REPORT_PENDING') },
  { id: 'file-open', reasons: ({ state }) => when(state.report?.outcome === 'FROZEN', 'CREDIT_FILE_FROZEN') },
]

const JUDGED: readonly Rule[] = [
  { id: 'nothing-overdue', reasons: ({ state }) => when(isBlocked(state.purchases), 'PAYMENT_OVERDUE') },
  { id: 'credit-history', reasons: ({ state }) => (state.limitMinor === 0 ? historyReasons(state.report) : []) },
  {
    id: 'within-limit',
    reasons: ({ state, request, availableMinor }) =>
      when(state.limitMinor > 0 && request.amountMinor > availableMinor, 'LIMIT_EXCEEDED'),
  },
]

/** The rules that a case fails, each with its reasons; none where it passes. */
export function failedRules(facts: Case): readonly { readonly id: string; readonly codes: readonly ReasonCode[] }[] {
  const judge = (rule: Rule) => ({ id: rule.id, codes: rule.reasons(facts) })
  for (const condition of CONDITIONS) {
    const judged = judge(condition)
    if (judged.codes.length > 0) return [judged]
  }
  return JUDGED.map(judge).filter((judged) => judged.codes.length > 0)
}

/** Why a report gives no limit at all: the knock-out first, then what lowered the score, the heaviest first. */
function historyReasons(report: BureauFacts | null): readonly ReasonCode[] {
  if (report === null) return []
  const lowering = loweringReasons(scoreReport(report))
  return isKnockedOut(report) ? [...new Set<ReasonCode>(['SCORE_DELINQUENCIES', ...lowering])] : lowering
}

/** True where a report rules out credit, whatever its score. */
export function isKnockedOut(report: BureauFacts): boolean {
  return report.outcome === 'FROZEN' || report.delinquencies > POLICY.delinquenciesMax
}

function identityReasons(state: CreditState): readonly ReasonCode[] {
  switch (state.kyc) {
    case 'APPROVED':
      return []
    case 'PENDING':
    case 'NEEDS_REVIEW':
      return ['KYC_IN_REVIEW']
    case 'NOT_STARTED':
    case 'DECLINED':
    case 'EXPIRED':
      return ['KYC_REQUIRED']
  }
}

function wasDecided(state: CreditState, { purchaseId }: RequestPurchase): boolean {
  const same = (one: { readonly purchaseId: string }) => one.purchaseId === purchaseId
  return state.decided.some(same) || state.purchases.some(same)
}

function isAmount(amountMinor: number): boolean {
  return Number.isSafeInteger(amountMinor) && amountMinor > 0
}

function when(fails: boolean, code: ReasonCode): readonly ReasonCode[] {
  return fails ? [code] : []
}

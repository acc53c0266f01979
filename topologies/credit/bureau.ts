/** The credit report: asked for once the identity is confirmed, and again where the bureau could not answer. */
import { deriveId } from '#domain/ids.ts'
import type {
  BureauFacts,
  BureauReported,
  BureauReportRequested,
  ClockTicked,
  CreditState,
  KycStatusChanged,
  LimitChanged,
  RequestPurchase,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import type { CreditPolicy } from './credit-policy.ts'
import { SOURCE } from './decision.ts'
import type { RuleSet } from './decision-rules.ts'
import { assessed, isKnockedOut, limitCurrency } from './limits.ts'

const HOUR_MS = 3_600_000

/** Asks the bureau when the identity is confirmed, unless a report is there or on its way. */
export function askAfterApproval(state: CreditState, news: KycStatusChanged): readonly BureauReportRequested[] {
  if (news.status !== 'APPROVED' || state.inquiry !== null) return []
  return ask(state, news)
}

/** Asks the bureau again when the time for it has come. */
export function askAgain(state: CreditState, tick: ClockTicked): readonly BureauReportRequested[] {
  const at = askAgainAt(state)
  return at === null || tick.time < at ? [] : ask(state, tick)
}

/** When the bureau is to be asked again; null while nothing waits for it. */
export function askAgainAt(state: CreditState): number | null {
  return state.kyc === 'APPROVED' ? (state.inquiry?.askAgainAt ?? null) : null
}

/** True of the answer to the newest question; repeats and strangers are passed over. */
export function answersInquiry(state: CreditState, report: BureauReported): boolean {
  return state.inquiry !== null && !state.inquiry.answered && state.inquiry.requestId === report.requestId
}

/** The state after an answer: the report where there is one, else a time to ask again. */
export function withReport(policy: CreditPolicy, state: CreditState, news: BureauReported): CreditState {
  if (state.inquiry === null) return state
  const inquiry = { ...state.inquiry, answered: true }
  if (news.outcome !== 'UNAVAILABLE') return { ...state, inquiry, report: factsOf(news) }
  const { retryHours } = policy.bureau
  const hours = retryHours.at(Math.min(inquiry.attempt, retryHours.length) - 1) ?? 0
  return { ...state, inquiry: { ...inquiry, askAgainAt: news.meta.occurredAt + hours * HOUR_MS } }
}

/** What a usable report does to the limit. */
export function limitAfter(rules: RuleSet, state: CreditState, news: BureauReported): readonly LimitChanged[] {
  if (news.outcome === 'UNAVAILABLE') return []
  const report = factsOf(news)
  return limitMove(rules, { ...state, report }, news, limitReason(rules.policy, report))
}

/**
 * What other rules than those that a limit is by do to it when a purchase is asked for: it falls at once, and rises
 * with the next report only, for a limit never rises on request (DOMAIN §3). A report that could not be scored when it
 * came is scored now.
 */
export function limitByRules(rules: RuleSet, state: CreditState, request: RequestPurchase): readonly LimitChanged[] {
  if (state.report === null || state.report.outcome === 'FROZEN') return []
  const first = state.score === null
  const moves = limitMove(rules, state, request, first ? limitReason(rules.policy, state.report) : 'RULES_CHANGED')
  return moves.filter(({ limitMinor }) => first || limitMinor < state.limitMinor)
}

function limitMove(
  rules: RuleSet,
  state: CreditState,
  cause: BureauReported | RequestPurchase,
  reason: string,
): readonly LimitChanged[] {
  const { profile, report, consumerId } = state
  const currency = limitCurrency(rules.policy, state)
  const given = report === null ? null : assessed(rules, report, profile?.country ?? '')
  if (currency === null || given === null) return []
  const { limitMinor, scored } = given
  return [
    {
      ...{ type: 'LimitChanged', meta: childMeta(SOURCE, cause, 'LimitChanged'), consumerId },
      ...{ limitMinor, previousMinor: state.limitMinor, currency, score: scored?.score ?? null },
      policyVersion: rules.policy.version,
      modelVersion: scored?.modelVersion ?? rules.policy.scoring.model,
      reason,
    },
  ]
}

function limitReason(policy: CreditPolicy, report: BureauFacts): string {
  if (report.outcome === 'FROZEN') return 'CREDIT_FILE_FROZEN'
  return isKnockedOut(policy, report) ? 'SCORE_DELINQUENCIES' : 'BUREAU_REPORT'
}

function ask(state: CreditState, cause: KycStatusChanged | ClockTicked): readonly BureauReportRequested[] {
  const { profile, consumerId } = state
  // No credit is given where the consumer lives: nothing is asked about them.
  if (profile === null || profile.currency === null) return []
  const { givenName, familyName, dateOfBirth, country } = profile
  const requestId = deriveId('req', 'bureau', consumerId, (state.inquiry?.attempt ?? 0) + 1)
  const meta = childMeta(SOURCE, cause, 'BureauReportRequested', consumerId)
  const person = { givenName, familyName, dateOfBirth, country }
  return [{ type: 'BureauReportRequested', meta, requestId, consumerId, ...person }]
}

function factsOf(news: BureauReported): BureauFacts {
  const { outcome, score, openAccounts, delinquencies, inquiries, oldestAccountMonths, meta } = news
  const { attributes, monthlyIncomeMinor } = news
  const counts = { openAccounts, delinquencies, inquiries, oldestAccountMonths }
  return { outcome, score, ...counts, reportedAt: meta.occurredAt, attributes, monthlyIncomeMinor }
}

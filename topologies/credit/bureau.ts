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
import type { RuleSet } from './decision-rules.ts'
import { limitMove } from './limit-moves.ts'
import type { LimitReasonCode } from './limit-reasons.ts'
import { isKnockedOut } from './limits.ts'
import { SCORE_MAX } from './score-model.ts'
import { SOURCE } from './source.ts'

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
  if (isUsable(news)) return { ...state, inquiry, report: factsOf(news) }
  const { retryHours } = policy.bureau
  const hours = retryHours.at(Math.min(inquiry.attempt, retryHours.length) - 1) ?? 0
  return { ...state, inquiry: { ...inquiry, askAgainAt: news.meta.occurredAt + hours * HOUR_MS } }
}

/** What a usable report does to the limit. */
export function limitAfter(rules: RuleSet, state: CreditState, news: BureauReported): readonly LimitChanged[] {
  if (!isUsable(news)) return []
  const report = factsOf(news)
  return limitMove(rules, { ...state, report }, news, { code: codeOf(rules.policy, report) })
}

/** True of a report that tells something that makes sense; any other counts as no answer. */
function isUsable({ outcome, score, ...news }: BureauReported): boolean {
  if (outcome === 'UNAVAILABLE') return false
  const counts = [news.openAccounts, news.delinquencies, news.inquiries, news.oldestAccountMonths]
  const isScore = score === null || (score >= 0 && score <= SCORE_MAX)
  return isScore && counts.every((count) => count >= 0) && (news.monthlyIncomeMinor ?? 0) >= 0
}

function codeOf(policy: CreditPolicy, report: BureauFacts): LimitReasonCode {
  if (report.outcome === 'FROZEN') return 'CREDIT_FILE_FROZEN'
  return isKnockedOut(policy, report) ? 'SCORE_DELINQUENCIES' : 'BUREAU_REPORT'
}

/** Asks the bureau; nothing where no credit is given where the consumer lives. */
export function ask(
  state: CreditState,
  cause: KycStatusChanged | ClockTicked | RequestPurchase,
): readonly BureauReportRequested[] {
  const { profile, consumerId } = state
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

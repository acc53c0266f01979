/**
 * The rounds of questions to the credit bureaus: the first once the identity is confirmed, another where none could
 * answer or a purchase needs a fresh report. A round asks the bureaus that the policy names; it is over when those have
 * answered or are silent, and a fallback is asked where none of them had anything to say.
 */
import { PRIMARY_BUREAU } from '#domain/bureau-names.ts'
import { deriveId } from '#domain/ids.ts'
import type {
  BureauInquiry,
  BureauQuestion,
  BureauReported,
  BureauReportRequested,
  BureauReportsContradicted,
  ClockTicked,
  CreditState,
  KycStatusChanged,
  LimitChanged,
  ReportContradiction,
  RequestPurchase,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { contradictsItself, filesOf, isUsable, withDecisive, withFile } from './credit-files.ts'
import type { CreditPolicy } from './credit-policy.ts'
import type { RuleSet } from './decision-rules.ts'
import { limitMove } from './limit-moves.ts'
import type { LimitReasonCode } from './limit-reasons.ts'
import { isKnockedOut } from './limits.ts'
import { SOURCE } from './source.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** What bureaus and silence come to. */
export type BureauFact = BureauReported | ClockTicked | BureauReportRequested | BureauReportsContradicted | LimitChanged

/** Asks when the identity is confirmed, unless a report is there or on its way. */
export function askAfterApproval(
  policy: CreditPolicy,
  state: CreditState,
  news: KycStatusChanged,
): readonly BureauReportRequested[] {
  if (news.status !== 'APPROVED' || state.inquiry !== null) return []
  return ask(policy, state, news)
}

/** Asks again when the time for it has come. */
export function askAgain(
  policy: CreditPolicy,
  state: CreditState,
  tick: ClockTicked,
): readonly BureauReportRequested[] {
  const at = askAgainAt(state)
  return at === null || tick.time < at ? [] : ask(policy, state, tick)
}

/** When something is to be done about the bureaus: to ask again, or to wait no more; null while nothing is. */
export function bureauDueAt(state: CreditState): number | null {
  let first = askAgainAt(state)
  for (const { silentAt } of questionsOf(state.inquiry)) {
    if (silentAt !== null && (first === null || silentAt < first)) first = silentAt
  }
  return first
}

function askAgainAt(state: CreditState): number | null {
  return state.kyc === 'APPROVED' ? (state.inquiry?.askAgainAt ?? null) : null
}

/** Begins a round; nothing where no credit is given where the consumer lives. */
export function ask(
  { bureau }: CreditPolicy,
  state: CreditState,
  cause: KycStatusChanged | ClockTicked | RequestPurchase,
): readonly BureauReportRequested[] {
  const attempt = (state.inquiry?.attempt ?? 0) + 1
  const first = bureau.bureaus.filter(({ role }) => role !== 'FALLBACK')
  return first.flatMap(({ name }) => question(state, cause, name, attempt))
}

type AskingCause = KycStatusChanged | ClockTicked | RequestPurchase | BureauReported

function question(
  { profile, consumerId }: CreditState,
  cause: AskingCause,
  bureau: string,
  attempt: number,
): readonly BureauReportRequested[] {
  if (profile === null || profile.currency === null) return []
  const { givenName, familyName, dateOfBirth, country } = profile
  // The first bureau's ids are those from before there was a second.
  const named = bureau === PRIMARY_BUREAU ? [] : [bureau]
  const requestId = deriveId('req', 'bureau', consumerId, attempt, ...named)
  const meta = childMeta(SOURCE, cause, 'BureauReportRequested', consumerId, ...named)
  const person = { givenName, familyName, dateOfBirth, country }
  return [{ type: 'BureauReportRequested', meta, requestId, consumerId, ...person, bureau, attempt }]
}

/** The state after a question. */
export function withQuestion(policy: CreditPolicy, state: CreditState, asked: BureauReportRequested): CreditState {
  const { bureau, requestId, attempt, meta } = asked
  const { bureaus, silentMinutes } = policy.bureau
  const silentAt = bureaus.length > 1 ? meta.occurredAt + silentMinutes * MINUTE_MS : null
  const added = { bureau, requestId, answered: false, silentAt, silent: false }
  const { inquiry } = state
  if (inquiry !== null && inquiry.attempt === attempt) {
    return { ...state, inquiry: { ...inquiry, questions: [...questionsOf(inquiry), added] } }
  }
  return { ...state, inquiry: { requestId, attempt, answered: false, askAgainAt: null, questions: [added] } }
}

/** The questions of a round; one from before there were several bureaus has one. */
function questionsOf(inquiry: BureauInquiry | null): readonly BureauQuestion[] {
  if (inquiry === null || inquiry.questions.length > 0) return inquiry?.questions ?? []
  const { requestId, answered } = inquiry
  return [{ bureau: PRIMARY_BUREAU, requestId, answered, silentAt: null, silent: false }]
}

/** True where nobody is waited for. */
export function isRoundOver({ inquiry }: CreditState): boolean {
  return inquiry?.answered ?? true
}

/**
 * What a report comes to: what it does to the limit once the round is over, the next question, or a contradiction.
 * Repeats and strangers are passed over.
 */
export function afterReport(rules: RuleSet, state: CreditState, news: BureauReported): readonly BureauFact[] {
  const heard = filesOf(state).find(({ requestId }) => requestId === news.requestId)
  if (heard !== undefined) return contradicted(rules, state, news, contradictsItself(heard, news))
  const open = questionsOf(state.inquiry).find(({ requestId }) => requestId === news.requestId)
  if (open === undefined || open.answered) return []
  const next = withReport(rules, state, news)
  const isNew = isUsable(news) || !isRoundOver(state)
  return [news, ...askFallback(rules.policy, next, news), ...(isNew ? decided(rules, state, next, news) : [])]
}

/** What the silence of a bureau comes to: the next question, or what is known without it. */
export function afterSilence(rules: RuleSet, state: CreditState, tick: ClockTicked): readonly BureauFact[] {
  if (!questionsOf(state.inquiry).some((one) => isSilent(one, tick))) return []
  const next = withSilence(rules, state, tick)
  const told = isRoundOver(state) ? [] : decided(rules, state, next, tick)
  return [tick, ...askFallback(rules.policy, next, tick), ...told]
}

/** The state after an answer. */
export function withReport(rules: RuleSet, state: CreditState, news: BureauReported): CreditState {
  if (state.inquiry === null) return state
  const questions = questionsOf(state.inquiry).map((one) =>
    one.requestId === news.requestId ? { ...one, answered: true, silentAt: null } : one,
  )
  const files = isUsable(news) ? withFile(filesOf(state), news) : filesOf(state)
  return settled(rules, { ...state, files, inquiry: { ...state.inquiry, questions } }, news.meta.occurredAt)
}

/** The state after a tick: who has not answered by then is silent. */
export function withSilence(rules: RuleSet, state: CreditState, tick: ClockTicked): CreditState {
  if (state.inquiry === null) return state
  const questions = questionsOf(state.inquiry).map((one) =>
    isSilent(one, tick) ? { ...one, silent: true, silentAt: null } : one,
  )
  const next = { ...state, inquiry: { ...state.inquiry, questions } }
  return isRoundOver(state) ? next : settled(rules, next, tick.time)
}

/** The state after a bureau has said two things to one question. What bureaus say of each other follows from them. */
export function withContradiction(state: CreditState, news: BureauReportsContradicted): CreditState {
  if (news.source !== 'SAME_BUREAU') return state
  const { source, standing, other, fields } = news
  const files = filesOf(state).map((file) =>
    file.requestId === standing.requestId ? { ...file, contradicted: true } : file,
  )
  return { ...state, files, contradiction: { source, standing, other, fields } }
}

function isSilent({ silentAt }: BureauQuestion, { time }: ClockTicked): boolean {
  return silentAt !== null && silentAt <= time
}

/** Ends the round where nobody is waited for: a report decides, or the bureaus are asked again later. */
function settled(rules: RuleSet, state: CreditState, atMs: number): CreditState {
  const { inquiry } = state
  if (inquiry === null || !isOver(rules.policy, state)) return state
  if (hasReport(state)) {
    return withDecisive(rules, { ...state, inquiry: { ...inquiry, answered: true, askAgainAt: null } }, atMs)
  }
  const { retryHours } = rules.policy.bureau
  const hours = retryHours.at(Math.min(inquiry.attempt, retryHours.length) - 1) ?? 0
  return { ...state, inquiry: { ...inquiry, answered: true, askAgainAt: atMs + hours * HOUR_MS } }
}

function isOver(policy: CreditPolicy, state: CreditState): boolean {
  const waits = questionsOf(state.inquiry).filter(({ answered, silent }) => !answered && !silent)
  if (!hasReport(state)) return waits.length === 0 && fallbackOf(policy, state) === undefined
  // With a report in hand nobody waits for a fallback that was asked meanwhile.
  return waits.every(({ bureau }) => roleOf(policy, bureau) === 'FALLBACK')
}

/** True where a bureau has answered this round with something that can be used. */
function hasReport(state: CreditState): boolean {
  const asked = questionsOf(state.inquiry).map(({ requestId }) => requestId)
  return filesOf(state).some(({ requestId }) => asked.includes(requestId))
}

function roleOf({ bureau }: CreditPolicy, name: string) {
  return bureau.bureaus.find((one) => one.name === name)?.role
}

/** The next bureau to ask where those before it had nothing to say. */
function fallbackOf({ bureau }: CreditPolicy, { inquiry }: CreditState) {
  const asked = questionsOf(inquiry).map((one) => one.bureau)
  return bureau.bureaus.find(({ name, role }) => role === 'FALLBACK' && !asked.includes(name))
}

function askFallback(
  policy: CreditPolicy,
  state: CreditState,
  cause: BureauReported | ClockTicked,
): readonly BureauReportRequested[] {
  const { inquiry } = state
  const waits = questionsOf(inquiry).some(({ answered, silent }) => !answered && !silent)
  if (inquiry === null || inquiry.answered || waits || hasReport(state)) return []
  const next = fallbackOf(policy, state)
  return next === undefined ? [] : question(state, cause, next.name, inquiry.attempt)
}

/** What the reports of a round that is over do to the limit, and that they contradict each other where that is new. */
function decided(
  rules: RuleSet,
  state: CreditState,
  next: CreditState,
  cause: BureauReported | ClockTicked,
): readonly BureauFact[] {
  if (!isRoundOver(next) || !hasReport(next) || next.report === null) return []
  const { contradiction } = next
  const isNew = contradiction?.source === 'OTHER_BUREAU' && !isSame(contradiction, state.contradiction)
  return [
    ...contradicted(rules, next, cause, isNew ? contradiction : null),
    ...limitMove(rules, next, cause, { code: codeOf(rules.policy, next) }),
  ]
}

function isSame(left: ReportContradiction, right: ReportContradiction | null): boolean {
  return left.standing.requestId === right?.standing.requestId && left.other.requestId === right.other.requestId
}

function contradicted(
  { policy }: RuleSet,
  { consumerId }: CreditState,
  cause: BureauReported | ClockTicked,
  contradiction: ReportContradiction | null,
): readonly BureauReportsContradicted[] {
  if (contradiction === null) return []
  const meta = childMeta(SOURCE, cause, 'BureauReportsContradicted', consumerId)
  const by = { rule: policy.bureau.whenContradicted, policyVersion: policy.version }
  return [{ type: 'BureauReportsContradicted', meta, consumerId, ...contradiction, ...by }]
}

function codeOf(policy: CreditPolicy, { report }: CreditState): LimitReasonCode {
  if (report?.outcome === 'FROZEN') return 'CREDIT_FILE_FROZEN'
  return report !== null && isKnockedOut(policy, report) ? 'SCORE_DELINQUENCIES' : 'BUREAU_REPORT'
}

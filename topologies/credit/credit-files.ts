/**
 * The reports of several bureaus: each bureau's newest is kept, with its own age; one of them decides, and where they
 * contradict each other that is said. Of a bureau that says two things to one question the first stands.
 */
import { PRIMARY_BUREAU } from '#domain/bureau-names.ts'
import type { BureauFacts, BureauFile, BureauReported, CreditState, ReportContradiction, UsedReport } from '#schemas'
import type { RuleSet } from './decision-rules.ts'
import { isTooOld } from './freshness.ts'
import { assessed } from './limits.ts'
import { SCORE_MAX } from './score-model.ts'
import { scoreOf } from './scorecard.ts'

/** The newest usable report of each bureau. A state from before there were several has the one it was decided by. */
export function filesOf({ files, report, inquiry }: CreditState): readonly BureauFile[] {
  if (files.length > 0 || report === null) return files
  const requestId = inquiry?.answered === true ? inquiry.requestId : ''
  return [{ bureau: PRIMARY_BUREAU, requestId, providerRef: null, facts: report, contradicted: false }]
}

/** The reports after one more. */
export function withFile(files: readonly BureauFile[], news: BureauReported): readonly BureauFile[] {
  const { bureau, requestId, providerRef } = news
  const file = { bureau, requestId, providerRef, facts: factsOf(news), contradicted: false }
  return [...files.filter((one) => one.bureau !== bureau), file]
}

/** True of a report that tells something that makes sense; any other counts as no answer. */
export function isUsable({ outcome, score, ...news }: BureauReported): boolean {
  if (outcome === 'UNAVAILABLE') return false
  const counts = [news.openAccounts, news.delinquencies, news.inquiries, news.oldestAccountMonths]
  const known = [news.monthlyIncomeMinor, news.attributes?.durationMonths, news.attributes?.creditAmount]
  const isScore = score === null || (score >= 0 && score <= SCORE_MAX)
  return isScore && [...counts, ...known].every((count) => (count ?? 0) >= 0)
}

/** The state with the report that decides at a business time (milliseconds), and what contradicts it. */
export function withDecisive(rules: RuleSet, state: CreditState, atMs: number): CreditState {
  const fresh = candidates(rules, state, atMs)
  const [decisive] = inOrder(rules, state, fresh)
  if (decisive === undefined) return state
  const contradiction = between(rules, decisive, fresh) ?? withItself(state)
  return { ...state, report: decisive.facts, reportBureau: decisive.bureau, contradiction }
}

/** The reports of the bureaus that the policy names, in its order: the fresh ones, where there are any. */
function candidates({ policy }: RuleSet, state: CreditState, atMs: number): readonly BureauFile[] {
  const files = filesOf(state)
  const named = policy.bureau.bureaus.flatMap(({ name }) => files.filter(({ bureau }) => bureau === name))
  const fresh = named.filter(({ facts }) => !isTooOld(policy, facts, atMs))
  if (fresh.length > 0) return fresh
  return named.length > 0 ? named : files
}

/** Who decides comes first: the first in the list, or the report that gives the least credit. */
function inOrder(rules: RuleSet, state: CreditState, files: readonly BureauFile[]): readonly BureauFile[] {
  if (rules.policy.bureau.whenDiffer === 'FIRST') return files
  const credit = new Map(files.map((file) => [file, creditBy(rules, state, file.facts)]))
  const of = (file: BureauFile) => credit.get(file) ?? [0, 0]
  return files.toSorted((left, right) => of(left)[0] - of(right)[0] || of(left)[1] - of(right)[1])
}

/** The limit and the score of a report; below all others where it cannot be told. */
function creditBy(rules: RuleSet, state: CreditState, report: BureauFacts): readonly [number, number] {
  const given = assessed(rules, { ...state, report })
  return [given?.limitMinor ?? -1, given?.scored?.score ?? -1]
}

function between(rules: RuleSet, standing: BureauFile, files: readonly BureauFile[]): ReportContradiction | null {
  for (const other of files) {
    const fields = other === standing ? [] : contradictedFields(rules, standing.facts, other.facts)
    if (fields.length === 0) continue
    return { source: 'OTHER_BUREAU', standing: referenceOf(standing), other: referenceOf(other), fields }
  }
  return null
}

/** In what two bureaus differ by more than the policy bears. */
function contradictedFields({ policy, model }: RuleSet, left: BureauFacts, right: BureauFacts): readonly string[] {
  const { scorePoints, delinquencies, incomePercent } = policy.bureau.contradiction
  const frozen = [left, right].filter(({ outcome }) => outcome === 'FROZEN').length
  const exceeds = (a: number | null | undefined, b: number | null | undefined, borne: number | null) =>
    a != null && b != null && borne !== null && Math.abs(a - b) > borne
  const income = [left.monthlyIncomeMinor, right.monthlyIncomeMinor] as const
  const incomeMax = Math.max(income[0] ?? 0, income[1] ?? 0)
  return [
    frozen === 1 ? 'outcome' : null,
    exceeds(scoreOf(left, model)?.score, scoreOf(right, model)?.score, scorePoints) ? 'score' : null,
    exceeds(left.delinquencies, right.delinquencies, delinquencies) && frozen === 0 ? 'delinquencies' : null,
    exceeds(...income, incomePercent === null ? null : (incomeMax * incomePercent) / 100) ? 'monthlyIncomeMinor' : null,
  ].filter((field) => field !== null)
}

/** That a bureau contradicts itself holds until it is asked again. */
function withItself(state: CreditState): ReportContradiction | null {
  const { contradiction } = state
  if (contradiction?.source !== 'SAME_BUREAU') return null
  const { requestId } = contradiction.standing
  return filesOf(state).some((file) => file.requestId === requestId) ? contradiction : null
}

/** What a bureau that was heard says now that it did not say before; null where that is nothing, or was told. */
export function contradictsItself(file: BureauFile, news: BureauReported): ReportContradiction | null {
  if (file.contradicted || !isUsable(news)) return null
  const [before, now] = [flat(file.facts), flat(factsOf(news))]
  const fields = Object.keys({ ...before, ...now }).filter((field) => before[field] !== now[field])
  if (fields.length === 0) return null
  return { source: 'SAME_BUREAU', standing: referenceOf(file), other: referenceOf(news), fields }
}

/** The facts by name, those of accounts and credits as `attributes.savings`; without the time of the report. */
function flat({ reportedAt: _, attributes, ...facts }: BureauFacts): Readonly<Record<string, unknown>> {
  const named = Object.entries(attributes ?? {}).filter(([, value]) => value !== null)
  return { ...facts, ...Object.fromEntries(named.map(([name, value]) => [`attributes.${name}`, value])) }
}

function referenceOf({ bureau, requestId, providerRef }: BureauFile | BureauReported) {
  return { bureau, requestId, providerRef }
}

/** The reports that a decision took into account, as it tells them. */
export function usedReports(state: CreditState): readonly UsedReport[] {
  return filesOf(state).map(({ bureau, requestId, providerRef, facts: { outcome, reportedAt } }) => ({
    ...{ bureau, requestId, providerRef, outcome, reportedAt },
    decisive: bureau === state.reportBureau,
  }))
}

function factsOf(news: BureauReported): BureauFacts {
  const { outcome, score, openAccounts, delinquencies, inquiries, oldestAccountMonths, meta } = news
  const { attributes, monthlyIncomeMinor } = news
  const counts = { openAccounts, delinquencies, inquiries, oldestAccountMonths }
  return { outcome, score, ...counts, reportedAt: meta.occurredAt, attributes, monthlyIncomeMinor }
}

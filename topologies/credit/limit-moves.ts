/** What moves a limit, each move an event that says why: a report, other rules, the way somebody pays. */
import type { BureauReported, ClockTicked, CreditState, LimitChanged, PlanEvent, RequestPurchase } from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { behaviourOf, type PaymentNews, standingAfter } from './behaviour.ts'
import type { RuleSet } from './decision-rules.ts'
import { type LimitReasonCode, limitReason } from './limit-reasons.ts'
import { assessed, limitCurrency } from './limits.ts'
import { SOURCE } from './source.ts'

type Cause = BureauReported | ClockTicked | RequestPurchase | PlanEvent | PaymentNews

/** Why a limit moves: the code of the reason, and the rule of behaviour where one did it. */
export type MoveReason = { readonly code: LimitReasonCode; readonly rule?: string | null }

/** The limit that the rules give to a consumer as they stand now; nothing where they cannot tell. */
export function limitMove(
  rules: RuleSet,
  state: CreditState,
  cause: Cause,
  { code, rule = null }: MoveReason,
): readonly LimitChanged[] {
  const currency = limitCurrency(rules.policy, state)
  const given = assessed(rules, state)
  if (currency === null || given === null) return []
  const { limitMinor, scored } = given
  return [
    {
      ...{ type: 'LimitChanged', meta: childMeta(SOURCE, cause, 'LimitChanged'), consumerId: state.consumerId },
      ...{ limitMinor, previousMinor: state.limitMinor, currency, score: scored?.score ?? null },
      policyVersion: rules.policy.version,
      modelVersion: scored?.modelVersion ?? rules.policy.scoring.model,
      ...{ reason: code, rule, percent: state.standing?.percent ?? 100, reasons: [limitReason(code)] },
    },
  ]
}

/**
 * What other rules than those that a limit is by do to it when a purchase is asked for: it falls at once, and rises
 * with the next report or with behaviour only, for a limit never rises on request (DOMAIN §3). A report that could not
 * be scored when it came is scored now.
 */
export function limitByRules(rules: RuleSet, state: CreditState, request: RequestPurchase): readonly LimitChanged[] {
  if (state.report === null || state.report.outcome === 'FROZEN') return []
  if (state.score === null) return limitMove(rules, state, request, { code: 'BUREAU_REPORT' })
  // Nearly always the rules are the same and the limit with them: then no event is put together.
  const given = assessed(rules, state)
  if (given === null || given.limitMinor >= state.limitMinor) return []
  return limitMove(rules, state, request, { code: 'RULES_CHANGED' })
}

/** What the way somebody pays does to their limit. A bad sign never raises it, whatever other rules would give. */
export function limitByBehaviour(
  rules: RuleSet,
  state: CreditState,
  event: PlanEvent | PaymentNews,
): readonly LimitChanged[] {
  const code = behaviourOf(event)
  const { standing, rule } = standingAfter(rules.policy, state, event)
  if (code === null || rule === null || standing.percent === (state.standing?.percent ?? 100)) return []
  const isRise = rule.percent > 0
  return limitMove(rules, { ...state, standing }, event, { code, rule: rule.name }).filter(({ limitMinor }) =>
    isRise ? limitMinor > state.limitMinor : limitMinor < state.limitMinor,
  )
}

/** Check and hold: the answer to a purchase, with all that it was made from (DOMAIN §8). */
import { deriveId } from '#domain/ids.ts'
import type {
  CreditState,
  PurchaseApproved,
  PurchaseDeclined,
  Refusal,
  RequestPurchase,
  ShadowDecision,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { counterOffers } from './counter-offers.ts'
import { usedReports } from './credit-files.ts'
import type { DecisionRules, RuleSet } from './decision-rules.ts'
import { availableMinor, exposureMinor } from './exposure.ts'
import { assessed } from './limits.ts'
import { type ReasonCode, reason } from './reasons.ts'
import { grantFor } from './reviews.ts'
import { type FailedRule, failedRules } from './rules.ts'
import type { Attributes } from './score-attributes.ts'
import { loweringReasons, ranked, type Scored, scoreOf } from './scorecard.ts'
import { SOURCE } from './source.ts'

const DAY_MS = 86_400_000
/** Principal reasons a refusal names at most (DOMAIN §8). */
const REASONS_MAX = 4

/**
 * Decides a purchase by the rules, against what the consumer may still spend. `shopSells`: whether the merchant was
 * not suspended since it was asked for.
 */
export function decidePurchase(
  rules: DecisionRules,
  state: CreditState,
  request: RequestPurchase,
  shopSells: boolean,
): PurchaseApproved | PurchaseDeclined {
  const judged = judge(rules, state, request, shopSells)
  const shadow = shadowDecision(rules.shadow, state, request, shopSells)
  const { failed, scored } = judged
  const grant = failed.length === 0 ? null : grantFor(state, request, failed)
  if ((failed.length === 0 || grant !== null) && scored !== null) {
    return approved(rules, state, request, { failed, scored, grant, shadow })
  }
  return declined(rules, state, request, judged, shadow)
}

type Judged = {
  readonly failed: readonly FailedRule[]
  readonly scored: Scored | null
  readonly exposure: number
  readonly available: number
}

function judge({ policy, model }: RuleSet, state: CreditState, request: RequestPurchase, shopSells: boolean): Judged {
  const exposure = exposureMinor(state.purchases)
  const available = availableMinor(state.limitMinor, state.ownCapMinor, exposure)
  const scored = scoreOf(state.report, model)
  const facts = { policy, scored, state, request, shopSells, availableMinor: available }
  return { failed: failedRules(facts), scored, exposure, available }
}

/** What other rules would have decided, with the limit that they would have given. */
function shadowDecision(
  rules: RuleSet | null,
  state: CreditState,
  request: RequestPurchase,
  shopSells: boolean,
): ShadowDecision | null {
  if (rules === null) return null
  const limitMinor = assessed(rules, state)?.limitMinor ?? 0
  const { failed, scored } = judge(rules, { ...state, limitMinor }, request, shopSells)
  return {
    variant: rules.variant,
    policyVersion: rules.policy.version,
    modelVersion: scored?.modelVersion ?? rules.policy.scoring.model,
    score: scored?.score ?? null,
    limitMinor,
    approved: failed.length === 0,
    reasons: principal(failed),
  }
}

/** The principal reasons of a refusal, the heaviest rule first. */
function principal(failed: readonly FailedRule[]): ReasonCode[] {
  return [...new Set(failed.flatMap(({ codes }) => codes))].slice(0, REASONS_MAX)
}

function declined(
  rules: RuleSet,
  state: CreditState,
  request: RequestPurchase,
  { failed, scored, exposure, available }: Judged,
  shadow: ShadowDecision | null,
): PurchaseDeclined {
  return {
    type: 'PurchaseDeclined',
    meta: childMeta(SOURCE, request, 'PurchaseDeclined'),
    ...asked(request),
    limitMinor: state.limitMinor,
    exposureMinor: exposure,
    availableMinor: available,
    score: scored?.score ?? null,
    ...explained(rules, state, request, scored),
    rulesHit: [...failed.map((rule) => rule.id), ...factorsHit(scored)],
    reasons: principal(failed).map(reason),
    ...counterOffers(rules.policy, state, request, failed),
    shadow,
  }
}

/** What an approval stands on: the score, and the waiver of a person where a rule had failed. */
type Approval = {
  readonly failed: readonly FailedRule[]
  readonly scored: Scored
  readonly grant: Refusal | null
  readonly shadow: ShadowDecision | null
}

function approved(
  rules: RuleSet,
  state: CreditState,
  request: RequestPurchase,
  { failed, scored, grant, shadow }: Approval,
): PurchaseApproved {
  const exposure = exposureMinor(state.purchases)
  return {
    type: 'PurchaseApproved',
    meta: childMeta(SOURCE, request, 'PurchaseApproved'),
    ...asked(request),
    paymentMethodId: request.paymentMethodId,
    merchantReference: request.merchantReference,
    terms: request.terms,
    payoutAccount: request.payoutAccount,
    firstPaymentMinor: request.firstPaymentMinor,
    reviewId: grant?.review?.reviewId ?? null,
    limitMinor: state.limitMinor,
    exposureBeforeMinor: exposure,
    exposureAfterMinor: exposure + request.amountMinor,
    score: scored.score,
    ...explained(rules, state, request, scored),
    rulesHit: [...failed.map(({ id }) => id), ...factorsHit(scored)],
    shadow,
  }
}

/** What approval and refusal both say of the request. */
function asked(request: RequestPurchase) {
  const { consumerId, purchaseId, checkoutId, merchantId, merchantName, product, amountMinor, currency } = request
  const decisionId = deriveId('dec', purchaseId, request.meta.id)
  const bought = { checkoutId, merchantId, merchantName, product, amountMinor, currency }
  const { deviceId, monthly } = request
  return { consumerId, purchaseId, decisionId, ...bought, deviceId, monthly }
}

/** What the decision was made by, and from. */
function explained({ variant, policy }: RuleSet, state: CreditState, request: RequestPurchase, scored: Scored | null) {
  return {
    variant,
    policyVersion: policy.version,
    modelVersion: scored?.modelVersion ?? policy.scoring.model,
    features: featuresOf(state, request),
    scoreBase: scored?.base ?? null,
    factors: scored === null ? [] : [...ranked(scored.factors)],
    reports: [...usedReports(state)],
    contradiction: state.contradiction,
  }
}

/** What was looked at, as numbers; the labels that the score was made from are the values of its factors. */
function featuresOf({ limitMinor, purchases, report, history }: CreditState, { amountMinor, meta }: RequestPurchase) {
  const features: Record<string, number> = {
    amountMinor,
    limitMinor,
    exposureMinor: exposureMinor(purchases),
    overdueInstalments: purchases.reduce((count, one) => count + one.overdue.length, 0),
    earlierApprovals: history?.approvals ?? 0,
    paidOff: history?.completed ?? 0,
    largestPaidOffMinor: history?.largestCompletedMinor ?? 0,
  }
  if (report === null) return features
  features['reportDays'] = Math.max(0, Math.floor((meta.occurredAt - report.reportedAt) / DAY_MS))
  features['thinFile'] = report.outcome === 'THIN_FILE' ? 1 : 0
  features['delinquencies'] = report.delinquencies
  features['inquiries'] = report.inquiries
  features['oldestAccountMonths'] = report.oldestAccountMonths
  if (report.score !== null) features['bureauScore'] = report.score
  if (report.monthlyIncomeMinor !== null) features['monthlyIncomeMinor'] = report.monthlyIncomeMinor
  const attributes: Attributes = report.attributes ?? {}
  for (const name of Object.keys(attributes)) {
    const value = attributes[name]
    if (typeof value === 'number') features[name] = value
  }
  return features
}

/** The factors of the scorecard that lowered the score, as rules. */
function factorsHit(scored: Scored | null): readonly string[] {
  return scored === null ? [] : loweringReasons(scored).map((code) => `${scored.modelVersion}:${code}`)
}

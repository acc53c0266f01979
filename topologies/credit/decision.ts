/** Check and hold: the answer to a purchase, with all that it was made from (DOMAIN §8). */
import { deriveId } from '#domain/ids.ts'
import type { CreditState, PurchaseApproved, PurchaseDeclined, RequestPurchase } from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import type { CreditPolicy } from './credit-policy.ts'
import { availableMinor, exposureMinor } from './exposure.ts'
import { policyAmountMinor } from './limits.ts'
import { reason } from './reasons.ts'
import { type FailedRule, failedRules } from './rules.ts'
import { loweringReasons, ranked, SCORE_MODEL, type Scored, scoreReport } from './scorecard.ts'

/** The name the topology signs its events with. */
export const SOURCE = 'credit'

/** Principal reasons a refusal names at most (DOMAIN §8). */
const REASONS_MAX = 4

type ScoredState = CreditState & { readonly score: number }

/** Decides a purchase by a policy, against what the consumer may still spend. */
export function decidePurchase(
  policy: CreditPolicy,
  state: CreditState,
  request: RequestPurchase,
): PurchaseApproved | PurchaseDeclined {
  const exposure = exposureMinor(state.purchases)
  const available = availableMinor(state.limitMinor, state.ownCapMinor, exposure)
  const failed = failedRules({ policy, state, request, availableMinor: available, exposureMinor: exposure })
  const { score } = state
  if (failed.length === 0 && score !== null) return approved(policy, { ...state, score }, request)

  const codes = failed.flatMap((rule) => rule.codes)
  return {
    type: 'PurchaseDeclined',
    meta: childMeta(SOURCE, request, 'PurchaseDeclined'),
    ...asked(request),
    limitMinor: state.limitMinor,
    exposureMinor: exposure,
    availableMinor: available,
    score,
    ...explained(policy, state, request),
    rulesHit: [...failed.map((rule) => rule.id), ...factorsHit(state)],
    reasons: [...new Set(codes)].slice(0, REASONS_MAX).map(reason),
    counterOfferMinor: counterOffer(policy, failed, request.currency),
  }
}

function approved(policy: CreditPolicy, state: ScoredState, request: RequestPurchase): PurchaseApproved {
  const exposure = exposureMinor(state.purchases)
  return {
    type: 'PurchaseApproved',
    meta: childMeta(SOURCE, request, 'PurchaseApproved'),
    ...asked(request),
    paymentMethodId: request.paymentMethodId,
    merchantReference: request.merchantReference,
    terms: request.terms,
    payoutAccount: request.payoutAccount,
    limitMinor: state.limitMinor,
    exposureBeforeMinor: exposure,
    exposureAfterMinor: exposure + request.amountMinor,
    score: state.score,
    ...explained(policy, state, request),
    rulesHit: factorsHit(state),
  }
}

/** What approval and refusal both say of the request. */
function asked(request: RequestPurchase) {
  const { consumerId, purchaseId, checkoutId, merchantId, merchantName, product, amountMinor, currency } = request
  const decisionId = deriveId('dec', purchaseId, request.meta.id)
  const bought = { checkoutId, merchantId, merchantName, product, amountMinor, currency, deviceId: request.deviceId }
  return { consumerId, purchaseId, decisionId, ...bought }
}

/** What the decision was made by, and from. */
function explained(policy: CreditPolicy, state: CreditState, request: RequestPurchase) {
  const scored = scoredReport(state)
  return {
    policyVersion: policy.version,
    modelVersion: scored?.modelVersion ?? SCORE_MODEL.version,
    features: featuresOf(state, request),
    scoreBase: scored?.base ?? null,
    factors: scored === null ? [] : [...ranked(scored.factors)],
  }
}

/** What was looked at, as numbers; the labels that the score was made from are the values of its factors. */
function featuresOf({ limitMinor, purchases, report, history }: CreditState, { amountMinor }: RequestPurchase) {
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
  features['thinFile'] = report.outcome === 'THIN_FILE' ? 1 : 0
  features['delinquencies'] = report.delinquencies
  features['inquiries'] = report.inquiries
  features['oldestAccountMonths'] = report.oldestAccountMonths
  if (report.score !== null) features['bureauScore'] = report.score
  if (report.monthlyIncomeMinor !== null) features['monthlyIncomeMinor'] = report.monthlyIncomeMinor
  for (const [name, value] of Object.entries(report.attributes ?? {})) {
    if (typeof value === 'number') features[name] = value
  }
  return features
}

/** The score of the report at hand; null without one, and for a file that is closed to us. */
function scoredReport({ report }: CreditState): Scored | null {
  return report === null || report.outcome === 'FROZEN' ? null : scoreReport(report)
}

/** The factors of the scorecard that lowered the score, as rules. */
function factorsHit(state: CreditState): readonly string[] {
  const scored = scoredReport(state)
  return scored === null ? [] : loweringReasons(scored).map((code) => `${scored.modelVersion}:${code}`)
}

/** The amount that would pass every rule, where only the amount is wrong and there is something worth offering. */
function counterOffer(policy: CreditPolicy, failed: readonly FailedRule[], currency: string): number | null {
  const offer = Math.min(...failed.map(({ capMinor }) => capMinor ?? 0))
  return offer > 0 && offer >= policyAmountMinor(policy, policy.counterOffer.amountMin, currency) ? offer : null
}

/** Check and hold: the answer to a purchase, with all that it was made from (DOMAIN §8). */
import { deriveId } from '#domain/ids.ts'
import type { CreditState, PurchaseApproved, PurchaseDeclined, RequestPurchase } from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import { availableMinor, exposureMinor } from './exposure.ts'
import { policyAmountMinor } from './limits.ts'
import { POLICY } from './policy.ts'
import { reason } from './reasons.ts'
import { failedRules } from './rules.ts'
import { loweringReasons, ranked, SCORE_MODEL, type Scored, scoreReport } from './scorecard.ts'

/** The name the topology signs its events with. */
export const SOURCE = 'credit'

type ScoredState = CreditState & { readonly score: number }

/** Decides a purchase against what the consumer may still spend. */
export function decidePurchase(state: CreditState, request: RequestPurchase): PurchaseApproved | PurchaseDeclined {
  const exposure = exposureMinor(state.purchases)
  const available = availableMinor(state.limitMinor, state.ownCapMinor, exposure)
  const failed = failedRules({ state, request, availableMinor: available })
  const { score } = state
  if (failed.length === 0 && score !== null) return approved({ ...state, score }, request, exposure)

  const codes = failed.flatMap((rule) => rule.codes)
  const counterOffers = codes.every((code) => code === 'LIMIT_EXCEEDED') && isWorthOffering(available, request.currency)
  return {
    type: 'PurchaseDeclined',
    meta: childMeta(SOURCE, request, 'PurchaseDeclined'),
    ...asked(request),
    limitMinor: state.limitMinor,
    exposureMinor: exposure,
    availableMinor: available,
    score,
    ...explained(state, request, exposure),
    rulesHit: [...failed.map((rule) => rule.id), ...factorsHit(state)],
    reasons: codes.slice(0, POLICY.reasonsMax).map(reason),
    counterOfferMinor: counterOffers ? available : null,
  }
}

function approved(state: ScoredState, request: RequestPurchase, exposure: number): PurchaseApproved {
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
    ...explained(state, request, exposure),
    rulesHit: factorsHit(state),
  }
}

/** What approval and refusal both say of the request. */
function asked(request: RequestPurchase) {
  const { consumerId, purchaseId, checkoutId, merchantId, merchantName, product, amountMinor, currency } = request
  const decisionId = deriveId('dec', purchaseId, request.meta.id)
  return { consumerId, purchaseId, decisionId, checkoutId, merchantId, merchantName, product, amountMinor, currency }
}

/** What the decision was made by, and from. */
function explained(state: CreditState, request: RequestPurchase, exposure: number) {
  const scored = scoredReport(state)
  return {
    policyVersion: POLICY.version,
    modelVersion: scored?.modelVersion ?? SCORE_MODEL.version,
    features: featuresOf(state, request, exposure),
    scoreBase: scored?.base ?? null,
    factors: scored === null ? [] : [...ranked(scored.factors)],
  }
}

/** What was looked at, as numbers; the labels that the score was made from are the values of its factors. */
function featuresOf(
  { limitMinor, purchases, report }: CreditState,
  { amountMinor }: RequestPurchase,
  exposure: number,
) {
  const features: Record<string, number> = {
    amountMinor,
    limitMinor,
    exposureMinor: exposure,
    overdueInstalments: purchases.reduce((count, one) => count + one.overdue.length, 0),
  }
  if (report === null) return features
  features['thinFile'] = report.outcome === 'THIN_FILE' ? 1 : 0
  features['delinquencies'] = report.delinquencies
  features['inquiries'] = report.inquiries
  features['oldestAccountMonths'] = report.oldestAccountMonths
  if (report.score !== null) features['bureauScore'] = report.score
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

function isWorthOffering(amountMinor: number, currency: string): boolean {
  return amountMinor > 0 && amountMinor >= policyAmountMinor(POLICY.counterOfferMinMajor, currency)
}

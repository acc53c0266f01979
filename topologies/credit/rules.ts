/**
 * The rules of a decision, in order. The first ones are conditions: where one fails, the others have nothing to judge
 * by. The last ones are judged together, and each that fails gives its reasons.
 */
import { deriveId } from '#domain/ids.ts'
import type { CreditState, PurchaseDeclined, RequestPurchase } from '#schemas'
import { contactReasons } from './contacts.ts'
import { firstPartMinor } from './counter-offers.ts'
import type { CreditPolicy } from './credit-policy.ts'
import { isBlocked } from './exposure.ts'
import { isTooOld } from './freshness.ts'
import { isKnockedOut, limitCurrency, limitForScore, policyAmountMinor } from './limits.ts'
import { type CapCase, purchaseCaps } from './purchase-caps.ts'
import type { ReasonCode } from './reasons.ts'
import { loweringReasons, type Scored } from './scorecard.ts'
import { brokenVelocity } from './velocity.ts'

/** What a decision is made from. */
export type Case = CapCase

/** A rule that a case fails, with its reasons; `capMinor` where a purchase of at most that would pass it. */
export type FailedRule = {
  readonly id: string
  readonly codes: readonly ReasonCode[]
  readonly capMinor?: number
  /** True where a larger first payment would help as well as a lower amount. */
  readonly onCredit?: boolean
}

/** The rule that fails where a report gives no limit; what lowered the score are its reasons. */
export const HISTORY_RULE = 'credit-history'

const REPEATED: ReasonCode = 'PURCHASE_EXISTS'

type Condition = { readonly id: string; readonly reasons: (facts: Case) => readonly ReasonCode[] }

const CONDITIONS: readonly Condition[] = [
  { id: 'purchase-decided-once', reasons: ({ state, request }) => when(isDecided(state, request), REPEATED) },
  { id: 'consumer-known', reasons: ({ state }) => when(state.profile === null, 'CONSUMER_UNKNOWN') },
  { id: 'merchant-active', reasons: ({ shopSells }) => when(!shopSells, 'MERCHANT_NOT_ACTIVE') },
  { id: 'amount-valid', reasons: ({ request }) => when(!isAmount(request.amountMinor), 'AMOUNT_INVALID') },
  { id: 'first-payment-valid', reasons: ({ request }) => when(!isFirstPayment(request), 'FIRST_PAYMENT_INVALID') },
  { id: 'product-offered', reasons: ({ request }) => when(!isProductOffered(request), 'PRODUCT_NOT_OFFERED') },
  { id: 'offer-open', reasons: ({ state, request }) => when(!isOffered(state, request), 'OFFER_UNKNOWN') },
  { id: 'identity-confirmed', reasons: ({ state }) => identityReasons(state) },
  {
    id: 'country-supported',
    reasons: ({ policy, state }) => when(limitCurrency(policy, state) === null, 'COUNTRY_NOT_SUPPORTED'),
  },
  {
    id: 'currency-supported',
    reasons: ({ policy, state, request }) =>
      when(limitCurrency(policy, state) !== request.currency, 'CURRENCY_NOT_SUPPORTED'),
  },
  { id: 'bureau-report', reasons: ({ state }) => when(state.report === null, 'CREDIT_REPORT_PENDING') },
  { id: 'report-fresh', reasons: (facts) => when(needsFresh(facts), 'CREDIT_REPORT_PENDING') },
  { id: 'file-open', reasons: ({ state }) => when(state.report?.outcome === 'FROZEN', 'CREDIT_FILE_FROZEN') },
  { id: 'score-model-known', reasons: ({ scored }) => when(scored === null, 'SCORE_MODEL_MISSING') },
]

/** The rules that a case fails, each with its reasons; none where it passes. */
export function failedRules(facts: Case): readonly FailedRule[] {
  for (const { id, reasons } of CONDITIONS) {
    const codes = reasons(facts)
    if (codes.length > 0) return [{ id, codes }]
  }
  const history = historyRules(facts)
  // Where the history gives no limit, its reasons say why; that nothing is left of nothing says no more.
  const caps = history.some(({ id }) => id === HISTORY_RULE) ? [] : capRules(facts)
  const others = [...contactRules(facts), ...agreementRules(facts), ...velocityRules(facts), ...monthlyRules(facts)]
  return [...history, ...others, ...caps]
}

/** Nothing overdue, and a history that gives a limit at all. */
function historyRules({ policy, scored, state }: Case): readonly FailedRule[] {
  const overdue = when(isBlocked(state.purchases), 'PAYMENT_OVERDUE')
  const history = state.limitMinor === 0 ? historyReasons(policy, scored, state) : []
  return [
    ...(overdue.length > 0 ? [{ id: 'nothing-overdue', codes: overdue }] : []),
    ...(history.length > 0 ? [{ id: HISTORY_RULE, codes: history }] : []),
  ]
}

/** Whoever is lent money can be reached. */
function contactRules({ policy, state }: Case): readonly FailedRule[] {
  const codes = contactReasons(policy, state)
  return codes.length === 0 ? [] : [{ id: 'contacts-confirmed', codes }]
}

/** Where the policy decides nothing on reports that contradict each other. */
function agreementRules({ policy, state }: Case): readonly FailedRule[] {
  const disagree = policy.bureau.whenContradicted !== 'DECIDE' && state.contradiction !== null
  return disagree ? [{ id: 'reports-agree', codes: ['CREDIT_REPORTS_DIFFER'] }] : []
}

function velocityRules({ policy, state, request }: Case): readonly FailedRule[] {
  return brokenVelocity(policy, state, request).map(({ name, counts }) => ({
    id: `velocity-${name}`,
    codes: [counts === 'ASKED' ? 'TOO_MANY_ATTEMPTS' : 'TOO_MUCH_AT_ONCE'] as const,
  }))
}

/** What the policy gives monthly: not at all, up to a number of instalments, from an amount on. */
function monthlyRules({ policy, request }: Case): readonly FailedRule[] {
  const { monthly, amountMinor, currency } = request
  if (monthly === null) return []
  const rule = policy.monthly
  if (rule === null) return [{ id: 'monthly-given', codes: ['MONTHLY_NOT_GIVEN'] }]
  const tooSmall = amountMinor < policyAmountMinor(policy, rule.amountMin, currency)
  return [
    ...(monthly.instalments > rule.instalmentsMax
      ? [{ id: 'monthly-term', codes: ['MONTHLY_TERM_TOO_LONG'] as const }]
      : []),
    ...(tooSmall ? [{ id: 'monthly-amount', codes: ['MONTHLY_AMOUNT_TOO_SMALL'] as const }] : []),
  ]
}

function capRules(facts: Case): readonly FailedRule[] {
  const { amountMinor, firstPaymentMinor } = facts.request
  const onCreditMinor = amountMinor - (firstPaymentMinor ?? 0)
  return purchaseCaps(facts)
    .filter(({ capMinor, onCredit = false }) => (onCredit ? onCreditMinor : amountMinor) > capMinor)
    .map(({ id, code, capMinor, onCredit = false }) => ({ id, codes: [code], capMinor, onCredit }))
}

/**
 * Why there is no limit at all: how earlier purchases went, or the report: the knock-out first, then what lowered the
 * score, the heaviest first.
 */
function historyReasons(
  policy: CreditPolicy,
  scored: Scored | null,
  { report, profile, standing }: CreditState,
): readonly ReasonCode[] {
  if (report === null || scored === null) return []
  const byScore = isKnockedOut(policy, report) ? 0 : limitForScore(policy, scored.score, profile?.country ?? '')
  // The score gives one; what is left of it after all that went wrong here is nothing.
  if (byScore > 0 && standing?.percent === 0) return ['PAYMENT_RECORD']
  const lowering = loweringReasons(scored)
  return isKnockedOut(policy, report) ? [...new Set<ReasonCode>(['SCORE_DELINQUENCIES', ...lowering])] : lowering
}

/** True of an old report where the policy decides on none: what waited for a fresh one is refused. */
function needsFresh({ policy, state, request }: Case): boolean {
  const { report } = state
  return policy.bureau.whenLate === 'DECLINE' && report !== null && isTooOld(policy, report, request.meta.occurredAt)
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

/** True of a purchase that was decided before, or that waits to be. */
export function isDecided(state: CreditState, { purchaseId }: RequestPurchase): boolean {
  const same = (one: { readonly purchaseId: string }) => one.purchaseId === purchaseId
  const waits = state.waiting.some((one) => same(one.request))
  return waits || state.decided.some(same) || state.purchases.some(same)
}

/** Monthly terms are those of pay monthly, and among the terms of the checkout. */
function isProductOffered({ product, monthly, terms }: RequestPurchase): boolean {
  if (product !== 'PAY_MONTHLY' || monthly === null) return product !== 'PAY_MONTHLY' && monthly === null
  return terms.monthly.some((one) => MONTHLY_FIELDS.every((field) => one[field] === monthly[field]))
}

const MONTHLY_FIELDS = ['instalments', 'interest', 'ratePpm', 'dayCount'] as const

/** A larger first payment is one of pay in 4, above the quarter and below the whole. */
function isFirstPayment({ product, amountMinor, firstPaymentMinor }: RequestPurchase): boolean {
  if (firstPaymentMinor === null) return true
  return product === 'PAY_IN_4' && isAmount(firstPaymentMinor) && isLarger(firstPaymentMinor, amountMinor)
}

function isLarger(firstPaymentMinor: number, amountMinor: number): boolean {
  return firstPaymentMinor >= firstPartMinor(amountMinor) && firstPaymentMinor < amountMinor
}

/** Whoever accepts an offer was made it, for this checkout and amount, and pays no less than was asked for. */
function isOffered({ decided }: CreditState, request: RequestPurchase): boolean {
  const { acceptsDecisionId, amountMinor, firstPaymentMinor } = request
  if (acceptsDecisionId === null) return true
  const offer = decided.find(({ decisionId }) => decisionId === acceptsDecisionId)
  if (offer === undefined || offer.approved || offer.offeredFirstMinor === null) return false
  const isSame = offer.purchaseId === deriveId('pur', request.checkoutId) && offer.amountMinor === amountMinor
  return isSame && firstPaymentMinor !== null && firstPaymentMinor >= offer.offeredFirstMinor
}

/** True of the refusal of a second request for a purchase: what was decided of it stays. */
export function isRepeat({ reasons }: PurchaseDeclined): boolean {
  return reasons.some(({ code }) => code === REPEATED)
}

function isAmount(amountMinor: number): boolean {
  return Number.isSafeInteger(amountMinor) && amountMinor > 0
}

function when(fails: boolean, code: ReasonCode): readonly ReasonCode[] {
  return fails ? [code] : NO_REASONS
}

const NO_REASONS: readonly ReasonCode[] = []

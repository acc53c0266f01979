/** What would pass instead of a refused purchase: a lower amount, or the same with more paid at the checkout. */
import { splitMinor } from '#domain/money.ts'
import type { CreditState, RequestPurchase } from '#schemas'
import type { CreditPolicy } from './credit-policy.ts'
import { policyAmountMinor } from './limits.ts'
import type { FailedRule } from './rules.ts'
import { brokenVelocity } from './velocity.ts'

/** Parts of pay in 4. */
const PARTS = 4

/** The offers of a refusal, minor units; null where there is none. */
export type CounterOffers = {
  readonly counterOfferMinor: number | null
  readonly counterFirstPaymentMinor: number | null
}

/** The first payment of pay in 4 where nothing else is agreed: a quarter, by the one rule of splitting. */
export function firstPartMinor(amountMinor: number): number {
  return splitMinor(amountMinor, PARTS)[0] ?? 0
}

/** What would pass every rule. Nothing is offered where something else than an amount is wrong. */
export function counterOffers(
  policy: CreditPolicy,
  state: CreditState,
  request: RequestPurchase,
  failed: readonly FailedRule[],
): CounterOffers {
  const lower = lowerAmount(policy, request, failed)
  const first = largerFirstPayment(policy, request, failed)
  return {
    counterOfferMinor: lower !== null && mayAskFor(policy, state, request, lower) ? lower : null,
    counterFirstPaymentMinor: first !== null && mayAskFor(policy, state, request, request.amountMinor) ? first : null,
  }
}

/** True where one who was refused may ask for an amount at once: to be refused counts in some windows of time. */
function mayAskFor(policy: CreditPolicy, state: CreditState, request: RequestPurchase, amountMinor: number): boolean {
  const { purchaseId, amountMinor: refusedMinor, meta } = request
  const given = { decisionId: null, offeredFirstMinor: null, newMerchantId: null, newDeviceId: null }
  const refused = { ...given, purchaseId, decidedAt: meta.occurredAt, approved: false, amountMinor: refusedMinor }
  const after = { ...state, decided: [...state.decided, refused] }
  return brokenVelocity(policy, after, { ...request, amountMinor }).length === 0
}

function lowerAmount(
  policy: CreditPolicy,
  { currency, firstPaymentMinor, monthly, ticketMinMinor }: RequestPurchase,
  failed: readonly FailedRule[],
): number | null {
  // A larger first payment was asked for with the whole amount: what a smaller one would need is another question.
  if (firstPaymentMinor !== null) return null
  const offer = Math.min(...failed.map(({ capMinor }) => capMinor ?? 0))
  // Less than shop or policy sell for so would be refused in its turn.
  const monthlyMin = monthly === null ? 0 : (policy.monthly?.amountMin ?? 0)
  const least = Math.max(policy.counterOffer.amountMin, monthlyMin)
  const worthMinor = Math.max(policyAmountMinor(policy, least, currency), ticketMinMinor)
  return offer > 0 && offer >= worthMinor ? offer : null
}

/** The whole amount, with what is too much on credit paid at once. */
function largerFirstPayment(
  { counterOffer }: CreditPolicy,
  { product, amountMinor }: RequestPurchase,
  failed: readonly FailedRule[],
): number | null {
  const percentMax = counterOffer.firstPaymentPercentMax
  if (product !== 'PAY_IN_4' || percentMax === null || !failed.every(({ onCredit }) => onCredit === true)) return null
  const onCreditMinor = Math.min(...failed.map(({ capMinor }) => capMinor ?? 0))
  const first = Math.max(amountMinor - onCreditMinor, firstPartMinor(amountMinor))
  return first * 100 <= amountMinor * percentMax ? first : null
}

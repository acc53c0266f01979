/**
 * The credit of one consumer: who they are, what the bureau says, the limit, and what each purchase holds of it.
 *
 * Invariants: this is the one place where a purchase is checked against the limit and held, for one consumer at a
 * time, so that approvals never pass the limit; a purchase is decided once; every change of what is held or owed is
 * told in one ExposureChanged.
 */
import type { CreditState, ExposureTotals, PurchaseApproved, PurchaseDeclined } from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import type { Decider } from '#streams'
import {
  answersInquiry,
  askAfterApproval,
  askAgain,
  askAgainAt,
  limitAfter,
  limitByRules,
  withReport,
} from './bureau.ts'
import type { CreditPolicy } from './credit-policy.ts'
import { newCreditState } from './credit-state.ts'
import { decidePurchase, SOURCE } from './decision.ts'
import { CREDIT_POLICY, type DecisionRules, fixedRules, type RulesAt } from './decision-rules.ts'
import { totalsOf, withHold, withPlanEvent } from './exposure.ts'
import type { CreditFact, CreditInput } from './facts.ts'
import { currencyOf, limitCurrency } from './limits.ts'
import { historyAfterApproval, historyAfterCompletion } from './purchase-history.ts'
import { rememberedMs } from './velocity.ts'

/** The rules of one consumer's credit by the policies and models in force; the key is the consumer id. */
export function creditDecider(rulesAt: RulesAt): Decider<CreditState, CreditInput, CreditFact> {
  const rulesFor = ({ consumerId }: CreditState, { meta }: CreditInput | CreditFact) =>
    rulesAt(meta.occurredAt, consumerId)
  const evolve = (state: CreditState, fact: CreditFact) => evolved(rulesFor(state, fact).policy, state, fact)
  return {
    initial: newCreditState,
    keyOf: (input) => (input.type === 'ClockTicked' ? null : input.consumerId),
    decide: (state, input) => {
      const rules = rulesFor(state, input)
      const facts = factsOf(rules, state, input, evolve)
      return [...facts, ...exposureChange(rules.policy, state, input, facts, facts.reduce(evolve, state))]
    },
    evolve,
    dueAt: askAgainAt,
  }
}

/** The rules by the policy that the platform comes with. */
export const credit = creditDecider(fixedRules(CREDIT_POLICY))

type Evolve = (state: CreditState, fact: CreditFact) => CreditState

function factsOf(rules: DecisionRules, state: CreditState, input: CreditInput, evolve: Evolve): readonly CreditFact[] {
  switch (input.type) {
    case 'RequestPurchase': {
      const moves = limitByRules(rules, state, input)
      return [...moves, decidePurchase(rules, moves.reduce<CreditState>(evolve, state), input)]
    }
    case 'ConsumerRegistered':
      return [input]
    case 'KycStatusChanged':
      return [input, ...askAfterApproval(state, input)]
    case 'BureauReported':
      return answersInquiry(state, input) ? [input, ...limitAfter(rules, state, input)] : []
    case 'ClockTicked':
      return askAgain(state, input)
    default:
      return [input]
  }
}

/** Tells what is held and owed where it is another than was last told, or where the limit moved. */
function exposureChange(
  policy: CreditPolicy,
  state: CreditState,
  cause: CreditInput,
  facts: readonly CreditFact[],
  next: CreditState,
): readonly CreditFact[] {
  const currency = limitCurrency(policy, next)
  const totals = totalsOf(next)
  const moved = facts.some((fact) => fact.type === 'LimitChanged') || !sameTotals(totals, state.exposure)
  if (!moved || currency === null) return []
  const { consumerId, limitMinor } = next
  const meta = childMeta(SOURCE, cause, 'ExposureChanged', consumerId)
  return [{ type: 'ExposureChanged', meta, consumerId, currency, limitMinor, ...totals }]
}

function sameTotals(left: ExposureTotals, right: ExposureTotals): boolean {
  return (
    left.holdMinor === right.holdMinor &&
    left.outstandingMinor === right.outstandingMinor &&
    left.feesMinor === right.feesMinor &&
    left.availableMinor === right.availableMinor &&
    left.blocked === right.blocked
  )
}

function evolved(policy: CreditPolicy, state: CreditState, fact: CreditFact): CreditState {
  switch (fact.type) {
    case 'ConsumerRegistered': {
      const { givenName, familyName, dateOfBirth, country } = fact
      return {
        ...state,
        profile: { givenName, familyName, dateOfBirth, country, currency: currencyOf(policy, country) },
      }
    }
    case 'KycStatusChanged':
      return { ...state, kyc: fact.status }
    case 'BureauReportRequested': {
      const attempt = (state.inquiry?.attempt ?? 0) + 1
      return { ...state, inquiry: { requestId: fact.requestId, attempt, answered: false, askAgainAt: null } }
    }
    case 'BureauReported':
      return withReport(policy, state, fact)
    case 'LimitChanged':
      return {
        ...state,
        limitMinor: fact.limitMinor,
        score: fact.score,
        limitPolicy: fact.policyVersion,
        limitModel: fact.modelVersion,
      }
    case 'PurchaseApproved':
      return {
        ...state,
        decided: withDecided(policy, state, fact),
        purchases: withHold(state.purchases, fact.purchaseId, fact.amountMinor),
        history: historyAfterApproval(state, fact),
      }
    case 'PurchaseDeclined':
      return { ...state, decided: withDecided(policy, state, fact) }
    case 'PlanCompleted': {
      const purchases = withPlanEvent(state.purchases, fact)
      return { ...state, purchases, history: historyAfterCompletion(state, fact) }
    }
    case 'ExposureChanged': {
      const { holdMinor, outstandingMinor, feesMinor, availableMinor, blocked } = fact
      return { ...state, exposure: { holdMinor, outstandingMinor, feesMinor, availableMinor, blocked } }
    }
    default: {
      const purchases = withPlanEvent(state.purchases, fact)
      return purchases === state.purchases ? state : { ...state, purchases }
    }
  }
}

/** Remembers a decision for as long as its checkout, or a velocity rule, needs it, and forgets the old ones. */
function withDecided(policy: CreditPolicy, { decided }: CreditState, fact: PurchaseApproved | PurchaseDeclined) {
  const { purchaseId, amountMinor, meta, type } = fact
  const since = meta.occurredAt - rememberedMs(policy)
  const others = decided.filter((one) => one.decidedAt > since && one.purchaseId !== purchaseId)
  return [...others, { purchaseId, decidedAt: meta.occurredAt, approved: type === 'PurchaseApproved', amountMinor }]
}

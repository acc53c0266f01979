/**
 * The credit of one consumer: who they are, what the bureau says, the limit, and what each purchase holds of it.
 *
 * Invariants: this is the one place where a purchase is checked against the limit and held, for one consumer at a
 * time, so that approvals never pass the limit; a purchase is decided once; every change of what is held or owed is
 * told in one ExposureChanged.
 */
import type {
  CreditState,
  ExposureTotals,
  PlanEvent,
  PurchaseApproved,
  PurchaseDeclined,
  RequestPurchase,
  WaitingPurchase,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import type { Decider } from '#streams'
import { behaviourOf, type PaymentNews, standingAfter } from './behaviour.ts'
import {
  afterReport,
  afterSilence,
  ask,
  askAfterApproval,
  askAgain,
  bureauDueAt,
  isRoundOver,
  withContradiction,
  withQuestion,
  withReport,
  withSilence,
} from './bureau.ts'
import { withContact } from './contacts.ts'
import type { CreditPolicy } from './credit-policy.ts'
import { newCreditState } from './credit-state.ts'
import { decidePurchase } from './decision.ts'
import { CREDIT_POLICY, type DecisionRules, fixedRules, type RulesAt } from './decision-rules.ts'
import { totalsOf, withHold, withPlanEvent } from './exposure.ts'
import type { CreditFact, CreditInput } from './facts.ts'
import { FoldedFacts } from './folded-facts.ts'
import { reportNeed, waitEndsAt, waitingFor } from './freshness.ts'
import { limitByBehaviour, limitByRules } from './limit-moves.ts'
import { currencyOf, limitCurrency } from './limits.ts'
import { largestInstalment } from './monthly-burden.ts'
import {
  historyAfterApproval,
  historyAfterCancellation,
  historyAfterCompletion,
  madeKnown,
} from './purchase-history.ts'
import {
  decideReviewCommand,
  overdueReviews,
  refusalsAfter,
  refusalsAfterDecision,
  reviewByPolicy,
  reviewDueAt,
} from './reviews.ts'
import { isDecided, isRepeat } from './rules.ts'
import { SOURCE } from './source.ts'
import { rememberedMs } from './velocity.ts'

/** The rules of one consumer's credit by the policies and models in force; the key is the consumer id. */
export function creditDecider(rulesAt: RulesAt): Decider<CreditState, CreditInput, CreditFact> {
  const rulesFor = ({ consumerId }: CreditState, { meta }: CreditInput | CreditFact) =>
    rulesAt(meta.occurredAt, consumerId)
  const fold = new FoldedFacts((state, fact) => evolved(rulesFor(state, fact), state, fact))
  const evolve = (state: CreditState, fact: CreditFact) => fold.after(state, fact)
  return {
    initial: newCreditState,
    keyOf: (input) => (input.type === 'ClockTicked' ? null : input.consumerId),
    decide: (state, input) => {
      fold.forget()
      const facts = factsOf(rulesFor, evolve, state, input)
      const { policy } = rulesFor(state, input)
      return [...facts, ...exposureChange(policy, state, input, facts, facts.reduce(evolve, state))]
    },
    evolve,
    dueAt,
  }
}

/** The rules by the policy that the platform comes with. */
export const credit = creditDecider(fixedRules(CREDIT_POLICY))

/** When a bureau is asked again or waited for no more, a purchase has waited long enough, or a review is overdue. */
function dueAt(state: CreditState): number | null {
  return earlier(bureauDueAt(state), earlier(waitEndsAt(state), reviewDueAt(state)))
}

function earlier(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right
  return Math.min(left, right)
}

type RulesFor = (state: CreditState, cause: CreditInput | CreditFact) => DecisionRules
type Evolve = (state: CreditState, fact: CreditFact) => CreditState

function factsOf(rulesFor: RulesFor, evolve: Evolve, state: CreditState, input: CreditInput): readonly CreditFact[] {
  const rules = rulesFor(state, input)
  switch (input.type) {
    case 'RequestPurchase':
      return factsOfRequest(rules, evolve, state, input)
    case 'RequestReview':
    case 'ClaimReview':
    case 'DecideReview':
      return decideReviewCommand(rules.policy, state, input)
    case 'ConsumerRegistered':
    case 'ContactVerified':
    case 'ContactDoubted':
      return [input]
    case 'KycStatusChanged':
      return [input, ...askAfterApproval(rules.policy, state, input)]
    case 'BureauReported': {
      const heard = afterReport(rules, state, input)
      const next = heard.reduce(evolve, state)
      const waiting = isRoundOver(next) ? state.waiting : []
      return [...heard, ...decideWaiting(rulesFor, evolve, next, waiting)]
    }
    case 'ClockTicked': {
      const silence = afterSilence(rules, state, input)
      const next = silence.reduce(evolve, state)
      const isOver = isRoundOver(next) && !isRoundOver(state)
      const waiting = state.waiting.filter(({ until }) => isOver || until <= input.time)
      const told = [...silence, ...askAgain(rules.policy, state, input), ...overdueReviews(state, input)]
      return [...told, ...decideWaiting(rulesFor, evolve, next, waiting)]
    }
    case 'PaymentFailed':
    case 'PaymentChargedBack':
      return [input, ...limitByBehaviour(rules, state, input)]
    default:
      return [input, ...limitByBehaviour(rules, state, input)]
  }
}

/** A purchase that needs a fresh report waits for it; any other is decided. */
function factsOfRequest(
  rules: DecisionRules,
  evolve: Evolve,
  state: CreditState,
  request: RequestPurchase,
): readonly CreditFact[] {
  const mine = state.waiting.find((one) => one.request.purchaseId === request.purchaseId)
  // The same command once more, while it waits: it will be answered.
  if (mine?.request.meta.id === request.meta.id) return []
  const need = mine === undefined && !isDecided(state, request) ? reportNeed(rules.policy, state, request) : 'NONE'
  const asked = need === 'ASK' ? ask(rules.policy, state, request) : []
  if (need === 'WAIT' || asked.length > 0) return [...asked, request]
  // Whether the shop sells was looked at just now, by the API.
  return decideNow(rules, evolve, state, request, true)
}

function decideNow(
  rules: DecisionRules,
  evolve: Evolve,
  state: CreditState,
  request: RequestPurchase,
  shopSells: boolean,
) {
  const moves: readonly CreditFact[] = limitByRules(rules, state, request)
  const decision = decidePurchase(rules, moves.reduce(evolve, state), request, shopSells)
  return [...moves, decision, ...reviewByPolicy(rules.policy, state, decision)]
}

/**
 * Decides purchases that waited, in the order in which they were asked for, each by the rules of its own time; but a
 * merchant that was suspended meanwhile sells nothing more.
 */
function decideWaiting(
  rulesFor: RulesFor,
  evolve: Evolve,
  state: CreditState,
  waiting: readonly WaitingPurchase[],
): readonly CreditFact[] {
  let now = state
  return waiting.flatMap(({ request }) => {
    const free = { ...now, waiting: now.waiting.filter((one) => one.request.purchaseId !== request.purchaseId) }
    const rules = rulesFor(free, request)
    const facts = decideNow(rules, evolve, free, request, !rules.stopped.has(request.merchantId))
    now = facts.reduce(evolve, free)
    return facts
  })
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

function evolved(rules: DecisionRules, state: CreditState, fact: CreditFact): CreditState {
  const { policy } = rules
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
    case 'ContactVerified':
    case 'ContactDoubted':
      return withContact(state, fact)
    case 'BureauReportRequested':
      return withQuestion(policy, state, fact)
    case 'BureauReported':
      return withReport(rules, state, fact)
    case 'ClockTicked':
      return withSilence(rules, state, fact)
    case 'BureauReportsContradicted':
      return withContradiction(state, fact)
    case 'LimitChanged':
      return {
        ...state,
        limitMinor: fact.limitMinor,
        score: fact.score,
        limitPolicy: fact.policyVersion,
        limitModel: fact.modelVersion,
      }
    case 'RequestPurchase':
      return { ...state, waiting: [...state.waiting, waitingFor(policy, fact)] }
    case 'PaymentFailed':
    case 'PaymentChargedBack':
      return withStanding(policy, state, fact)
    case 'PurchaseApproved':
      return {
        ...state,
        waiting: withoutWaiting(state, fact),
        refusals: refusalsAfterDecision(policy, state.refusals, fact),
        decided: withDecided(policy, state, fact),
        purchases: withHold(state.purchases, fact.purchaseId, fact.amountMinor, largestInstalment(fact)),
        history: historyAfterApproval(state, fact),
      }
    case 'PurchaseDeclined':
      return {
        ...state,
        waiting: withoutWaiting(state, fact),
        refusals: refusalsAfterDecision(policy, state.refusals, fact),
        decided: isRepeat(fact) ? state.decided : withDecided(policy, state, fact),
      }
    case 'ReviewRequested':
    case 'ReviewClaimed':
    case 'ReviewDecided':
    case 'ReviewOverdue':
    case 'ReviewCommandRefused':
      return { ...state, refusals: refusalsAfter(state.refusals, fact) }
    case 'PlanCompleted': {
      const purchases = withPlanEvent(state.purchases, fact)
      return { ...withStanding(policy, state, fact), purchases, history: historyAfterCompletion(state, fact) }
    }
    case 'PlanCancelled': {
      const purchases = withPlanEvent(state.purchases, fact)
      return { ...state, purchases, history: historyAfterCancellation(state, fact) }
    }
    case 'ExposureChanged': {
      const { holdMinor, outstandingMinor, feesMinor, availableMinor, blocked } = fact
      return { ...state, exposure: { holdMinor, outstandingMinor, feesMinor, availableMinor, blocked } }
    }
    default: {
      const purchases = withPlanEvent(state.purchases, fact)
      const after = withStanding(policy, state, fact)
      return purchases === state.purchases ? after : { ...after, purchases }
    }
  }
}

/** Most plan events say nothing of how somebody pays, and then there is nothing to store. */
function withStanding(policy: CreditPolicy, state: CreditState, event: PlanEvent | PaymentNews): CreditState {
  if (behaviourOf(event) === null || policy.behaviour === null) return state
  return { ...state, standing: standingAfter(policy, state, event).standing }
}

/** The decision of a purchase ends its waiting; that it was asked for twice does not. */
function withoutWaiting({ waiting }: CreditState, { meta }: PurchaseApproved | PurchaseDeclined) {
  const left = waiting.filter(({ request }) => request.meta.id !== meta.causationId)
  return left.length === waiting.length ? waiting : left
}

/** Remembers a decision for as long as its checkout, or a velocity rule, needs it, and forgets the old ones. */
function withDecided(policy: CreditPolicy, state: CreditState, fact: PurchaseApproved | PurchaseDeclined) {
  const { purchaseId, amountMinor, meta, type } = fact
  const since = meta.occurredAt - rememberedMs(policy)
  const others = state.decided.filter((one) => one.decidedAt > since && one.purchaseId !== purchaseId)
  const approved = type === 'PurchaseApproved'
  const offeredFirstMinor = approved ? null : fact.counterFirstPaymentMinor
  const decision = { decisionId: fact.decisionId, decidedAt: meta.occurredAt, approved, amountMinor, offeredFirstMinor }
  return [...others, { purchaseId, ...decision, ...madeKnown(state, fact) }]
}

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
import { answersInquiry, askAfterApproval, askAgain, askAgainAt, limitAfter, withReport } from './bureau.ts'
import { decidePurchase, SOURCE } from './decision.ts'
import { totalsOf, withHold, withPlanEvent } from './exposure.ts'
import type { CreditFact, CreditInput } from './facts.ts'
import { currencyOf } from './limits.ts'
import { POLICY } from './policy.ts'

const HOUR_MS = 3_600_000

/** The rules of one consumer's credit; the key is the consumer id. */
export const credit: Decider<CreditState, CreditInput, CreditFact> = {
  initial: (consumerId) => ({
    consumerId,
    profile: null,
    kyc: 'NOT_STARTED',
    inquiry: null,
    report: null,
    score: null,
    limitMinor: 0,
    ownCapMinor: null,
    purchases: [],
    decided: [],
    exposure: { holdMinor: 0, outstandingMinor: 0, feesMinor: 0, availableMinor: 0, blocked: false },
  }),
  keyOf: (input) => (input.type === 'ClockTicked' ? null : input.consumerId),
  decide: (state, input) => {
    const facts = factsOf(state, input)
    return [...facts, ...exposureChange(state, input, facts)]
  },
  evolve,
  dueAt: askAgainAt,
}

function factsOf(state: CreditState, input: CreditInput): readonly CreditFact[] {
  switch (input.type) {
    case 'RequestPurchase':
      return [decidePurchase(state, input)]
    case 'ConsumerRegistered':
      return [input]
    case 'KycStatusChanged':
      return [input, ...askAfterApproval(state, input)]
    case 'BureauReported':
      return answersInquiry(state, input) ? [input, ...limitAfter(state, input)] : []
    case 'ClockTicked':
      return askAgain(state, input)
    default:
      return [input]
  }
}

/** Tells what is held and owed where it is another than was last told, or where the limit moved. */
function exposureChange(state: CreditState, cause: CreditInput, facts: readonly CreditFact[]): readonly CreditFact[] {
  const next = facts.reduce(evolve, state)
  const currency = next.profile?.currency ?? null
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

function evolve(state: CreditState, fact: CreditFact): CreditState {
  switch (fact.type) {
    case 'ConsumerRegistered': {
      const { givenName, familyName, dateOfBirth, country } = fact
      return { ...state, profile: { givenName, familyName, dateOfBirth, country, currency: currencyOf(country) } }
    }
    case 'KycStatusChanged':
      return { ...state, kyc: fact.status }
    case 'BureauReportRequested': {
      const attempt = (state.inquiry?.attempt ?? 0) + 1
      return { ...state, inquiry: { requestId: fact.requestId, attempt, answered: false, askAgainAt: null } }
    }
    case 'BureauReported':
      return withReport(state, fact)
    case 'LimitChanged':
      return { ...state, limitMinor: fact.limitMinor, score: fact.score }
    case 'PurchaseApproved':
      return { ...remembering(state, fact), purchases: withHold(state.purchases, fact.purchaseId, fact.amountMinor) }
    case 'PurchaseDeclined':
      return remembering(state, fact)
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

/** Remembers a decision for as long as its checkout could be confirmed again, and forgets the old ones. */
function remembering(state: CreditState, { purchaseId, meta }: PurchaseApproved | PurchaseDeclined): CreditState {
  const since = meta.occurredAt - POLICY.decidedOnceHours * HOUR_MS
  const others = state.decided.filter((one) => one.decidedAt > since && one.purchaseId !== purchaseId)
  return { ...state, decided: [...others, { purchaseId, decidedAt: meta.occurredAt }] }
}

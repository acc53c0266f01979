/**
 * Review of automated refusals by a person: asked for by the consumer, once a decision and within some days; claimed
 * and decided by the staff. A refusal that is overturned becomes one approval for that merchant, up to that amount,
 * until a date; it waives the reasons of the refusal and no others, and never a condition such as a confirmed identity:
 * where one fails, the other rules have not been looked at.
 */
import { deriveId } from '#domain/ids.ts'
import type {
  ClaimReview,
  ClockTicked,
  CreditCommand,
  CreditReviewEvent,
  CreditState,
  DecideReview,
  PurchaseApproved,
  PurchaseDeclined,
  Refusal,
  RequestPurchase,
  RequestReview,
  ReviewState,
} from '#schemas'
import { childMeta } from '#schemas/envelope.ts'
import type { CreditPolicy } from './credit-policy.ts'
import type { ReasonCode } from './reasons.ts'
import { type FailedRule, HISTORY_RULE } from './rules.ts'
import { SOURCE } from './source.ts'

const DAY_MS = 86_400_000
/** Refusals that are remembered at most, beside those under review. */
const REFUSALS_MAX = 10
const CONTRADICTED: ReasonCode = 'CREDIT_REPORTS_DIFFER'
/** What stands for the consumer's statement where nobody asked. */
const BY_POLICY = 'The credit policy sends refusals for reports that contradict each other to a person.'
/** Refusals that say nothing of credit: there is nothing to look at. */
const NOT_REVIEWED: readonly string[] = [
  ...['PURCHASE_EXISTS', 'AMOUNT_INVALID', 'CONSUMER_UNKNOWN', 'OFFER_UNKNOWN', 'MERCHANT_NOT_ACTIVE'],
]
/** Reasons of conditions: what is missing has to come first, and nobody's word stands in for it. */
const NOT_WAIVED: readonly string[] = [
  ...NOT_REVIEWED,
  ...['KYC_REQUIRED', 'KYC_IN_REVIEW', 'COUNTRY_NOT_SUPPORTED', 'CURRENCY_NOT_SUPPORTED', 'FIRST_PAYMENT_INVALID'],
  ...['PRODUCT_NOT_OFFERED', 'CREDIT_REPORT_PENDING', 'CREDIT_FILE_FROZEN', 'SCORE_MODEL_MISSING'],
]

/** What a command about a review comes to. */
export function decideReviewCommand(
  policy: CreditPolicy,
  state: CreditState,
  command: CreditCommand,
): readonly CreditReviewEvent[] {
  const refusal = state.refusals.find(({ decisionId }) => decisionId === command.decisionId)
  if (refusal === undefined) {
    return refuse(command, 'REVIEW_DECISION_UNKNOWN', 'There is no such refusal, or it is too old to be looked at.')
  }
  switch (command.type) {
    case 'RequestReview':
      return requested(policy, refusal, command)
    case 'ClaimReview':
      return claimed(refusal, command)
    case 'DecideReview':
      return decided(policy, refusal, command)
  }
}

function requested(policy: CreditPolicy, refusal: Refusal, command: RequestReview): readonly CreditReviewEvent[] {
  const { requestDays, decideDays } = policy.review
  const at = command.meta.occurredAt
  if (refusal.review !== null) return refuse(command, 'REVIEW_EXISTS', 'This refusal was sent to a person before.')
  if (at > refusal.declinedAt + requestDays * DAY_MS) {
    return refuse(command, 'REVIEW_TOO_LATE', `A refusal can be sent to a person within ${requestDays} days.`)
  }
  const dueAt = at + decideDays * DAY_MS
  const review = { reviewId: deriveId('rev', refusal.decisionId), statement: command.statement, dueAt }
  const why = { reasons: refusal.reasons, openedBy: 'CONSUMER' }
  return [{ type: 'ReviewRequested', ...headOf(command, 'ReviewRequested'), ...about(refusal), ...why, ...review }]
}

/**
 * What the policy sends to a person by itself: a refusal because reports contradict each other, unless one for that
 * reason waits there already.
 */
export function reviewByPolicy(
  policy: CreditPolicy,
  { refusals }: CreditState,
  decision: PurchaseApproved | PurchaseDeclined,
): readonly CreditReviewEvent[] {
  if (policy.bureau.whenContradicted !== 'REVIEW' || decision.type === 'PurchaseApproved') return []
  const reasons = decision.reasons.map(({ code }) => code)
  const waits = ({ review, ...refusal }: Refusal) =>
    review !== null && review.overturned === null && refusal.reasons.includes(CONTRADICTED)
  if (!reasons.includes(CONTRADICTED) || refusals.some(waits)) return []
  const { consumerId, decisionId, purchaseId, merchantId, merchantName, amountMinor, currency, meta } = decision
  return [
    {
      type: 'ReviewRequested',
      meta: childMeta(SOURCE, decision, 'ReviewRequested'),
      ...{ consumerId, decisionId, purchaseId, merchantId, merchantName, amountMinor, currency, reasons },
      ...{ reviewId: deriveId('rev', decisionId), statement: BY_POLICY, openedBy: 'POLICY' },
      dueAt: meta.occurredAt + policy.review.decideDays * DAY_MS,
    },
  ]
}

function claimed({ review }: Refusal, command: ClaimReview): readonly CreditReviewEvent[] {
  if (review === null) return refuse(command, 'REVIEW_UNKNOWN', 'Nobody asked for a review of this refusal.')
  if (review.overturned !== null) return refuse(command, 'REVIEW_DECIDED', 'This review is decided.')
  if (review.reviewer !== null && review.reviewer !== command.reviewer) {
    return refuse(command, 'REVIEW_CLAIMED', `${review.reviewer} looks at it already.`)
  }
  const { reviewId } = review
  return [{ type: 'ReviewClaimed', ...headOf(command, 'ReviewClaimed'), reviewId, reviewer: command.reviewer }]
}

function decided(policy: CreditPolicy, refusal: Refusal, command: DecideReview): readonly CreditReviewEvent[] {
  const { review } = refusal
  if (review === null) return refuse(command, 'REVIEW_UNKNOWN', 'Nobody asked for a review of this refusal.')
  if (review.overturned !== null) return refuse(command, 'REVIEW_DECIDED', 'This review is decided.')
  if (review.reviewer !== command.reviewer) {
    return refuse(command, 'REVIEW_NOT_CLAIMED', 'Claim the review first: who decides is who looked at it.')
  }
  const { overturned, reviewer, reason } = command
  const condition = refusal.reasons.find((code) => NOT_WAIVED.includes(code))
  if (overturned && condition !== undefined) {
    const why = `${condition} cannot be waived: have the consumer see to it and ask for the purchase again.`
    return refuse(command, 'REVIEW_NOT_WAIVABLE', why)
  }
  const validUntil = overturned ? command.meta.occurredAt + policy.review.validDays * DAY_MS : null
  const { reviewId } = review
  const how = { reviewId, reviewer, overturned, reason, validUntil }
  return [{ type: 'ReviewDecided', ...headOf(command, 'ReviewDecided'), ...about(refusal), ...how }]
}

/** Tells of the reviews that nobody decided in time, once each. */
export function overdueReviews(state: CreditState, tick: ClockTicked): readonly CreditReviewEvent[] {
  return openReviews(state)
    .filter(({ review }) => review.dueAt <= tick.time)
    .map(({ decisionId, review: { reviewId, dueAt } }) => ({
      type: 'ReviewOverdue' as const,
      meta: childMeta(SOURCE, tick, 'ReviewOverdue', reviewId),
      ...{ consumerId: state.consumerId, decisionId, reviewId, dueAt },
    }))
}

/** When the first open review is overdue; null where none can become it. */
export function reviewDueAt(state: CreditState): number | null {
  // Asked of every decision, most of which have no review at all.
  if (state.refusals.every(({ review }) => review === null)) return null
  const times = openReviews(state).map(({ review }) => review.dueAt)
  return times.length === 0 ? null : Math.min(...times)
}

function openReviews({ refusals }: CreditState) {
  return refusals.flatMap(({ decisionId, review }) =>
    review === null || review.overturned !== null || review.overdue ? [] : [{ decisionId, review }],
  )
}

/**
 * The refusal whose approval by a person a purchase can use, which waives all that it fails; null where there is none.
 */
export function grantFor(
  { refusals }: CreditState,
  request: RequestPurchase,
  failed: readonly FailedRule[],
): Refusal | null {
  const at = request.meta.occurredAt
  const fits = ({ review, merchantId, amountMinor, currency }: Refusal) =>
    review?.validUntil != null &&
    !review.used &&
    at <= review.validUntil &&
    merchantId === request.merchantId &&
    currency === request.currency &&
    request.amountMinor <= amountMinor
  return refusals.find((one) => fits(one) && failed.every(({ codes }) => isWaived(one, codes))) ?? null
}

/** Whether a person who overturned a refusal has waived all these reasons. */
function isWaived({ reasons, unnamed }: Refusal, codes: readonly ReasonCode[]): boolean {
  return codes.every((code) => (reasons.includes(code) || unnamed.includes(code)) && !NOT_WAIVED.includes(code))
}

/** The refusals after an event about a review. */
export function refusalsAfter(refusals: readonly Refusal[], event: CreditReviewEvent): readonly Refusal[] {
  const change = (over: Partial<ReviewState>) =>
    refusals.map((one) =>
      one.decisionId === event.decisionId && one.review !== null ? { ...one, review: { ...one.review, ...over } } : one,
    )
  switch (event.type) {
    case 'ReviewRequested': {
      const { reviewId, dueAt } = event
      const review = {
        reviewId,
        dueAt,
        reviewer: null,
        overdue: false,
        overturned: null,
        validUntil: null,
        used: false,
      }
      return refusals.map((one) => (one.decisionId === event.decisionId ? { ...one, review } : one))
    }
    case 'ReviewClaimed':
      return change({ reviewer: event.reviewer })
    case 'ReviewDecided':
      return change({ overturned: event.overturned, validUntil: event.validUntil })
    case 'ReviewOverdue':
      return change({ overdue: true })
    case 'ReviewCommandRefused':
      return refusals
  }
}

/** The refusals after a decision: one more, or one whose approval is used up. */
export function refusalsAfterDecision(
  policy: CreditPolicy,
  refusals: readonly Refusal[],
  decision: PurchaseApproved | PurchaseDeclined,
): readonly Refusal[] {
  if (decision.type === 'PurchaseApproved') {
    if (decision.reviewId === null) return refusals
    return refusals.map((one) =>
      one.review?.reviewId === decision.reviewId ? { ...one, review: { ...one.review, used: true } } : one,
    )
  }
  const reasons = decision.reasons.map(({ code }) => code)
  if (reasons.some((code) => NOT_REVIEWED.includes(code))) return refusals
  const { decisionId, purchaseId, merchantId, merchantName, amountMinor, currency, meta } = decision
  const said = { reasons, unnamed: unnamedIn(decision) }
  const refusal = { decisionId, purchaseId, merchantId, merchantName, amountMinor, currency, ...said }
  const since = meta.occurredAt - policy.review.requestDays * DAY_MS
  const [reviewed, others] = [refusals.filter(isKept), refusals.filter((one) => !isKept(one))]
  const recent = others.filter(({ declinedAt }) => declinedAt > since).slice(1 - REFUSALS_MAX)
  return [...reviewed, ...recent, { ...refusal, declinedAt: meta.occurredAt, review: null }]
}

/** The factors behind a refusal for the score that it does not name. */
function unnamedIn({ reasons, rulesHit, factors }: PurchaseDeclined): readonly string[] {
  if (!rulesHit.includes(HISTORY_RULE)) return []
  const lowering = factors.filter(({ points }) => points < 0).map(({ code }) => code)
  return lowering.filter((code) => reasons.every((one) => one.code !== code))
}

/** True of a refusal under review, or with an approval that was not used. */
function isKept({ review }: Refusal): boolean {
  return review !== null && review.overturned !== false && !review.used
}

function about({ purchaseId, merchantId, merchantName, amountMinor, currency }: Refusal) {
  return { purchaseId, merchantId, merchantName, amountMinor, currency }
}

function headOf({ meta, consumerId, decisionId }: CreditCommand, type: CreditReviewEvent['type']) {
  return { meta: childMeta(SOURCE, { meta }, type), consumerId, decisionId }
}

function refuse(command: CreditCommand, code: string, detail: string): readonly CreditReviewEvent[] {
  const head = headOf(command, 'ReviewCommandRefused')
  return [{ type: 'ReviewCommandRefused', ...head, command: command.type, code, detail }]
}

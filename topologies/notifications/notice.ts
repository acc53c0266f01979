/**
 * Which events are told to the consumer, by which template and with which facts. Nothing is said of a plan without a
 * capture, of an instalment with nothing open on it, or while the consumer is present at the checkout and sees it.
 */
import { msToDate } from '#domain/calendar.ts'
import { interestToCome } from '#domain/instalment-interest.ts'
import { sumMinor } from '#domain/money.ts'
import type {
  CodePurpose,
  ConsumerEvent,
  CreditEvent,
  CreditReviewEvent,
  Instalment,
  InstalmentPaid,
  KycStatus,
  PaymentEvent,
  PlanBalance,
  PlanEvent,
  PurchaseEvent,
  StatementIssued,
} from '#schemas'
import { money, openRows, schedule } from './notice-words.ts'
import { offerFacts } from './offer-texts.ts'
import { reasonFacts } from './reason-texts.ts'
import type { TemplateName } from './templates.ts'

/** Every event of the topics that notifications read. */
export type Tellable =
  | ConsumerEvent
  | CreditEvent
  | CreditReviewEvent
  | PurchaseEvent
  | PlanEvent
  | PaymentEvent
  | StatementIssued
/** What is to be said: the template and its facts, in no language yet. */
export type Notice = { readonly template: TemplateName; readonly facts: Readonly<Record<string, string>> }

type Rules = { readonly [T in Tellable['type']]?: (event: Extract<Tellable, { type: T }>) => Notice | null }

const identityTemplates: Readonly<Partial<Record<KycStatus, TemplateName>>> = {
  APPROVED: 'identity-approved',
  DECLINED: 'identity-declined',
  NEEDS_REVIEW: 'identity-review',
  EXPIRED: 'identity-expired',
}

const codeTemplates: Readonly<Record<CodePurpose, TemplateName>> = {
  EMAIL: 'code-email',
  PHONE: 'code-phone',
  PASSWORD_RESET: 'code-password',
  REGISTRATION: 'code-registration',
}

const rules: Rules = {
  CodeIssued: ({ codeId, purpose }) => notice(codeTemplates[purpose], { codeId }),
  RegistrationBegun: ({ codeId }) => notice(codeTemplates.REGISTRATION, { codeId }),
  RegistrationRepeated: () => notice('account-exists', {}),
  PasswordChanged: () => notice('password-changed', {}),
  KycStatusChanged: (event) => {
    const template = identityTemplates[event.status]
    return template === undefined ? null : notice(template, {})
  },
  LimitChanged: ({ limitMinor, previousMinor, currency }) => {
    const limit = money(limitMinor, currency)
    const isRise = previousMinor > 0 && limitMinor > previousMinor
    return isRise
      ? notice('limit-raised', { limit, before: money(previousMinor, currency) })
      : notice('limit-set', { limit })
  },
  ReviewRequested: (event) => notice('review-requested', { merchant: event.merchantName, date: msToDate(event.dueAt) }),
  ReviewDecided: (event) =>
    notice(event.overturned ? 'review-overturned' : 'review-upheld', {
      ...{ merchant: event.merchantName, amount: money(event.amountMinor, event.currency), reason: event.reason },
      ...(event.validUntil === null ? {} : { date: msToDate(event.validUntil) }),
    }),
  PurchaseDeclined: (event) =>
    notice('purchase-declined', {
      merchant: event.merchantName,
      amount: money(event.amountMinor, event.currency),
      ...reasonFacts(event.reasons),
      ...offerFacts(event),
    }),
  DisputeOpened: (event) =>
    notice('dispute-opened', { amount: money(event.amountMinor, event.currency), date: msToDate(event.evidenceDueAt) }),
  // The outcome is the merchant's: what they lost is refunded.
  DisputeDecided: ({ outcome, amountMinor, currency }) =>
    notice(outcome === 'LOST' ? 'dispute-refunded' : 'dispute-closed', { amount: money(amountMinor, currency) }),
  PurchaseAuthorised: (event) =>
    notice('purchase-authorised', { merchant: event.merchantName, amount: money(event.amountMinor, event.currency) }),
  PlanScheduled: ({ amountMinor, currency, instalments, balance }) =>
    owedMinor(balance) === 0
      ? null
      : notice(interestIn(instalments) === 0 ? 'plan-scheduled' : 'plan-scheduled-interest', {
          amount: money(amountMinor, currency),
          ...(interestIn(instalments) === 0 ? {} : { interest: money(interestIn(instalments), currency) }),
          schedule: schedule(openRows(instalments), currency),
        }),
  InstalmentPaid: (event) =>
    event.balance.capturedMinor === 0
      ? null
      : notice('payment-received', { ...instalment(event), ...covered(event), left: left(event) }),
  InstalmentOverdue: (event) =>
    event.overdueMinor === 0
      ? null
      : notice('instalment-overdue', {
          ...instalment({ ...event, amountMinor: event.overdueMinor }),
          date: event.dueDate,
        }),
  LateFeeCharged: (event) =>
    event.amountMinor === 0 ? null : notice('late-fee', { ...instalment(event), left: left(event) }),
  RefundAllocated: (event) =>
    notice('refund', {
      amount: money(event.amountMinor, event.currency),
      reduced: money(event.reducedMinor, event.currency),
      returned: money(event.returnedMinor, event.currency),
      schedule: schedule(openRows(event.instalments), event.currency),
    }),
  InstalmentMoved: (event) =>
    notice('payment-moved', {
      ...{ instalment: String(event.instalmentNo), date: event.dueDate },
      schedule: schedule(openRows(event.instalments), event.currency),
    }),
  LateFeeReversed: (event) => notice('late-fee-back', { ...instalment(event), left: left(event) }),
  PlanReaged: (event) => notice('hardship', { schedule: schedule(openRows(event.instalments), event.currency) }),
  PlanReworked: ({ cause, amountMinor, currency, instalments }) => {
    const now = { schedule: schedule(openRows(instalments), currency) }
    if (cause === 'HARDSHIP_UNDONE') return notice('hardship-ended', now)
    return amountMinor === 0 ? null : notice('payment-undone', { amount: money(amountMinor, currency), ...now })
  },
  PlanChargeOffUndone: (event) =>
    notice('charge-off-undone', { schedule: schedule(openRows(event.instalments), event.currency) }),
  PlanWrittenOff: () => notice('written-off', {}),
  PlanChargedOff: (event) =>
    notice('charged-off', {
      amount: money(sumMinor([event.principalMinor, event.interestMinor, event.feeMinor]), event.currency),
    }),
  PlanPaused: (event) => notice('plan-paused', { date: event.until }),
  PlanCompleted: (event) => {
    const paidMinor = sumMinor([event.balance.capturedMinor, -event.balance.refundedMinor])
    return paidMinor === 0 ? null : notice('plan-completed', { amount: money(paidMinor, event.currency) })
  },
  StatementIssued: ({ month, closingMinor, nextDue, dueUntil, currency }) =>
    notice('statement-ready', {
      ...{ month, owed: money(closingMinor, currency), date: dueUntil },
      due: money(sumMinor(nextDue.map(({ amountMinor }) => amountMinor)), currency),
    }),
  PaymentAttemptFailed: (event) => notice('payment-retry', { ...instalment(event), date: event.nextAttemptOn }),
  PaymentDelayed: (event) => notice('payment-delayed', { ...instalment(event), date: event.nextAttemptOn }),
  PaymentFailed: (event) => (event.atCheckout ? null : notice('payment-failed', instalment(event))),
}

/** True where there is a rule for this type of event (which may still say nothing of this one). */
export function isTellable(event: Tellable): boolean {
  return event.type in rules
}

/** What to tell the consumer of an event; null where nothing. */
export function noticeOf(event: Tellable): Notice | null {
  const rule = rules[event.type] as ((event: Tellable) => Notice | null) | undefined
  return rule?.(event) ?? null
}

function notice(template: TemplateName, facts: Readonly<Record<string, string>>): Notice {
  return { template, facts }
}

function instalment(event: { instalmentNo: number; amountMinor: number; currency: string }): Record<string, string> {
  return { instalment: String(event.instalmentNo), amount: money(event.amountMinor, event.currency) }
}

/** Which instalments a payment covered, where it says so. */
function covered({ shares }: InstalmentPaid): Record<string, string> {
  const numbers = shares.map(({ instalmentNo }) => instalmentNo).toSorted((a, b) => a - b)
  return numbers.length === 0 ? {} : { instalment: numbers.join(', ') }
}

type Left = { balance: PlanBalance; currency: string; instalments: readonly Instalment[] }

/** What is left to pay of a plan, with the interest to come. */
function left({ balance, currency, instalments }: Left): string {
  return money(sumMinor([owedMinor(balance), ...instalments.map(interestToCome)]), currency)
}

function owedMinor({ outstandingMinor, feesMinor, interestMinor }: PlanBalance): number {
  return sumMinor([outstandingMinor, feesMinor, interestMinor])
}

function interestIn(instalments: readonly Instalment[]): number {
  return sumMinor(instalments.map(({ interest }) => interest?.amountMinor ?? 0))
}

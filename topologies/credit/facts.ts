import type {
  BureauReported,
  BureauReportRequested,
  ClockTicked,
  ConsumerEvent,
  ConsumerRegistered,
  CreditCommand,
  CreditEvent,
  CreditReviewEvent,
  KycStatusChanged,
  PaymentEvent,
  PlanEvent,
  PurchaseApproved,
  PurchaseCommand,
  PurchaseDeclined,
  RequestPurchase,
} from '#schemas'
import type { PaymentNews } from './behaviour.ts'
import type { ContactNews } from './contacts.ts'

/** News of the consumer that credit listens to. */
export type ConsumerNews = ConsumerRegistered | KycStatusChanged | ContactNews

/** What the topology hears. */
export type CreditInput =
  | RequestPurchase
  | CreditCommand
  | ConsumerNews
  | BureauReported
  | PlanEvent
  | PaymentNews
  | ClockTicked

/**
 * What happens: events, a request to a bureau, and what was heard elsewhere, which is folded as it came. A request for
 * a purchase among them waits for a report; a tick ends the waiting for a bureau that is silent.
 */
export type CreditFact =
  | CreditEvent
  | CreditReviewEvent
  | BureauReportRequested
  | RequestPurchase
  | ConsumerNews
  | BureauReported
  | PlanEvent
  | PaymentNews
  | ClockTicked

/** True of the commands that credit answers. */
export function isRequest(command: PurchaseCommand): command is RequestPurchase {
  return command.type === 'RequestPurchase'
}

/** True of the news of a consumer that matter for credit. */
export function isConsumerNews(event: ConsumerEvent): event is ConsumerNews {
  switch (event.type) {
    case 'ConsumerRegistered':
    case 'KycStatusChanged':
    case 'ContactVerified':
    case 'ContactDoubted':
      return true
    default:
      return false
  }
}

/** True of the answer to a request for a purchase. */
export function isDecision(fact: CreditFact): fact is PurchaseApproved | PurchaseDeclined {
  return fact.type === 'PurchaseApproved' || fact.type === 'PurchaseDeclined'
}

/** True of the news of payments that tell how somebody pays. */
export function isPaymentNews(event: PaymentEvent): event is PaymentNews {
  return event.type === 'PaymentFailed' || event.type === 'PaymentChargedBack'
}

/** True of what is told on `credit.events`. */
export function isCreditEvent(fact: CreditFact): fact is CreditEvent {
  switch (fact.type) {
    case 'PurchaseApproved':
    case 'PurchaseDeclined':
    case 'LimitChanged':
    case 'ExposureChanged':
    case 'BureauReportsContradicted':
      return true
    default:
      return false
  }
}

/** True of what is told on `credit.review-events`. */
export function isReviewEvent(fact: CreditFact): fact is CreditReviewEvent {
  return fact.type.startsWith('Review')
}

/** The command that an input is; null where it is something else. */
export function commandIn(input: CreditInput): RequestPurchase | CreditCommand | null {
  switch (input.type) {
    case 'RequestPurchase':
    case 'RequestReview':
    case 'ClaimReview':
    case 'DecideReview':
      return input
    default:
      return null
  }
}

/** True of what goes to the bureau connector. */
export function isBureauRequest(fact: CreditFact): fact is BureauReportRequested {
  return fact.type === 'BureauReportRequested'
}

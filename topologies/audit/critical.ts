/** Which events are kept in the audit log, and of whom they speak. */
import type {
  ConsumerEvent,
  CreditEvent,
  CreditReviewEvent,
  CreditRuleEvent,
  GatewayRouteEvent,
  LedgerPeriodEvent,
  MerchantEvent,
  PaymentEvent,
  PlanEvent,
  PurchaseEvent,
  SettlementEvent,
} from '#schemas'

/** Every event of the topics that the audit log reads. */
export type AuditableEvent =
  | ConsumerEvent
  | MerchantEvent
  | CreditEvent
  | CreditReviewEvent
  | CreditRuleEvent
  | GatewayRouteEvent
  | LedgerPeriodEvent
  | PurchaseEvent
  | PlanEvent
  | PaymentEvent
  | SettlementEvent

/** The critical actions, with the field that names their subject. */
const subjects = {
  ConsumerRegistered: 'consumerId',
  RegistrationRepeated: 'consumerId',
  SessionStarted: 'consumerId',
  SessionEnded: 'consumerId',
  PasswordChanged: 'consumerId',
  ContactVerified: 'consumerId',
  KycStatusChanged: 'consumerId',
  MerchantOnboarded: 'merchantId',
  MerchantApplied: 'merchantId',
  ApplicationStatusChanged: 'merchantId',
  MerchantStatusChanged: 'merchantId',
  MerchantTermsChanged: 'merchantId',
  RiskTierChanged: 'merchantId',
  ApiKeyRotated: 'merchantId',
  ApiKeyIssued: 'merchantId',
  ApiKeyRevoked: 'merchantId',
  LimitChanged: 'consumerId',
  BureauReportsContradicted: 'consumerId',
  PurchaseApproved: 'consumerId',
  ReviewRequested: 'consumerId',
  ReviewClaimed: 'consumerId',
  ReviewDecided: 'consumerId',
  ReviewOverdue: 'consumerId',
  PurchaseDeclined: 'consumerId',
  PurchaseAuthorised: 'consumerId',
  PurchaseRejected: 'consumerId',
  PurchaseCaptured: 'consumerId',
  PurchaseReleased: 'consumerId',
  PurchaseExtended: 'consumerId',
  PurchaseRefunded: 'consumerId',
  DisputeOpened: 'consumerId',
  DisputeEvidenceSubmitted: 'consumerId',
  DisputeDecided: 'consumerId',
  InstalmentOverdue: 'consumerId',
  LateFeeCharged: 'consumerId',
  InstalmentMoved: 'consumerId',
  PlanPaused: 'consumerId',
  PlanReaged: 'consumerId',
  PlanReworked: 'consumerId',
  FraudReported: 'consumerId',
  PlanChargedOff: 'consumerId',
  PlanChargeOffUndone: 'consumerId',
  PlanWrittenOff: 'consumerId',
  LateFeeReversed: 'consumerId',
  PlanCancelled: 'consumerId',
  PlanCompleted: 'consumerId',
  PaymentMethodAdded: 'consumerId',
  PaymentSucceeded: 'consumerId',
  PaymentRerouted: 'consumerId',
  PaymentAttemptFailed: 'consumerId',
  PaymentDelayed: 'consumerId',
  PaymentFailed: 'consumerId',
  PaymentReturned: 'consumerId',
  PaymentReturnFailed: 'consumerId',
  PaymentChargedBack: 'consumerId',
  ChargeBackDecided: 'consumerId',
  SettlementClosed: 'merchantId',
  PayoutPaid: 'merchantId',
  PayoutFailed: 'merchantId',
  PayoutHeld: 'merchantId',
  CreditPolicyPublished: 'version',
  ScoreModelPublished: 'version',
  GatewayRoutesPublished: 'routesId',
  PeriodClosed: 'ledgerId',
  PeriodCloseDiffers: 'ledgerId',
  PeriodReopened: 'ledgerId',
  PeriodCloseScheduled: 'ledgerId',
} as const satisfies Partial<
  Record<AuditableEvent['type'], 'consumerId' | 'merchantId' | 'version' | 'routesId' | 'ledgerId'>
>

/** An event that is kept. */
export type CriticalEvent = Extract<AuditableEvent, { type: keyof typeof subjects }>

/** The names of the records that are kept. */
export const criticalTypes = Object.keys(subjects) as readonly CriticalEvent['type'][]

/** True where the event is kept. */
export function isCritical(event: AuditableEvent): event is CriticalEvent {
  return event.type in subjects
}

/** Consumer, merchant, version of a policy or model, routes or ledger: whose chain the event belongs to. */
export function subjectOf(event: CriticalEvent): string {
  const field = subjects[event.type]
  return (event as unknown as Record<typeof field, string>)[field]
}

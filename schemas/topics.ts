/**
 * The table of all topics: name, what may stand in it, its key, and how long it is kept. The consumer-side topics and
 * the clock have the consumer id as key and the same number of partitions, so that all that happens to one person is
 * in one order in one partition; merchant-side ones have the merchant id.
 */
import type { TopicSpec } from '#streams'
import type { Codec } from './codec.ts'
import type * as t from './generated/types.ts'
import { ruleTopics } from './rule-topics.ts'
import { FOREVER, type TopicMaker, topicMaker } from './topic-maker.ts'
import type {
  ConsumerCommand,
  ConsumerEvent,
  CreditCommand,
  CreditEvent,
  CreditReviewEvent,
  MerchantCommand,
  MerchantEvent,
  NotificationEvent,
  PaymentCommand,
  PaymentEvent,
  PaymentRequest,
  PaymentResult,
  PlanCommand,
  PlanEvent,
  PurchaseCommand,
  PurchaseEvent,
  SettlementEvent,
  WebhookCommand,
  WebhookEvent,
} from './topic-records.ts'

/** Partitions of every topic, unless a deployment says otherwise before its first start. */
export const DEFAULT_PARTITIONS = 4

/** All topics of the platform, with their serdes. */
export type Topics = ReturnType<typeof openTopics>

const DAY_MS = 86_400_000

/** Opens the table with a codec (one that knows the registry's schema ids). */
export function openTopics(codec: Codec, partitions: number = DEFAULT_PARTITIONS) {
  const make = topicMaker(codec, partitions)
  return {
    ...consumerTopics(make),
    ...merchantTopics(make),
    ...ruleTopics(make),
    ...creditTopics(make),
    ...purchaseTopics(make),
    ...paymentTopics(make),
    ...webhookTopics(make),
    ...recordTopics(make),
  } as const satisfies Record<string, TopicSpec>
}

/** Consumers, who they are, and the clock. */
function consumerTopics({ topic, ofConsumer }: TopicMaker) {
  return {
    /** Business time; a tick goes to every partition and its key is the date. */
    clock: topic<t.ClockTicked>('clock', FOREVER, (tick) => tick.date, ['ClockTicked']),
    consumerCommands: ofConsumer<ConsumerCommand>('consumer.commands', [
      'RegisterConsumer',
      'BeginRegistration',
      'ConfirmRegistration',
      'BeginSignIn',
      'StartSession',
      'RefreshSession',
      'EndSession',
      'EndSessions',
      'ChangePassword',
      'ResetPassword',
      'RequestCode',
      'ConfirmCode',
      'RequestIdentityCheck',
      'ChangeNoticePreferences',
    ]),
    consumerEvents: ofConsumer<ConsumerEvent>('consumer.events', [
      'RegistrationBegun',
      'RegistrationRepeated',
      'ConsumerRegistered',
      'SignInAllowed',
      'SignInLocked',
      'SessionStarted',
      'SessionRefreshed',
      'SessionEnded',
      'SessionsEnded',
      'PasswordChanged',
      'CodeIssued',
      'ContactVerified',
      'KycStatusChanged',
      'NoticePreferencesChanged',
      'ContactDoubted',
      'ConsumerCommandRefused',
    ]),
    identityRequests: ofConsumer<t.IdentityCheckRequested>(
      'identity.requests',
      ['IdentityCheckRequested'],
      30 * DAY_MS,
    ),
    identityResults: ofConsumer<t.IdentityCheckReported>('identity.results', ['IdentityCheckReported']),
  }
}

/** Credit: what it asks, decides and lets people look at. */
function creditTopics({ ofConsumer }: TopicMaker) {
  return {
    bureauRequests: ofConsumer<t.BureauReportRequested>('bureau.requests', ['BureauReportRequested'], 30 * DAY_MS),
    bureauResults: ofConsumer<t.BureauReported>('bureau.results', ['BureauReported']),
    creditCommands: ofConsumer<CreditCommand>('credit.commands', ['RequestReview', 'ClaimReview', 'DecideReview']),
    creditReviewEvents: ofConsumer<CreditReviewEvent>('credit.review-events', [
      'ReviewRequested',
      'ReviewClaimed',
      'ReviewDecided',
      'ReviewOverdue',
      'ReviewCommandRefused',
    ]),
    creditEvents: ofConsumer<CreditEvent>('credit.events', [
      'PurchaseApproved',
      'PurchaseDeclined',
      'LimitChanged',
      'ExposureChanged',
      'BureauReportsContradicted',
    ]),
    planCommands: ofConsumer<PlanCommand>('plan.commands', [
      'MoveInstalmentDate',
      'PausePlan',
      'StartHardship',
      'UndoHardship',
      'ReportFraud',
      'UndoChargeOff',
      'WriteOffPlan',
      'WaiveLateFee',
      'ReverseLateFee',
      'UndoPayment',
    ]),
  }
}

/** Purchases and their plans. */
function purchaseTopics({ ofConsumer }: TopicMaker) {
  return {
    purchaseCommands: ofConsumer<PurchaseCommand>('purchase.commands', [
      'RequestPurchase',
      'CapturePurchase',
      'ReleasePurchase',
      'ExtendPurchase',
      'RefundPurchase',
      'OpenDispute',
      'WithdrawDispute',
      'AcceptDispute',
      'SubmitDisputeEvidence',
      'DecideDispute',
    ]),
    purchaseEvents: ofConsumer<PurchaseEvent>('purchase.events', [
      'PurchaseRequested',
      'PurchaseAuthorised',
      'PurchaseRejected',
      'PurchaseCaptured',
      'PurchaseReleased',
      'PurchaseExtended',
      'PurchaseRefunded',
      'PurchaseCompleted',
      'DisputeOpened',
      'DisputeEvidenceSubmitted',
      'DisputeDecided',
      'PurchaseCommandRefused',
    ]),
    planEvents: ofConsumer<PlanEvent>('plan.events', [
      'PlanProposed',
      'PlanAuthorised',
      'PlanCancelled',
      'PlanScheduled',
      'InstalmentDue',
      'InstalmentPaid',
      'InstalmentOverdue',
      'LateFeeCharged',
      'RefundAllocated',
      'PlanReleased',
      'ReturnDue',
      'PlanCompleted',
      'InstalmentMoved',
      'InstalmentDelinquent',
      'PlanPaused',
      'PlanReaged',
      'PlanReworked',
      'FraudReported',
      'PlanChargedOff',
      'PlanChargeOffUndone',
      'PlanWrittenOff',
      'LateFeeReversed',
      'InterestCharged',
      'PlanCommandRefused',
    ]),
  }
}

/** Charges and returns. */
function paymentTopics({ ofConsumer }: TopicMaker) {
  return {
    paymentCommands: ofConsumer<PaymentCommand>('payment.commands', [
      'AddPaymentMethod',
      'PayInstalment',
      'PayPlans',
      'ReportChargeBack',
      'DecideChargeBack',
    ]),
    paymentRequests: ofConsumer<PaymentRequest>(
      'payment.requests',
      ['ChargeRequested', 'ReturnRequested'],
      30 * DAY_MS,
    ),
    paymentResults: ofConsumer<PaymentResult>('payment.results', [
      'ChargeSucceeded',
      'ChargeFailed',
      'ReturnSucceeded',
      'ReturnFailed',
    ]),
    paymentEvents: ofConsumer<PaymentEvent>('payment.events', [
      'PaymentMethodAdded',
      'PaymentSucceeded',
      'PaymentAttemptFailed',
      'PaymentRerouted',
      'PaymentDelayed',
      'PaymentFailed',
      'PaymentReturned',
      'PaymentReturnFailed',
      'PaymentChargedBack',
      'ChargeBackDecided',
      'PaymentCommandRefused',
    ]),
  }
}

/** Merchants, and what they are paid. */
function merchantTopics({ ofMerchant }: TopicMaker) {
  return {
    merchantCommands: ofMerchant<MerchantCommand>('merchant.commands', [
      'OnboardMerchant',
      'ApplyMerchant',
      'DecideApplication',
      'ChangeMerchantStatus',
      'ChangeMerchantTerms',
      'ChangeRiskTier',
      'RotateApiKey',
      'IssueApiKey',
      'RevokeApiKey',
      'CreateCheckout',
      'ClaimCheckout',
    ]),
    merchantEvents: ofMerchant<MerchantEvent>('merchant.events', [
      'MerchantOnboarded',
      'MerchantApplied',
      'ApplicationStatusChanged',
      'MerchantStatusChanged',
      'MerchantTermsChanged',
      'MerchantTermsInForce',
      'RiskTierChanged',
      'ApiKeyRotated',
      'ApiKeyIssued',
      'ApiKeyRevoked',
      'CheckoutCreated',
      'CheckoutClaimed',
      'CheckoutExpired',
      'MerchantCommandRefused',
    ]),
    settlementCommands: ofMerchant<t.CorrectSettlement>('settlement.commands', ['CorrectSettlement']),
    merchantCheckRequests: ofMerchant<t.MerchantCheckRequested>(
      'merchant-check.requests',
      ['MerchantCheckRequested'],
      30 * DAY_MS,
    ),
    merchantCheckResults: ofMerchant<t.MerchantCheckReported>('merchant-check.results', ['MerchantCheckReported']),
    settlementEvents: ofMerchant<SettlementEvent>('settlement.events', [
      'SettlementLineAdded',
      'SettlementClosed',
      'PayoutPaid',
      'PayoutFailed',
      'PayoutHeld',
      'SettlementCommandRefused',
    ]),
    payoutRequests: ofMerchant<t.PayoutRequested>('payout.requests', ['PayoutRequested'], 30 * DAY_MS),
    payoutResults: ofMerchant<t.PayoutReported>('payout.results', ['PayoutReported']),
  }
}

/** What merchants are told. */
function webhookTopics({ ofMerchant }: TopicMaker) {
  return {
    webhookCommands: ofMerchant<WebhookCommand>('webhook.commands', [
      'RegisterWebhookEndpoint',
      'RotateWebhookSecret',
      'RemoveWebhookEndpoint',
      'ReplayWebhook',
    ]),
    webhookEvents: ofMerchant<WebhookEvent>('webhook.events', [
      'WebhookEndpointRegistered',
      'WebhookSecretRotated',
      'WebhookEndpointRemoved',
      'WebhookQueued',
      'WebhookDelivered',
      'WebhookAttemptFailed',
      'WebhookDeadLettered',
      'WebhookReplayed',
      'WebhookCommandRefused',
    ]),
    webhookRequests: ofMerchant<t.WebhookDeliveryRequested>(
      'webhook.requests',
      ['WebhookDeliveryRequested'],
      30 * DAY_MS,
    ),
    webhookResults: ofMerchant<t.WebhookDeliveryReported>('webhook.results', ['WebhookDeliveryReported']),
  }
}

/** What is written down and told: ledger, notices, statements, audit log. */
function recordTopics({ topic, ofConsumer }: TopicMaker) {
  return {
    ledgerEntries: topic<t.LedgerEntryPosted>('ledger.entries', FOREVER, (entry) => entry.entryId, [
      'LedgerEntryPosted',
    ]),
    ledgerBalances: topic<t.AccountBalanceChanged>('ledger.balances', FOREVER, (balance) => balance.account, [
      'AccountBalanceChanged',
    ]),
    notificationRequests: ofConsumer<t.NotificationRequested>(
      'notification.requests',
      ['NotificationRequested'],
      30 * DAY_MS,
    ),
    notificationResults: ofConsumer<t.NotificationReported>('notification.results', ['NotificationReported']),
    notificationEvents: ofConsumer<NotificationEvent>('notification.events', [
      'NotificationSent',
      'NotificationFailed',
      'NotificationDropped',
      'NotificationReturned',
      'AddressUndeliverable',
    ]),
    notificationCommands: ofConsumer<t.ReportDelivery>('notification.commands', ['ReportDelivery']),
    statementEvents: ofConsumer<t.StatementIssued>('statement.events', ['StatementIssued']),
    auditEntries: topic<t.AuditEntry>('audit.entries', FOREVER, (entry) => entry.subject, ['AuditEntry']),
  }
}

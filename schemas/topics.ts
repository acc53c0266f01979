/**
 * The table of all topics: name, what may stand in it, its key, and how long it is kept. The consumer-side topics and
 * the clock have the consumer id as key and the same number of partitions, so that all that happens to one person is
 * in one order in one partition; merchant-side ones have the merchant id.
 */
import { stringSerde, type Topic, type TopicSpec } from '#streams'
import type { Codec } from './codec.ts'
import type * as t from './generated/types.ts'
import type {
  ConsumerCommand,
  ConsumerEvent,
  CreditCommand,
  CreditEvent,
  CreditReviewEvent,
  CreditRuleCommand,
  CreditRuleEvent,
  MerchantCommand,
  MerchantEvent,
  NotificationEvent,
  PaymentCommand,
  PaymentEvent,
  PaymentRequest,
  PaymentResult,
  PlanCommand,
  PlanEvent,
  PublishedRule,
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
const FOREVER = -1

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

type TopicMaker = ReturnType<typeof topicMaker>

function topicMaker(codec: Codec, partitions: number) {
  const topic = <V>(
    name: string,
    retentionMs: number,
    keyOf: (value: V) => string,
    records: readonly string[],
  ): Topic<V> => ({
    name,
    partitions,
    cleanup: 'delete',
    retentionMs,
    key: stringSerde,
    value: codec.union<V>(records),
    keyOf,
  })
  const byConsumer = (value: { consumerId: string }) => value.consumerId
  const byMerchant = (value: { merchantId: string }) => value.merchantId
  const ofConsumer = <V extends { consumerId: string }>(
    name: string,
    records: readonly V['type' & keyof V][],
    retentionMs = FOREVER,
  ) => topic<V>(name, retentionMs, byConsumer, records as readonly string[])
  const ofMerchant = <V extends { merchantId: string }>(
    name: string,
    records: readonly V['type' & keyof V][],
    retentionMs = FOREVER,
  ) => topic<V>(name, retentionMs, byMerchant, records as readonly string[])
  return { topic, ofConsumer, ofMerchant }
}

/** Consumers, who they are, and the clock. */
function consumerTopics({ topic, ofConsumer }: TopicMaker) {
  return {
    /** Business time; a tick goes to every partition and its key is the date. */
    clock: topic<t.ClockTicked>('clock', FOREVER, (tick) => tick.date, ['ClockTicked']),
    consumerCommands: ofConsumer<ConsumerCommand>('consumer.commands', [
      'RegisterConsumer',
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

/** The key of all that is about the rules of credit: they are one aggregate. */
export const CREDIT_RULES_KEY = 'credit'

/** The rules of credit: policies and score models. */
function ruleTopics({ topic }: TopicMaker) {
  const key = () => CREDIT_RULES_KEY
  return {
    creditRuleCommands: topic<CreditRuleCommand>('credit.rule-commands', FOREVER, key, [
      'PublishCreditPolicy',
      'PublishScoreModel',
    ]),
    creditRuleEvents: topic<CreditRuleEvent>('credit.rule-events', FOREVER, key, [
      'CreditPolicyPublished',
      'ScoreModelPublished',
      'CreditRulesRefused',
    ]),
    /** What was published, in every partition: each task of `credit` hears it at a place of its own input. */
    creditRules: {
      ...topic<PublishedRule>('credit.rules', FOREVER, key, ['CreditPolicyPublished', 'ScoreModelPublished']),
      toEveryPartition: true,
    },
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

/** What is written down and told: ledger, notices, audit log. */
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
    ]),
    auditEntries: topic<t.AuditEntry>('audit.entries', FOREVER, (entry) => entry.subject, ['AuditEntry']),
  }
}

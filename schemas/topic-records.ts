/** Which records each topic holds, as types; the table of topics (topics.ts) names them again for the codec. */
import type * as t from './generated/types.ts'

/** What `consumer.commands` holds. */
export type ConsumerCommand =
  | t.RegisterConsumer
  | t.BeginRegistration
  | t.ConfirmRegistration
  | t.BeginSignIn
  | t.StartSession
  | t.RefreshSession
  | t.EndSession
  | t.EndSessions
  | t.ChangePassword
  | t.ResetPassword
  | t.RequestCode
  | t.ConfirmCode
  | t.RequestIdentityCheck
  | t.ChangeNoticePreferences
/** What `consumer.events` holds. */
export type ConsumerEvent =
  | t.RegistrationBegun
  | t.RegistrationRepeated
  | t.ConsumerRegistered
  | t.SignInAllowed
  | t.SignInLocked
  | t.SessionStarted
  | t.SessionRefreshed
  | t.SessionEnded
  | t.SessionsEnded
  | t.PasswordChanged
  | t.CodeIssued
  | t.ContactVerified
  | t.KycStatusChanged
  | t.NoticePreferencesChanged
  | t.ContactDoubted
  | t.ConsumerCommandRefused
/** What `merchant.commands` holds. */
export type MerchantCommand =
  | t.OnboardMerchant
  | t.ApplyMerchant
  | t.DecideApplication
  | t.ChangeMerchantStatus
  | t.ChangeMerchantTerms
  | t.ChangeRiskTier
  | t.RotateApiKey
  | t.IssueApiKey
  | t.RevokeApiKey
  | t.CreateCheckout
  | t.ClaimCheckout
/** What `merchant.events` holds. */
export type MerchantEvent =
  | t.MerchantOnboarded
  | t.MerchantApplied
  | t.ApplicationStatusChanged
  | t.MerchantStatusChanged
  | t.MerchantTermsChanged
  | t.MerchantTermsInForce
  | t.RiskTierChanged
  | t.ApiKeyRotated
  | t.ApiKeyIssued
  | t.ApiKeyRevoked
  | t.CheckoutCreated
  | t.CheckoutClaimed
  | t.CheckoutExpired
  | t.MerchantCommandRefused
/** What `purchase.commands` holds. */
export type PurchaseCommand =
  | t.RequestPurchase
  | t.CapturePurchase
  | t.ReleasePurchase
  | t.RefundPurchase
  | t.ExtendPurchase
  | t.OpenDispute
  | t.WithdrawDispute
  | t.AcceptDispute
  | t.SubmitDisputeEvidence
  | t.DecideDispute
/** What `purchase.events` holds. */
export type PurchaseEvent =
  | t.PurchaseRequested
  | t.PurchaseAuthorised
  | t.PurchaseRejected
  | t.PurchaseCaptured
  | t.PurchaseReleased
  | t.PurchaseExtended
  | t.PurchaseRefunded
  | t.PurchaseCompleted
  | t.DisputeOpened
  | t.DisputeEvidenceSubmitted
  | t.DisputeDecided
  | t.PurchaseCommandRefused
/** What `credit.events` holds. */
export type CreditEvent =
  | t.PurchaseApproved
  | t.PurchaseDeclined
  | t.LimitChanged
  | t.ExposureChanged
  | t.BureauReportsContradicted
/** What `plan.commands` holds. */
export type PlanCommand =
  | t.MoveInstalmentDate
  | t.PausePlan
  | t.StartHardship
  | t.UndoHardship
  | t.ReportFraud
  | t.UndoChargeOff
  | t.WriteOffPlan
  | t.WaiveLateFee
  | t.ReverseLateFee
  | t.UndoPayment

/** What `credit.commands` holds. */
export type CreditCommand = t.RequestReview | t.ClaimReview | t.DecideReview
/** What `credit.review-events` holds. */
export type CreditReviewEvent =
  | t.ReviewRequested
  | t.ReviewClaimed
  | t.ReviewDecided
  | t.ReviewOverdue
  | t.ReviewCommandRefused
/** What `credit.rule-commands` holds. */
export type CreditRuleCommand = t.PublishCreditPolicy | t.PublishScoreModel
/** What `credit.rule-events` holds. */
export type CreditRuleEvent = t.CreditPolicyPublished | t.ScoreModelPublished | t.CreditRulesRefused
/** What `credit.rules` holds: rules, and which merchants may sell. */
export type PublishedRule = t.CreditPolicyPublished | t.ScoreModelPublished | t.MerchantStatusChanged
/** What `plan.events` holds. */
export type PlanEvent =
  | t.PlanProposed
  | t.PlanAuthorised
  | t.PlanCancelled
  | t.PlanScheduled
  | t.InstalmentDue
  | t.InstalmentPaid
  | t.InstalmentOverdue
  | t.LateFeeCharged
  | t.RefundAllocated
  | t.PlanReleased
  | t.ReturnDue
  | t.PlanCompleted
  | t.InstalmentMoved
  | t.InstalmentDelinquent
  | t.PlanPaused
  | t.PlanReaged
  | t.PlanReworked
  | t.FraudReported
  | t.PlanChargedOff
  | t.PlanChargeOffUndone
  | t.PlanWrittenOff
  | t.LateFeeReversed
  | t.InterestCharged
  | t.PlanCommandRefused
/** What `payment.commands` holds. */
export type PaymentCommand = t.AddPaymentMethod | t.PayInstalment | t.PayPlans | t.ReportChargeBack | t.DecideChargeBack
/** What `payment.requests` holds. */
export type PaymentRequest = t.ChargeRequested | t.ReturnRequested
/** What `payment.results` holds. */
export type PaymentResult = t.ChargeSucceeded | t.ChargeFailed | t.ReturnSucceeded | t.ReturnFailed
/** What `payment.events` holds. */
export type PaymentEvent =
  | t.PaymentMethodAdded
  | t.PaymentSucceeded
  | t.PaymentAttemptFailed
  | t.PaymentRerouted
  | t.PaymentDelayed
  | t.PaymentFailed
  | t.PaymentReturned
  | t.PaymentReturnFailed
  | t.PaymentChargedBack
  | t.ChargeBackDecided
  | t.PaymentCommandRefused
/** What `settlement.events` holds. */
export type SettlementEvent =
  | t.SettlementLineAdded
  | t.SettlementClosed
  | t.PayoutPaid
  | t.PayoutFailed
  | t.PayoutHeld
  | t.SettlementCommandRefused
/** What `notification.events` holds. */
export type NotificationEvent =
  | t.NotificationSent
  | t.NotificationFailed
  | t.NotificationDropped
  | t.NotificationReturned
  | t.AddressUndeliverable
/** What `webhook.commands` holds. */
export type WebhookCommand =
  | t.RegisterWebhookEndpoint
  | t.RotateWebhookSecret
  | t.RemoveWebhookEndpoint
  | t.ReplayWebhook
/** What `webhook.events` holds. */
export type WebhookEvent =
  | t.WebhookEndpointRegistered
  | t.WebhookSecretRotated
  | t.WebhookEndpointRemoved
  | t.WebhookQueued
  | t.WebhookDelivered
  | t.WebhookAttemptFailed
  | t.WebhookDeadLettered
  | t.WebhookReplayed
  | t.WebhookCommandRefused
/** What `gateway.route-events` holds. */
export type GatewayRouteEvent = t.GatewayRoutesPublished | t.GatewayRoutesRefused
/** What `ledger.period-commands` holds. */
export type LedgerPeriodCommand = t.ClosePeriod | t.ReopenPeriod | t.SchedulePeriodClose
/** What `ledger.periods` holds: what every task that posts must know. */
export type LedgerPeriodNews = t.PeriodCloseBegun | t.PeriodReopened
/** What `ledger.period-events` holds. */
export type LedgerPeriodEvent =
  | LedgerPeriodNews
  | t.PeriodClosed
  | t.PeriodCloseDiffers
  | t.PeriodCloseScheduled
  | t.PeriodCommandRefused

import type { z } from '@hono/zod-openapi'
import type * as accounts from '#api/account-views.ts'
import type * as books from '#api/books-views.ts'
import type { ExplainedDecisionView } from '#api/decision-views.ts'
import type * as disputes from '#api/dispute-views.ts'
import type { GatewayRoutesView } from '#api/gateway-route-views.ts'
import type * as merchants from '#api/merchant-views.ts'
import type { MonthlyOffersView } from '#api/monthly-views.ts'
import type { NoticePreferencesView } from '#api/notice-preference-views.ts'
import type * as plans from '#api/plan-views.ts'
import type { CreditReviewView } from '#api/review-views.ts'
import type { StatementView } from '#api/statement-views.ts'
import type * as views from '#api/views.ts'
import type * as webhooks from '#api/webhook-views.ts'

export type {
  BooksStatus,
  ConnectorStatus,
  DeadLetterView,
  InstanceView,
  ParkedKeyView,
  PlatformStatus,
  RestoreStatus,
  SinkStatus,
  StandbyStatus,
  TopologyDrawing,
  TopologyStatus,
} from '#api/operations.ts'

export type { PlatformTotals } from '#api/reads.ts'

/** What the API answers with, by the types it makes its answers from. */
export type Session = z.infer<typeof accounts.SessionView>
/** The next tokens of a session. */
export type RefreshedSession = z.infer<typeof accounts.RefreshedView>
/** A session in the list of them. */
export type OpenSession = z.infer<typeof accounts.OpenSessionView>
/** A one-time code that is on its way. */
export type Verification = z.infer<typeof accounts.VerificationView>
/** An account that was asked for. */
export type RegistrationAsked = z.infer<typeof accounts.RegistrationView>
/** A new password that was asked for. */
export type PasswordReset = z.infer<typeof accounts.PasswordResetView>
/** Which notices come by which channel. */
export type NoticePreferences = z.infer<typeof NoticePreferencesView>
/** A month of a consumer, in figures. */
export type Statement = z.infer<typeof StatementView>
/** A consumer with what they may spend. */
export type Consumer = z.infer<typeof views.ConsumerView>
/** An identity check and where it stands. */
export type IdentityCheck = z.infer<typeof views.IdentityCheckView>
/** A merchant and its terms. */
export type Merchant = z.infer<typeof views.MerchantView>
/** A new API key: the only time it is shown. */
export type ApiKey = z.infer<typeof views.ApiKeyView>
/** A basket offered for payment. */
export type Checkout = z.infer<typeof views.CheckoutView>
/** A monthly plan of a checkout, with its schedule and what it costs. */
export type MonthlyOffer = MonthlyOffers['items'][number]
/** All monthly plans of a checkout. */
export type MonthlyOffers = z.infer<typeof MonthlyOffersView>
/** How a confirmed checkout ended. */
export type Confirmation = z.infer<typeof views.ConfirmationView>
/** A kept card. */
export type PaymentMethod = z.infer<typeof views.PaymentMethodView>
/** A payment made by hand. */
export type Payment = z.infer<typeof plans.PaymentView>
/** A month of the ledger. */
export type LedgerPeriod = z.infer<typeof books.LedgerPeriodView>
/** The months of the ledger. */
export type LedgerPeriods = z.infer<typeof books.LedgerPeriodsView>
/** Which charges go to which payment gateway. */
export type GatewayRoutes = z.infer<typeof GatewayRoutesView>
/** A payment of a plan in a list. */
export type PaymentRow = z.infer<typeof plans.PaymentRowView>
/** A purchase and what became of it. */
export type Purchase = z.infer<typeof views.PurchaseView>
/** A refund that was made. */
export type Refund = z.infer<typeof views.RefundView>
/** One instalment of a plan. */
export type Instalment = z.infer<typeof plans.InstalmentView>
/** A plan with its schedule. */
export type Plan = z.infer<typeof plans.PlanView>
/** What a merchant was paid for a day. */
export type Settlement = z.infer<typeof views.SettlementView>
/** A dispute of a purchase. */
export type Dispute = z.infer<typeof disputes.DisputeView>
/** A merchant that applies, and where that stands. */
export type MerchantApplication = z.infer<typeof merchants.ApplicationView>
/** A version of a merchant's terms. */
export type TermsVersion = z.infer<typeof merchants.TermsVersionView>
/** Something a merchant is told. */
export type WebhookDelivery = z.infer<typeof webhooks.WebhookDeliveryView>
/** One line of a settlement. */
export type SettlementLine = z.infer<typeof views.SettlementLineView>
/** A decision with all that it was made from. */
export type ExplainedDecision = z.infer<typeof ExplainedDecisionView>
/** A decision as operations see it. */
export type DecisionRow = z.infer<typeof views.DecisionRowView>
/** A merchant's numbers of one day. */
export type MerchantDay = z.infer<typeof views.MerchantDayView>
/** RFC 9457 problem details. */
export type ProblemDetails = z.infer<typeof views.ProblemView>
/** A page of any list. */
export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }
/** Business time. */
export type Clock = { readonly date: string; readonly time: string }
/** The answer of `/healthz`. */
export type Health = {
  readonly status: 'ok' | 'degraded' | 'failed'
  readonly version: string
  readonly parts: readonly { readonly name: string; readonly status: string; readonly detail?: string | null }[]
}
/** A review of a refusal by a person. */
export type CreditReview = z.infer<typeof CreditReviewView>

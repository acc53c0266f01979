import type { z } from '@hono/zod-openapi'
import type { LedgerPeriodView, TrialBalanceView } from './books-views.ts'
import type { CreditPolicyFileView, CreditPolicyView, ScoreModelFileView, ScoreModelView } from './credit-rule-views.ts'
import type { ExplainedDecisionView } from './decision-views.ts'
import type { DisputeView } from './dispute-views.ts'
import type { GatewayRoutesView } from './gateway-route-views.ts'
import type { LimitChangeView } from './limit-views.ts'
import type { ApplicationView, TermsVersionView } from './merchant-views.ts'
import type { NoticeView } from './notice-views.ts'
import type { LateFeeView, PaymentRowView, PlanView } from './plan-views.ts'
import type { CreditReviewView } from './review-views.ts'
import type { StatementDocumentView, StatementView } from './statement-views.ts'
import type {
  DecisionRowView,
  MerchantDayView,
  MerchantView,
  PurchaseView,
  SettlementLineView,
  SettlementView,
} from './views.ts'
import type { WebhookDeliveryView, WebhookEndpointView } from './webhook-views.ts'

/** Which page of a list: `cursor` is what `nextCursor` of the page before said. */
export type PageRequest = { readonly limit: number; readonly cursor: string | null }

/** Rows of a list; `nextCursor` is null on the last page. */
export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }

/** Whose purchases: exactly one of the two. */
export type PurchaseFilter = {
  readonly consumerId?: string
  readonly merchantId?: string
  readonly merchantReference?: string
}

type Purchase = z.infer<typeof PurchaseView>
/** A plan as it stands in the read model: what pays it off depends on the day. */
export type StoredPlan = Omit<z.infer<typeof PlanView>, 'payoffMinor'>

/** The queries of the API over the read model: what the PostgreSQL sink has applied, newest first. */
export interface ReadModel {
  purchases(filter: PurchaseFilter, page: PageRequest): Promise<Page<Purchase>>
  purchase(purchaseId: string): Promise<Purchase | null>
  plans(consumerId: string, page: PageRequest): Promise<Page<StoredPlan>>
  plan(planId: string): Promise<StoredPlan | null>
  payments(planId: string): Promise<readonly z.infer<typeof PaymentRowView>[]>
  lateFees(planId: string): Promise<readonly z.infer<typeof LateFeeView>[]>
  /** Null where it is not this merchant's. */
  settlement(merchantId: string, settlementId: string): Promise<z.infer<typeof SettlementView> | null>
  settlements(merchantId: string, page: PageRequest): Promise<Page<z.infer<typeof SettlementView>>>
  /** Null where the settlement is not this merchant's. */
  settlementLines(
    merchantId: string,
    settlementId: string,
  ): Promise<readonly z.infer<typeof SettlementLineView>[] | null>
  /** Whose disputes; all where nobody is named. */
  disputes(
    filter: { readonly consumerId?: string; readonly merchantId?: string; readonly purchaseId?: string },
    page: PageRequest,
  ): Promise<Page<z.infer<typeof DisputeView>>>
  notifications(consumerId: string, page: PageRequest): Promise<Page<z.infer<typeof NoticeView>>>
  statements(consumerId: string, page: PageRequest): Promise<Page<z.infer<typeof StatementView>>>
  /** Null where it is not theirs. */
  statement(consumerId: string, statementId: string): Promise<z.infer<typeof StatementDocumentView> | null>
  decisions(page: PageRequest): Promise<Page<z.infer<typeof DecisionRowView>>>
  decision(decisionId: string): Promise<z.infer<typeof ExplainedDecisionView> | null>
  creditPolicies(page: PageRequest): Promise<Page<z.infer<typeof CreditPolicyView>>>
  creditPolicy(version: string): Promise<z.infer<typeof CreditPolicyFileView> | null>
  scoreModels(page: PageRequest): Promise<Page<z.infer<typeof ScoreModelView>>>
  scoreModel(version: string): Promise<z.infer<typeof ScoreModelFileView> | null>
  /** How a consumer's limit moved. */
  /** The routes of charges published last; null where none were. */
  gatewayRoutes(): Promise<Omit<z.infer<typeof GatewayRoutesView>, 'gateways'> | null>
  limitChanges(consumerId: string, page: PageRequest): Promise<Page<z.infer<typeof LimitChangeView>>>
  /** Reviews of refusals, of one consumer or in one status where that is said. */
  creditReviews(
    filter: { readonly consumerId?: string; readonly status?: string },
    page: PageRequest,
  ): Promise<Page<z.infer<typeof CreditReviewView>>>
  creditReview(reviewId: string): Promise<z.infer<typeof CreditReviewView> | null>
  merchants(page: PageRequest): Promise<Page<z.infer<typeof MerchantView>>>
  merchantApplications(page: PageRequest): Promise<Page<z.infer<typeof ApplicationView>>>
  /** All versions, the newest first. */
  merchantTerms(merchantId: string): Promise<readonly z.infer<typeof TermsVersionView>[]>
  /** Who owns an id: the merchant of a checkout, the consumer of a purchase. */
  merchantOfCheckout(checkoutId: string): Promise<string | null>
  consumerOfPurchase(purchaseId: string): Promise<string | null>
  webhookEndpoints(merchantId: string): Promise<readonly z.infer<typeof WebhookEndpointView>[]>
  /** Of one status where it is named. */
  webhookDeliveries(
    of: { readonly merchantId: string; readonly status: string | null },
    page: PageRequest,
  ): Promise<Page<z.infer<typeof WebhookDeliveryView>>>
  /** Null where it is not this merchant's. */
  webhookDelivery(merchantId: string, deliveryId: string): Promise<z.infer<typeof WebhookDeliveryView> | null>
  /** At the end of a business date; now where it is null. */
  /** The months of the ledger that were ever closed, the newest first. */
  ledgerPeriods(): Promise<readonly z.infer<typeof LedgerPeriodView>[]>
  /** The day on which months are closed by themselves; null where they are not. */
  ledgerCloseDay(): Promise<number | null>
  trialBalance(through: string | null): Promise<readonly z.infer<typeof TrialBalanceView>[]>
  /** Of the accounts whose name begins so. */
  accountBalances(prefix: string): Promise<readonly z.infer<typeof TrialBalanceView>[]>
  totals(): Promise<PlatformTotals>
}

/** Sums over everything, for the operations page and the end of a run. */
export type PlatformTotals = {
  readonly purchases: number
  readonly approved: number
  readonly declinedByReason: Readonly<Record<string, number>>
  readonly volumeMinor: number
  readonly openPlans: number
  readonly instalmentsPaid: number
  readonly instalmentsPaidLate: number
  readonly paymentsFailed: number
  readonly feesMinor: number
  readonly interestMinor: number
  readonly refunds: number
  readonly refundedMinor: number
  readonly payouts: number
  readonly paidOutMinor: number
}

/** The merchant's numbers by day, from the analytics store. */
export interface MerchantAnalytics {
  /** Null where no analytics store runs: `detail` of its status says why. */
  days(merchantId: string, from: string, to: string): Promise<readonly z.infer<typeof MerchantDayView>[] | null>
}

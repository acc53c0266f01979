import type { Database } from '../database.ts'
import { type TrialBalanceRow, trialBalance } from './books.ts'
import { type ConsumerRow, type CreditAccountRow, consumerById, creditAccountOf, listConsumers } from './consumers.ts'
import { type CreditReviewRow, creditReviewById, listCreditReviews, type ReviewFilter } from './credit-reviews.ts'
import {
  type CreditPolicyRow,
  creditPolicyOf,
  listCreditPolicies,
  listScoreModels,
  type ScoreModelRow,
  scoreModelOf,
} from './credit-rules.ts'
import { type DecisionRow, decisionById, type ExplainedDecision, listDecisions } from './decisions.ts'
import { type DisputeFilter, type DisputeRow, listDisputes } from './disputes.ts'
import { type GatewayRoutesRow, gatewayRoutesNow } from './gateway-routes.ts'
import { type LateFeeRow, lateFeesOfPlan } from './late-fees.ts'
import { type AccountBalanceRow, balancesOf } from './ledger.ts'
import { type LedgerPeriodRow, ledgerCloseDay, listLedgerPeriods } from './ledger-periods.ts'
import { type LimitChangeRow, listLimitChanges } from './limit-changes.ts'
import {
  listApplications,
  listMerchants,
  type MerchantApplicationRow,
  type MerchantRow,
  type MerchantTermsRow,
  merchantOfCheckout,
  termsOfMerchant,
} from './merchants.ts'
import { listNotifications, type NotificationRow } from './notifications.ts'
import type { Page, PageRequest } from './page.ts'
import { listPlans, type PaymentRow, type PlanRow, paymentsOfPlan, planById } from './plans.ts'
import { consumerOfPurchase, listPurchases, type PurchaseFilter, type PurchaseRow, purchaseById } from './purchases.ts'
import {
  linesOfSettlement,
  listSettlements,
  type SettlementLineRow,
  type SettlementRow,
  settlementById,
} from './settlements.ts'
import { listStatements, type StatementDocumentRow, type StatementRow, statementOf } from './statements.ts'
import { type PlatformTotals, platformTotals } from './totals.ts'
import {
  listWebhookDeliveries,
  type WebhookDeliveryRow,
  type WebhookEndpointRow,
  webhookDelivery,
  webhookEndpointsOf,
} from './webhooks.ts'

/** The queries over what the sink has applied; lists are newest first. */
export type PostgresReadModel = {
  purchases(filter: PurchaseFilter, page: PageRequest): Promise<Page<PurchaseRow>>
  purchase(purchaseId: string): Promise<PurchaseRow | null>
  plans(consumerId: string, page: PageRequest): Promise<Page<PlanRow>>
  plan(planId: string): Promise<PlanRow | null>
  payments(planId: string): Promise<readonly PaymentRow[]>
  lateFees(planId: string): Promise<readonly LateFeeRow[]>
  settlement(merchantId: string, settlementId: string): Promise<SettlementRow | null>
  settlements(merchantId: string, page: PageRequest): Promise<Page<SettlementRow>>
  settlementLines(merchantId: string, settlementId: string): Promise<readonly SettlementLineRow[] | null>
  disputes(filter: DisputeFilter, page: PageRequest): Promise<Page<DisputeRow>>
  decisions(page: PageRequest): Promise<Page<DecisionRow>>
  decision(decisionId: string): Promise<ExplainedDecision | null>
  creditPolicies(page: PageRequest): Promise<Page<CreditPolicyRow>>
  creditPolicy(version: string): Promise<(CreditPolicyRow & { file: Record<string, unknown> }) | null>
  scoreModels(page: PageRequest): Promise<Page<ScoreModelRow>>
  scoreModel(version: string): Promise<(ScoreModelRow & { file: Record<string, unknown> }) | null>
  gatewayRoutes(): Promise<GatewayRoutesRow | null>
  limitChanges(consumerId: string, page: PageRequest): Promise<Page<LimitChangeRow>>
  creditReviews(filter: ReviewFilter, page: PageRequest): Promise<Page<CreditReviewRow>>
  creditReview(reviewId: string): Promise<CreditReviewRow | null>
  merchants(page: PageRequest): Promise<Page<MerchantRow>>
  merchantApplications(page: PageRequest): Promise<Page<MerchantApplicationRow>>
  merchantTerms(merchantId: string): Promise<readonly MerchantTermsRow[]>
  merchantOfCheckout(checkoutId: string): Promise<string | null>
  consumerOfPurchase(purchaseId: string): Promise<string | null>
  consumers(page: PageRequest): Promise<Page<ConsumerRow>>
  consumer(consumerId: string): Promise<ConsumerRow | null>
  creditAccount(consumerId: string): Promise<CreditAccountRow | null>
  notifications(consumerId: string, page: PageRequest): Promise<Page<NotificationRow>>
  statements(consumerId: string, page: PageRequest): Promise<Page<StatementRow>>
  /** Null where it is not theirs. */
  statement(consumerId: string, statementId: string): Promise<StatementDocumentRow | null>
  webhookEndpoints(merchantId: string): Promise<readonly WebhookEndpointRow[]>
  webhookDeliveries(
    of: { readonly merchantId: string; readonly status: string | null },
    page: PageRequest,
  ): Promise<Page<WebhookDeliveryRow>>
  webhookDelivery(merchantId: string, deliveryId: string): Promise<WebhookDeliveryRow | null>
  ledgerPeriods(): Promise<readonly LedgerPeriodRow[]>
  ledgerCloseDay(): Promise<number | null>
  trialBalance(through: string | null): Promise<readonly TrialBalanceRow[]>
  accountBalances(prefix: string): Promise<readonly AccountBalanceRow[]>
  totals(): Promise<PlatformTotals>
}

/** The read model of a database that a sink writes. */
export function readModel(database: Database): PostgresReadModel {
  return {
    purchases: (filter, page) => listPurchases(database, filter, page),
    purchase: (purchaseId) => purchaseById(database, purchaseId),
    plans: (consumerId, page) => listPlans(database, consumerId, page),
    plan: (planId) => planById(database, planId),
    payments: (planId) => paymentsOfPlan(database, planId),
    lateFees: (planId) => lateFeesOfPlan(database, planId),
    settlement: (merchantId, settlementId) => settlementById(database, merchantId, settlementId),
    settlements: (merchantId, page) => listSettlements(database, merchantId, page),
    settlementLines: (merchantId, settlementId) => linesOfSettlement(database, merchantId, settlementId),
    disputes: (filter, page) => listDisputes(database, filter, page),
    decisions: (page) => listDecisions(database, {}, page),
    decision: (decisionId) => decisionById(database, decisionId),
    creditPolicies: (page) => listCreditPolicies(database, page),
    creditPolicy: (version) => creditPolicyOf(database, version),
    scoreModels: (page) => listScoreModels(database, page),
    scoreModel: (version) => scoreModelOf(database, version),
    gatewayRoutes: () => gatewayRoutesNow(database),
    limitChanges: (consumerId, page) => listLimitChanges(database, consumerId, page),
    creditReviews: (filter, page) => listCreditReviews(database, filter, page),
    creditReview: (reviewId) => creditReviewById(database, reviewId),
    merchants: (page) => listMerchants(database, page),
    merchantApplications: (page) => listApplications(database, page),
    merchantTerms: (merchantId) => termsOfMerchant(database, merchantId),
    merchantOfCheckout: (checkoutId) => merchantOfCheckout(database, checkoutId),
    consumerOfPurchase: (purchaseId) => consumerOfPurchase(database, purchaseId),
    consumers: (page) => listConsumers(database, page),
    consumer: (consumerId) => consumerById(database, consumerId),
    creditAccount: (consumerId) => creditAccountOf(database, consumerId),
    notifications: (consumerId, page) => listNotifications(database, consumerId, page),
    statements: (consumerId, page) => listStatements(database, consumerId, page),
    statement: (consumerId, statementId) => statementOf(database, consumerId, statementId),
    webhookEndpoints: (merchantId) => webhookEndpointsOf(database, merchantId),
    webhookDeliveries: (of, page) => listWebhookDeliveries(database, of, page),
    webhookDelivery: (merchantId, deliveryId) => webhookDelivery(database, merchantId, deliveryId),
    ledgerPeriods: () => listLedgerPeriods(database),
    ledgerCloseDay: () => ledgerCloseDay(database),
    trialBalance: (through) => trialBalance(database, through),
    accountBalances: (prefix) => balancesOf(database, prefix),
    totals: () => platformTotals(database),
  }
}

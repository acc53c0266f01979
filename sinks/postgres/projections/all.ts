import type { Projection } from '../projection.ts'
import { accountBalances } from './account-balances.ts'
import { auditEntries } from './audit-entries.ts'
import { captures } from './captures.ts'
import { chargeBacks } from './charge-backs.ts'
import { checkouts } from './checkouts.ts'
import { consumers } from './consumers.ts'
import { creditAccounts } from './credit-accounts.ts'
import { creditReviews } from './credit-reviews.ts'
import { creditPolicies, scoreModels } from './credit-rules.ts'
import { decisions } from './decisions.ts'
import { disputes } from './disputes.ts'
import { gatewayRoutes } from './gateway-routes.ts'
import { instalments } from './instalments.ts'
import { lateFees } from './late-fees.ts'
import { ledgerEntries } from './ledger-entries.ts'
import { ledgerPeriods, ledgerSchedules } from './ledger-periods.ts'
import { ledgerPostings } from './ledger-postings.ts'
import { limitChanges } from './limit-changes.ts'
import { merchantApplications } from './merchant-applications.ts'
import { merchantTerms } from './merchant-terms.ts'
import { merchants } from './merchants.ts'
import { notifications } from './notifications.ts'
import { paymentAttempts } from './payment-attempts.ts'
import { paymentMethods } from './payment-methods.ts'
import { paymentReturns } from './payment-returns.ts'
import { payments } from './payments.ts'
import { payouts } from './payouts.ts'
import { plans } from './plans.ts'
import { purchases } from './purchases.ts'
import { refunds } from './refunds.ts'
import { releases } from './releases.ts'
import { settlementLines } from './settlement-lines.ts'
import { settlements } from './settlements.ts'
import { statements } from './statements.ts'
import { webhookDeliveries } from './webhook-deliveries.ts'
import { webhookEndpoints } from './webhook-endpoints.ts'

/** Every table of the read model. */
export const projections: readonly Projection[] = [
  accountBalances,
  auditEntries,
  captures,
  chargeBacks,
  checkouts,
  consumers,
  creditAccounts,
  creditPolicies,
  creditReviews,
  decisions,
  disputes,
  gatewayRoutes,
  instalments,
  lateFees,
  ledgerEntries,
  ledgerPeriods,
  ledgerPostings,
  ledgerSchedules,
  limitChanges,
  merchantApplications,
  merchantTerms,
  merchants,
  notifications,
  paymentAttempts,
  paymentMethods,
  paymentReturns,
  payments,
  payouts,
  plans,
  purchases,
  refunds,
  releases,
  scoreModels,
  settlementLines,
  settlements,
  statements,
  webhookDeliveries,
  webhookEndpoints,
]

import type { PurchaseApproved, PurchaseDeclined } from '#schemas'
import { type Columns, type Projection, put, timestamp } from '../projection.ts'

export const decisions: Projection = {
  table: 'decisions',
  key: ['decision_id'],
  rules: {
    PurchaseApproved: (event) =>
      put({
        ...asked(event),
        approved: true,
        exposure_before_minor: event.exposureBeforeMinor,
        available_minor: Math.max(0, event.limitMinor - event.exposureAfterMinor),
        reasons: [],
        counter_offer_minor: null,
        counter_first_payment_minor: null,
      }),
    PurchaseDeclined: (event) =>
      put({
        ...asked(event),
        approved: false,
        exposure_before_minor: event.exposureMinor,
        available_minor: event.availableMinor,
        reasons: event.reasons,
        counter_offer_minor: event.counterOfferMinor,
        counter_first_payment_minor: event.counterFirstPaymentMinor,
      }),
  },
}

function asked(event: PurchaseApproved | PurchaseDeclined): Columns {
  return {
    decision_id: event.decisionId,
    purchase_id: event.purchaseId,
    checkout_id: event.checkoutId,
    consumer_id: event.consumerId,
    merchant_id: event.merchantId,
    merchant_name: event.merchantName,
    product: event.product,
    monthly: event.monthly,
    amount_minor: event.amountMinor,
    currency: event.currency,
    limit_minor: event.limitMinor,
    score: event.score,
    policy_version: event.policyVersion,
    model_version: event.modelVersion,
    features: event.features,
    rules_hit: event.rulesHit,
    score_base: event.scoreBase,
    factors: event.factors,
    variant: event.variant,
    shadow: event.shadow,
    reports: event.reports.map((one) => ({ ...one, reportedAt: timestamp(one.reportedAt) })),
    contradiction: event.contradiction,
    decided_on: event.meta.businessDate,
    decided_at: timestamp(event.meta.occurredAt),
  }
}

import { type Projection, patch, put, timestamp } from '../projection.ts'

export const merchants: Projection = {
  table: 'merchants',
  key: ['merchant_id'],
  rules: {
    MerchantOnboarded: (event) =>
      put({
        merchant_id: event.merchantId,
        name: event.name,
        legal_name: event.legalName,
        country: event.country,
        currency: event.currency,
        time_zone: event.timeZone,
        category_code: event.categoryCode,
        fee_bps: event.terms.feeBps,
        fee_fixed_minor: event.terms.feeFixedMinor,
        settlement_days: event.terms.settlementDays,
        refund_policy: event.terms.refundPolicy,
        authorisation_days: event.terms.authorisationDays,
        ticket_min_minor: event.ticketMinMinor,
        ticket_max_minor: event.ticketMaxMinor,
        payout_account: event.payoutAccount,
        status: 'ACTIVE',
        onboarded_at: timestamp(event.meta.occurredAt),
      }),
    MerchantStatusChanged: (event) =>
      patch({ merchant_id: event.merchantId, status: event.status, status_reason: event.reason }),
  },
}

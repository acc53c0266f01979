import { type Projection, patch, put, timestamp } from '../projection.ts'
import { termsColumns } from './merchant-terms.ts'

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
        ...termsColumns(event),
        tier: event.tier,
        payout_account: event.payoutAccount,
        status: 'ACTIVE',
        onboarded_at: timestamp(event.meta.occurredAt),
      }),
    MerchantTermsInForce: (event) =>
      patch({ merchant_id: event.merchantId, terms_version: event.version, ...termsColumns(event) }),
    RiskTierChanged: ({ merchantId, tier }) => patch({ merchant_id: merchantId, tier }),
    MerchantStatusChanged: (event) =>
      patch({ merchant_id: event.merchantId, status: event.status, status_reason: event.reason }),
  },
}

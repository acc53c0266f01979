import { type Projection, patch, put, timestamp } from '../projection.ts'

export const merchantApplications: Projection = {
  table: 'merchant_applications',
  key: ['merchant_id'],
  rules: {
    MerchantApplied: (event) =>
      put({
        merchant_id: event.merchantId,
        name: event.name,
        legal_name: event.legalName,
        registration_number: event.registrationNumber,
        country: event.country,
        currency: event.currency,
        category_code: event.categoryCode,
        status: 'APPLIED',
        applied_at: timestamp(event.meta.occurredAt),
      }),
    ApplicationStatusChanged: ({ merchantId, status, tier, reasons }) =>
      patch({ merchant_id: merchantId, status, tier, reasons }),
    RiskTierChanged: ({ merchantId, tier }) => patch({ merchant_id: merchantId, tier }),
  },
}

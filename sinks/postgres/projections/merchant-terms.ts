import type { MerchantOnboarded, MerchantTermsChanged, MerchantTermsInForce } from '#schemas'
import { type Projection, put, timestamp } from '../projection.ts'

/** The columns of terms, as they stand in two tables. */
export function termsColumns(event: MerchantOnboarded | MerchantTermsChanged | MerchantTermsInForce) {
  const { terms, ticketMinMinor, ticketMaxMinor } = event
  return {
    fee_bps: terms.feeBps,
    fee_fixed_minor: terms.feeFixedMinor,
    settlement_days: terms.settlementDays,
    refund_policy: terms.refundPolicy,
    authorisation_days: terms.authorisationDays,
    monthly: terms.monthly,
    ticket_min_minor: ticketMinMinor,
    ticket_max_minor: ticketMaxMinor,
  }
}

export const merchantTerms: Projection = {
  table: 'merchant_terms',
  key: ['merchant_id', 'version'],
  rules: {
    MerchantOnboarded: (event) =>
      put({
        ...{ merchant_id: event.merchantId, version: 1, effective_from: timestamp(event.meta.occurredAt) },
        ...termsColumns(event),
      }),
    MerchantTermsChanged: (event) =>
      put({
        merchant_id: event.merchantId,
        version: event.version,
        effective_from: timestamp(event.effectiveFrom),
        ...termsColumns(event),
      }),
  },
}

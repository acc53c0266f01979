import { type Projection, put, timestamp } from '../projection.ts'

export const settlements: Projection = {
  table: 'settlements',
  key: ['settlement_id'],
  rules: {
    SettlementClosed: (event) =>
      put({
        settlement_id: event.settlementId,
        merchant_id: event.merchantId,
        settled_on: event.settledOn,
        currency: event.currency,
        sales_minor: event.salesMinor,
        returns_minor: event.returnsMinor,
        fees_minor: event.feesMinor,
        tax_minor: event.taxMinor,
        holdback_minor: event.holdbackMinor,
        release_minor: event.releaseMinor,
        corrections_minor: event.correctionsMinor,
        debt_repaid_minor: event.debtRepaidMinor,
        payout_minor: event.payoutMinor,
        carried_minor: event.carriedMinor,
        payable_minor: event.payableMinor,
        line_count: event.lineCount,
        payout_account: event.payoutAccount,
        closed_at: timestamp(event.meta.occurredAt),
      }),
  },
}

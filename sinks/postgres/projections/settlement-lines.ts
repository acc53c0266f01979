import { type Projection, put, timestamp } from '../projection.ts'

export const settlementLines: Projection = {
  table: 'settlement_lines',
  key: ['line_id'],
  rules: {
    SettlementLineAdded: (event) =>
      put({
        line_id: event.lineId,
        merchant_id: event.merchantId,
        settlement_id: event.settlementId,
        settle_on: event.settleOn,
        kind: event.kind,
        amount_minor: event.amountMinor,
        currency: event.currency,
        purchase_id: event.purchaseId,
        capture_id: event.captureId,
        refund_id: event.refundId,
        dispute_id: event.disputeId,
        note: event.note,
        added_at: timestamp(event.meta.occurredAt),
      }),
  },
}

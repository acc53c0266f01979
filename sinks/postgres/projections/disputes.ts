import { type Projection, patch, put, timestamp } from '../projection.ts'

export const disputes: Projection = {
  table: 'disputes',
  key: ['dispute_id'],
  rules: {
    DisputeOpened: (event) =>
      put({
        dispute_id: event.disputeId,
        purchase_id: event.purchaseId,
        plan_id: event.planId,
        consumer_id: event.consumerId,
        merchant_id: event.merchantId,
        origin: event.origin,
        reason: event.reason,
        note: event.note,
        amount_minor: event.amountMinor,
        currency: event.currency,
        status: 'OPEN',
        evidence_due_at: timestamp(event.evidenceDueAt),
        charge_back_id: event.chargeBackId,
        opened_at: timestamp(event.meta.occurredAt),
      }),
    DisputeEvidenceSubmitted: (event) =>
      patch({ dispute_id: event.disputeId, status: 'UNDER_REVIEW', evidence: event.evidence }),
    DisputeDecided: (event) =>
      patch({
        dispute_id: event.disputeId,
        status: event.outcome,
        cause: event.cause,
        decided_at: timestamp(event.meta.occurredAt),
      }),
  },
}

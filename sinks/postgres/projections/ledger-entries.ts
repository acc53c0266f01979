import { type Projection, put, timestamp } from '../projection.ts'

export const ledgerEntries: Projection = {
  table: 'ledger_entries',
  key: ['entry_id'],
  rules: {
    LedgerEntryPosted: (event) =>
      put({
        entry_id: event.entryId,
        kind: event.kind,
        currency: event.currency,
        event_id: event.meta.causationId ?? event.meta.id,
        purchase_id: event.purchaseId,
        plan_id: event.planId,
        merchant_id: event.merchantId,
        consumer_id: event.consumerId,
        business_date: event.meta.businessDate,
        booked_on: event.bookedOn ?? event.meta.businessDate,
        posted_at: timestamp(event.meta.occurredAt),
      }),
  },
}

import type { Projection } from '../projection.ts'

export const ledgerPostings: Projection = {
  table: 'ledger_postings',
  key: ['entry_id', 'no'],
  rules: {
    LedgerEntryPosted: ({ entryId, currency, postings }) =>
      postings.map(({ account, amountMinor }, index) => ({
        kind: 'put',
        columns: { entry_id: entryId, no: index + 1, account, amount_minor: amountMinor, currency },
      })),
  },
}

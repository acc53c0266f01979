import { type Projection, put, timestamp } from '../projection.ts'

export const accountBalances: Projection = {
  table: 'account_balances',
  key: ['account', 'currency'],
  rules: {
    AccountBalanceChanged: (event) =>
      put({
        account: event.account,
        currency: event.currency,
        balance_minor: event.balanceMinor,
        debits_minor: event.debitsMinor,
        credits_minor: event.creditsMinor,
        postings: event.postings,
        updated_at: timestamp(event.meta.occurredAt),
      }),
  },
}

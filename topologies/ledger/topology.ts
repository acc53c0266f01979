import type { AccountState, LedgerPosting, Schemas } from '#schemas'
import { StreamsBuilder, type Topology } from '#streams'
import { ledgerAccount, postingsOf } from './account.ts'
import { entriesOf, type LedgerInput } from './entries.ts'

/**
 * Keeps the books: every money event becomes a balanced entry, and its postings, brought together by account, move the
 * balances. Exactly once by the runtime's transactions, so that nothing is looked up to find repeats.
 */
export function ledgerTopology({ topics, codec, state }: Schemas): Topology {
  const builder = new StreamsBuilder('ledger', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const store = builder.store('account-balances', { value: state<AccountState>('AccountState') })

  const entries = builder
    .stream('purchase-events', topics.purchaseEvents)
    .merge<LedgerInput>(
      'money-events',
      builder.stream('plan-events', topics.planEvents),
      builder.stream('payment-events', topics.paymentEvents),
      builder.stream('settlement-events', topics.settlementEvents),
    )
    .flatMapValues('post', (event) => entriesOf(event))

  entries.to('ledger-entries', topics.ledgerEntries)
  entries
    .flatMapValues('postings', postingsOf)
    .selectKey('account-of', (posting) => posting.account)
    .repartition('by-account', { value: codec.union<LedgerPosting>(['LedgerPosting']) })
    .decide('balance', { store, decider: ledgerAccount })
    .to('ledger-balances', topics.ledgerBalances)
  return builder.build()
}

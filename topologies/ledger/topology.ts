import type {
  AccountState,
  CommandAnswer,
  LedgerEntryPosted,
  LedgerPeriodEvent,
  LedgerPeriodNews,
  LedgerPeriods,
  LedgerPosting,
  PeriodShare,
  PeriodSums,
  PeriodsHeard,
  Schemas,
} from '#schemas'
import { commandAnswers } from '#schemas/command-answers.ts'
import { type KStream, StreamsBuilder, type Topology } from '#streams'
import { ledgerAccount, postingsOf } from './account.ts'
import type { LedgerInput } from './entries.ts'
import { isPeriodEvent, type PeriodFact, type PeriodInput, periodBook } from './periods.ts'
import { type Posted, post } from './post.ts'

/**
 * Keeps the books: every money event becomes a balanced entry, and its postings, brought together by account, move the
 * balances. Exactly once by the runtime's transactions, so that nothing is looked up to find repeats. To close a month,
 * `periods` says so to every task that posts, and adds up what they have booked.
 */
export function ledgerTopology(schemas: Schemas): Topology {
  const { topics, codec, state } = schemas
  const builder = new StreamsBuilder('ledger', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const store = builder.store('account-balances', { value: state<AccountState>('AccountState') })
  const posting = {
    heard: builder.store('periods-heard', { value: state<PeriodsHeard>('PeriodsHeard') }),
    sums: builder.store('period-sums', { value: state<PeriodSums>('PeriodSums') }),
  }

  const posted = builder
    .stream('purchase-events', topics.purchaseEvents)
    .merge<LedgerInput | LedgerPeriodNews>(
      'money-events',
      builder.stream('plan-events', topics.planEvents),
      builder.stream('payment-events', topics.paymentEvents),
      builder.stream('settlement-events', topics.settlementEvents),
      builder.stream('period-news', topics.ledgerPeriods),
    )
    .processValues<Posted>('post', { stores: Object.values(posting), processor: () => post(posting) })
    .branch('posted', { entries: isEntry, shares: isShare })

  posted.entries.to('ledger-entries', topics.ledgerEntries)
  posted.entries
    .flatMapValues('postings', postingsOf)
    .selectKey('account-of', (one) => one.account)
    .repartition('by-account', { value: codec.union<LedgerPosting>(['LedgerPosting']) })
    .decide('balance', { store, decider: ledgerAccount })
    .to('ledger-balances', topics.ledgerBalances)

  const shares = posted.shares.repartition('period-shares', { value: codec.union<PeriodShare>(['PeriodShare']) })
  keepPeriods(builder, schemas, shares)
  return builder.build()
}

/** The one place that closes periods. */
function keepPeriods(builder: StreamsBuilder, { topics, state }: Schemas, shares: KStream<string, PeriodShare>): void {
  const store = builder.store('period-book', { value: state<LedgerPeriods>('LedgerPeriods') })
  const answers = builder.store('period-answers', { value: state<CommandAnswer>('CommandAnswer') })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const events = builder
    .stream('period-commands', topics.ledgerPeriodCommands)
    .merge<PeriodInput>('with-shares', shares)
    .decide('keep-periods', {
      store,
      decider: periodBook(topics.ledgerPeriods.partitions),
      clock,
      dueStore: 'periods-due',
      answers: {
        ...commandAnswers({
          store: answers,
          commandOf: (input: PeriodInput) => (isCommand(input) ? input : null),
          outcomeOf: (facts: readonly PeriodFact[]) => facts.find(isOutcome),
          // A close is answered by the figures of the task that says its own last.
          laterOf: (fact: PeriodFact) => (isOutcome(fact) ? fact : null),
          topic: topics.ledgerPeriodEvents,
        }),
        // A few a year.
        keepMs: Number.POSITIVE_INFINITY,
      },
    })
    .filter('told', isPeriodEvent)
  events.to('period-events', topics.ledgerPeriodEvents)
  events.filter('for-posting', isNews).to('periods-told', topics.ledgerPeriods)
}

function isEntry(posted: Posted): posted is LedgerEntryPosted {
  return posted.type === 'LedgerEntryPosted'
}

function isShare(posted: Posted): posted is PeriodShare {
  return posted.type === 'PeriodShare'
}

function isCommand(input: PeriodInput): input is Exclude<PeriodInput, { type: 'PeriodShare' | 'ClockTicked' }> {
  return input.type !== 'PeriodShare' && input.type !== 'ClockTicked'
}

/** What a command came to: everything but the beginning of a close. */
function isOutcome(fact: PeriodFact): fact is Exclude<LedgerPeriodEvent, { type: 'PeriodCloseBegun' }> {
  return isPeriodEvent(fact) && fact.type !== 'PeriodCloseBegun'
}

function isNews(event: LedgerPeriodEvent): event is LedgerPeriodNews {
  return event.type === 'PeriodCloseBegun' || event.type === 'PeriodReopened'
}

import type {
  CommandAnswer,
  CorrectSettlement,
  MerchantEvent,
  MerchantStatusChanged,
  PayoutRequested,
  Schemas,
  SettlementCommandRefused,
  SettlementEvent,
  SettlementLineAdded,
  SettlementState,
} from '#schemas'
import { commandAnswers } from '#schemas/command-answers.ts'
import { StreamsBuilder, type Topology } from '#streams'
import { isMoneyMoved, type MoneyMoved, moneyMovedTypes } from './lines.ts'
import { merchantAccount, type SettlementInput, type SettlementOutput } from './merchant-account.ts'

/**
 * Pays merchants: captures, refunds and disputes, brought together by merchant, become lines; a tick of their day
 * settles them, and the gateway's answers say which payouts arrived. Stores: `merchant-accounts`, and `answers` to
 * corrections (by command id).
 */
export function settlementTopology({ topics, codec, state }: Schemas): Topology {
  const builder = new StreamsBuilder('settlement', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const store = builder.store('merchant-accounts', { value: state<SettlementState>('SettlementState') })
  const answers = builder.store('answers', { value: state<CommandAnswer>('CommandAnswer') })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const statuses = builder.stream('merchant-events', topics.merchantEvents).filter('statuses', isStatusChange)

  const decided = builder
    .stream('purchase-events', topics.purchaseEvents)
    .filter('money-moved', isMoneyMoved)
    .selectKey('merchant-of', (event) => event.merchantId)
    .repartition('by-merchant', { value: codec.union<MoneyMoved>(moneyMovedTypes) })
    .merge<Exclude<SettlementInput, { type: 'ClockTicked' }>>(
      'what-happens',
      builder.stream('payout-results', topics.payoutResults),
      builder.stream('corrections', topics.settlementCommands),
      statuses,
    )
    .decide('settle', {
      store,
      decider: merchantAccount,
      clock,
      dueStore: 'accounts-due',
      answers: commandAnswers({
        store: answers,
        commandOf: (input): CorrectSettlement | null => (input.type === 'CorrectSettlement' ? input : null),
        outcomeOf: (facts: readonly SettlementOutput[]) => facts.find(isOutcome),
        topic: topics.settlementEvents,
      }),
    })

  const { requests, facts } = decided.branch('requests-and-facts', { requests: isRequest, facts: isFact })
  requests.to('payout-requests', topics.payoutRequests)
  facts.to('settlement-events', topics.settlementEvents)
  return builder.build()
}

function isStatusChange(event: MerchantEvent): event is MerchantStatusChanged {
  return event.type === 'MerchantStatusChanged'
}

function isOutcome(fact: SettlementOutput): fact is SettlementLineAdded | SettlementCommandRefused {
  return fact.type === 'SettlementLineAdded' || fact.type === 'SettlementCommandRefused'
}

function isRequest(event: SettlementOutput): event is PayoutRequested {
  return event.type === 'PayoutRequested'
}

/** What stays inside (the suspension) is neither. */
function isFact(event: SettlementOutput): event is SettlementEvent {
  return !isRequest(event) && event.type !== 'SuspensionNoted'
}

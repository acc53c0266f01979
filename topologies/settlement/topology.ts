import type { PayoutRequested, Schemas, SettlementEvent, SettlementState } from '#schemas'
import { StreamsBuilder, type Topology } from '#streams'
import { isMoneyMoved, type MoneyMoved, moneyMovedTypes } from './lines.ts'
import { merchantAccount, type SettlementOutput } from './merchant-account.ts'

/**
 * Pays merchants: captures and refunds, brought together by merchant, become lines; a tick of their day settles them,
 * and the gateway's answers say which payouts arrived.
 */
export function settlementTopology({ topics, codec, state }: Schemas): Topology {
  const builder = new StreamsBuilder('settlement', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const store = builder.store('merchant-accounts', { value: state<SettlementState>('SettlementState') })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })

  const decided = builder
    .stream('purchase-events', topics.purchaseEvents)
    .filter('captures-and-refunds', isMoneyMoved)
    .selectKey('merchant-of', (event) => event.merchantId)
    .repartition('by-merchant', { value: codec.union<MoneyMoved>(moneyMovedTypes) })
    .merge('with-payout-results', builder.stream('payout-results', topics.payoutResults))
    .decide('settle', { store, decider: merchantAccount, clock, dueStore: 'accounts-due' })

  const { requests, facts } = decided.branch('requests-and-facts', { requests: isRequest, facts: isFact })
  requests.to('payout-requests', topics.payoutRequests)
  facts.to('settlement-events', topics.settlementEvents)
  return builder.build()
}

function isRequest(event: SettlementOutput): event is PayoutRequested {
  return event.type === 'PayoutRequested'
}

function isFact(event: SettlementOutput): event is SettlementEvent {
  return !isRequest(event)
}

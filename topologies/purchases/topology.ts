import type { CommandAnswer, PurchaseState, Schemas } from '#schemas'
import { commandAnswers } from '#schemas/command-answers.ts'
import { StreamsBuilder, type Topology } from '#streams'
import {
  isChargeBackNews,
  isDecline,
  isPlanNews,
  isPurchaseCommand,
  isPurchaseEvent,
  type PurchaseFact,
} from './facts.ts'
import { purchase } from './purchase.ts'

/**
 * Follows each purchase from its request over captures and releases to the last refund.
 * Stores: `purchases` (by purchase id), `answers` (by command id).
 */
export function purchasesTopology(schemas: Schemas): Topology {
  const { topics } = schemas
  const builder = new StreamsBuilder('purchases', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const purchases = builder.store('purchases', { value: schemas.state<PurchaseState>('PurchaseState') })
  const answers = builder.store('answers', { value: schemas.state<CommandAnswer>('CommandAnswer') })

  const declines = builder.stream('credit-events', topics.creditEvents).filter('declines', isDecline)
  const plans = builder.stream('plan-events', topics.planEvents).filter('plan-news', isPlanNews)
  const chargeBacks = builder.stream('payment-events', topics.paymentEvents).filter('charge-backs', isChargeBackNews)

  builder
    .stream('commands', topics.purchaseCommands)
    .merge('with-declines', declines)
    .merge('with-plans', plans)
    .merge('with-charge-backs', chargeBacks)
    .decide('decide-purchase', {
      store: purchases,
      decider: purchase,
      clock,
      dueStore: 'purchases-due',
      answers: commandAnswers({
        store: answers,
        commandOf: (input) => (isPurchaseCommand(input) ? input : null),
        outcomeOf: (facts: readonly PurchaseFact[]) => facts.find(isPurchaseEvent),
        topic: topics.purchaseEvents,
      }),
    })
    .filter('told', isPurchaseEvent)
    .to('purchase-events', topics.purchaseEvents)
  return builder.build()
}

import type { CommandAnswer, CreditState, Schemas } from '#schemas'
import { commandAnswers } from '#schemas/command-answers.ts'
import { StreamsBuilder, type Topology } from '#streams'
import { credit } from './credit.ts'
import { type CreditFact, isBureauRequest, isConsumerNews, isCreditEvent, isRequest } from './facts.ts'

/**
 * Decides each purchase against what its consumer may spend, and holds the amount: check and hold in one place.
 * Stores: `credit` (by consumer id), `answers` (by command id).
 */
export function creditTopology(schemas: Schemas): Topology {
  const { topics } = schemas
  const builder = new StreamsBuilder('credit', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const store = builder.store('credit', { value: schemas.state<CreditState>('CreditState') })
  const answers = builder.store('answers', { value: schemas.state<CommandAnswer>('CommandAnswer') })

  const requests = builder.stream('commands', topics.purchaseCommands).filter('requests', isRequest)
  const news = builder.stream('consumer-events', topics.consumerEvents).filter('consumer-news', isConsumerNews)
  const reports = builder.stream('bureau-results', topics.bureauResults)
  const plans = builder.stream('plan-events', topics.planEvents)

  const facts = requests
    .merge('with-news', news)
    .merge('with-reports', reports)
    .merge('with-plans', plans)
    .decide('decide-credit', {
      store,
      decider: credit,
      clock,
      dueStore: 'credit-due',
      answers: commandAnswers({
        store: answers,
        commandOf: (input) => (input.type === 'RequestPurchase' ? input : null),
        outcomeOf: (facts: readonly CreditFact[]) => facts.find(isCreditEvent),
        topic: topics.creditEvents,
      }),
    })

  facts.filter('told', isCreditEvent).to('credit-events', topics.creditEvents)
  facts.filter('asked', isBureauRequest).to('bureau-requests', topics.bureauRequests)
  return builder.build()
}

import type {
  AddressUndeliverable,
  CommandAnswer,
  ConsumerState,
  NotificationEvent,
  NotificationReturned,
  Schemas,
} from '#schemas'
import { commandAnswers } from '#schemas/command-answers.ts'
import { StreamsBuilder, type Topology } from '#streams'
import { consumer } from './consumer.ts'
import {
  type ConsumerFact,
  type ConsumerInput,
  isConsumerCommand,
  isConsumerEvent,
  isIdentityRequest,
} from './facts.ts'

/**
 * Answers what consumers ask of their account, and follows their identity check and what comes
 * back from their addresses.
 * Stores: `consumers` (by consumer id), `answers` (by command id).
 */
export function consumersTopology(schemas: Schemas): Topology {
  const { topics } = schemas
  const builder = new StreamsBuilder('consumers', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const consumers = builder.store('consumers', { value: schemas.state<ConsumerState>('ConsumerState') })
  const answers = builder.store('answers', { value: schemas.state<CommandAnswer>('CommandAnswer') })

  const facts = builder
    .stream('commands', topics.consumerCommands)
    .merge<ConsumerInput>(
      'heard',
      builder.stream('identity-results', topics.identityResults),
      builder.stream('notification-events', topics.notificationEvents).filter('came-back', isOfAddress),
    )
    .decide('decide-consumer', {
      store: consumers,
      decider: consumer,
      clock,
      dueStore: 'consumers-due',
      answers: commandAnswers({
        store: answers,
        commandOf: (input) => (isConsumerCommand(input) ? input : null),
        outcomeOf: (facts: readonly ConsumerFact[]) => facts.find(isConsumerEvent),
        topic: topics.consumerEvents,
      }),
    })

  facts.filter('told', isConsumerEvent).to('consumer-events', topics.consumerEvents)
  facts.filter('asked', isIdentityRequest).to('identity-requests', topics.identityRequests)
  return builder.build()
}

/** What says something of an address and not only of a message. */
function isOfAddress(event: NotificationEvent): event is NotificationReturned | AddressUndeliverable {
  return event.type === 'NotificationReturned' || event.type === 'AddressUndeliverable'
}

import type { NotificationEvent, NotificationRequested, NotificationState, Schemas } from '#schemas'
import { StreamsBuilder, type Topology } from '#streams'
import { consumerNotices, type NotificationInput } from './consumer-notices.ts'
import type { NotificationOutput } from './notice-facts.ts'

/**
 * Tells consumers what happens: each event that has a template becomes a message a channel, in their language, and the
 * provider's answer becomes what was sent or why not. Days make reminders, and end quiet hours.
 */
export function notificationsTopology({ topics, state }: Schemas): Topology {
  const builder = new StreamsBuilder('notifications', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const store = builder.store('notices', { value: state<NotificationState>('NotificationState') })

  const decided = builder
    .stream('consumer-events', topics.consumerEvents)
    .merge<NotificationInput>(
      'what-happens',
      builder.stream('credit-events', topics.creditEvents),
      builder.stream('credit-review-events', topics.creditReviewEvents),
      builder.stream('purchase-events', topics.purchaseEvents),
      builder.stream('plan-events', topics.planEvents),
      builder.stream('payment-events', topics.paymentEvents),
      builder.stream('statement-events', topics.statementEvents),
      builder.stream('notification-results', topics.notificationResults),
      builder.stream('notification-commands', topics.notificationCommands),
    )
    .decide('notify', { store, decider: consumerNotices, clock, dueStore: 'notices-due' })

  const { requests, facts } = decided.branch('requests-and-facts', { requests: isRequest, facts: isFact })
  requests.to('notification-requests', topics.notificationRequests)
  facts.to('notification-events', topics.notificationEvents)
  return builder.build()
}

function isRequest(event: NotificationOutput): event is NotificationRequested {
  return event.type === 'NotificationRequested'
}

const FACTS: Readonly<Record<NotificationEvent['type'], true>> = {
  NotificationSent: true,
  NotificationFailed: true,
  NotificationDropped: true,
  NotificationReturned: true,
  AddressUndeliverable: true,
}

/** What stays inside (the contact, what waits) is neither. */
function isFact(event: NotificationOutput): event is NotificationEvent {
  return event.type in FACTS
}

import type { Topics } from '#schemas'
import type { Topic } from '#streams'
import type { SinkEvent } from './feed-record.ts'

/** The topics that sinks copy: all that says what happened. Commands and requests, which led to it, stay out. */
export function sinkTopics(topics: Topics): readonly Topic<SinkEvent>[] {
  const followed = [
    topics.consumerEvents,
    topics.merchantEvents,
    topics.creditEvents,
    topics.creditRuleEvents,
    topics.creditReviewEvents,
    topics.purchaseEvents,
    topics.planEvents,
    topics.paymentEvents,
    topics.gatewayRouteEvents,
    topics.settlementEvents,
    topics.webhookEvents,
    topics.ledgerPeriodEvents,
    topics.ledgerEntries,
    topics.ledgerBalances,
    topics.notificationEvents,
    topics.statementEvents,
    topics.auditEntries,
  ]
  return followed as unknown as readonly Topic<SinkEvent>[]
}

import type { AuditState, Schemas } from '#schemas'
import { StreamsBuilder, type Topology } from '#streams'
import { type AuditableEvent, type CriticalEvent, criticalTypes, isCritical, subjectOf } from './critical.ts'
import { subjectChain } from './subject-chain.ts'

/** Keeps the audit log: every critical event, brought together by subject, becomes the next entry of its chain. */
export function auditTopology({ topics, codec, state }: Schemas): Topology {
  const builder = new StreamsBuilder('audit', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const store = builder.store('chain-heads', { value: state<AuditState>('AuditState') })

  builder
    .stream('consumer-events', topics.consumerEvents)
    .merge<AuditableEvent>(
      'what-happens',
      builder.stream('merchant-events', topics.merchantEvents),
      builder.stream('credit-events', topics.creditEvents),
      builder.stream('credit-rule-events', topics.creditRuleEvents),
      builder.stream('credit-review-events', topics.creditReviewEvents),
      builder.stream('gateway-route-events', topics.gatewayRouteEvents),
      builder.stream('ledger-period-events', topics.ledgerPeriodEvents),
      builder.stream('purchase-events', topics.purchaseEvents),
      builder.stream('plan-events', topics.planEvents),
      builder.stream('payment-events', topics.paymentEvents),
      builder.stream('settlement-events', topics.settlementEvents),
    )
    .filter('critical', isCritical)
    .selectKey('subject-of', subjectOf)
    .repartition('by-subject', { value: codec.union<CriticalEvent>(criticalTypes) })
    .decide('chain', { store, decider: subjectChain })
    .to('audit-entries', topics.auditEntries)
  return builder.build()
}

import type { Schemas, StatementState } from '#schemas'
import { StreamsBuilder, type Topology } from '#streams'
import { consumerStatements, type StatementFact, type StatementInput } from './consumer-statements.ts'

/** Closes each consumer's month: what was bought, paid, refunded and charged, and what is owed at its end. */
export function statementsTopology({ topics, state }: Schemas): Topology {
  const builder = new StreamsBuilder('statements', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const store = builder.store('accounts', { value: state<StatementState>('StatementState') })

  builder
    .stream('consumer-events', topics.consumerEvents)
    .merge<StatementInput>('what-happens', builder.stream('plan-events', topics.planEvents))
    .decide('close-months', { store, decider: consumerStatements, clock, dueStore: 'accounts-due' })
    .filter('issued', isStatement)
    .to('statement-events', topics.statementEvents)
  return builder.build()
}

function isStatement(fact: StatementFact): fact is Extract<StatementFact, { type: 'StatementIssued' }> {
  return fact.type === 'StatementIssued'
}

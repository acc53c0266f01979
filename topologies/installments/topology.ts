import type { CommandAnswer, ConsumerFees, PlanState, Schemas } from '#schemas'
import { StreamsBuilder, type Topology } from '#streams'
import { planAnswers } from './answers.ts'
import { defaultPolicy, feesBeside, type PlanInput, type PlanPolicy, planDecider } from './plan.ts'
import { isPlanEvent } from './plan-state.ts'

/**
 * Makes a plan of each approved purchase and keeps its balance: approvals, captures and payments move it, days make
 * its instalments due, late and dear. Every plan event says what is owed after it.
 */
export function installmentsTopology({ topics, state }: Schemas, policy: PlanPolicy = defaultPolicy): Topology {
  const builder = new StreamsBuilder('installments', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const fees = builder.store('consumer-fees', { value: state<ConsumerFees>('ConsumerFees') })
  const answers = builder.store('answers', { value: state<CommandAnswer>('CommandAnswer') })
  const store = builder.store('plans', { value: state<PlanState>('PlanState') })

  builder
    .stream('credit-events', topics.creditEvents)
    .merge<PlanInput>(
      'what-happens',
      builder.stream('purchase-events', topics.purchaseEvents),
      builder.stream('payment-events', topics.paymentEvents),
      builder.stream('plan-commands', topics.planCommands),
    )
    .decide('plan', {
      store,
      decider: planDecider(policy),
      clock,
      dueStore: 'plans-due',
      answers: planAnswers(answers, topics.planEvents),
      beside: feesBeside(fees, policy),
    })
    .filter('told', isPlanEvent)
    .to('plan-events', topics.planEvents)
  return builder.build()
}

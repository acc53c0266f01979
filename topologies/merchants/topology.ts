import type { CheckoutState, CommandAnswer, MerchantState, Schemas } from '#schemas'
import { commandAnswers } from '#schemas/command-answers.ts'
import { StreamsBuilder, type Topology } from '#streams'
import { checkout } from './checkout.ts'
import {
  type CheckoutEvent,
  isAccountCommand,
  isCheckoutCommand,
  isCheckRequest,
  isMerchantCommand,
  isMerchantEvent,
  isStatusChange,
  type MerchantFact,
  type MerchantInput,
} from './facts.ts'
import { merchant } from './merchant.ts'
import { withMerchant } from './with-merchant.ts'

/**
 * Takes merchants on, after a check where they apply themselves.
 * Answers what they and their customers ask of checkouts.
 * Stores: `merchants` (by merchant id), `checkouts` (by checkout id), `answers` (by command id).
 */
export function merchantsTopology(schemas: Schemas): Topology {
  const { topics } = schemas
  const builder = new StreamsBuilder('merchants', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const merchants = builder.store('merchants', { value: schemas.state<MerchantState>('MerchantState') })
  const checkouts = builder.store('checkouts', { value: schemas.state<CheckoutState>('CheckoutState') })
  const answers = builder.store('answers', { value: schemas.state<CommandAnswer>('CommandAnswer') })
  const commands = builder.stream('commands', topics.merchantCommands)

  const facts = commands
    .filter('about-merchants', isAccountCommand)
    .merge<MerchantInput>('with-checks', builder.stream('check-results', topics.merchantCheckResults))
    .decide('decide-merchant', {
      store: merchants,
      decider: merchant,
      clock,
      dueStore: 'merchants-due',
      answers: commandAnswers({
        store: answers,
        commandOf: (input) => (isMerchantCommand(input) ? input : null),
        outcomeOf: (facts: readonly MerchantFact[]) => facts.find(isMerchantEvent),
        topic: topics.merchantEvents,
      }),
    })
  const told = facts.filter('merchants-told', isMerchantEvent)
  // A purchase may wait for its credit report when its merchant is suspended: `credit` hears of it in every task.
  told.filter('statuses', isStatusChange).to('statuses-told', topics.creditRules)
  facts.filter('checks-asked', isCheckRequest).to('check-requests', topics.merchantCheckRequests)

  commands
    .filter('about-checkouts', isCheckoutCommand)
    .processValues('with-merchant', { stores: [merchants], processor: withMerchant(merchants) })
    .decide('decide-checkout', {
      store: checkouts,
      decider: checkout,
      clock,
      dueStore: 'checkouts-due',
      answers: commandAnswers({
        store: answers,
        commandOf: (request) => request.command,
        outcomeOf: ([event]: readonly CheckoutEvent[]) => event,
        topic: topics.merchantEvents,
      }),
    })
    .merge('all-told', told)
    .to('merchant-events', topics.merchantEvents)
  return builder.build()
}

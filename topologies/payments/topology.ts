import type {
  AddPaymentMethod,
  CommandAnswer,
  ConsumerDebts,
  PaymentCommand,
  PlanPayments,
  Schemas,
  WalletState,
} from '#schemas'
import { StreamsBuilder, type Topology } from '#streams'
import { paymentAnswers, walletAnswers } from './answers.ts'
import { type LookedUp, lookUp, type Plain } from './look-up.ts'
import { isPaymentEvent, isPaymentRequest } from './payments-state.ts'
import { planPayments } from './plan-payments.ts'
import { isWalletEvent, walletDecider } from './wallet.ts'

/**
 * Keeps cards, and collects what plans ask for: a request to the gateway an attempt, its result an event, what failed
 * softly tried again on later days. Never two charges for the same money, and what is owed back is returned.
 */
export function paymentsTopology({ topics, state }: Schemas): Topology {
  const builder = new StreamsBuilder('payments', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const wallets = builder.store('wallets', { value: state<WalletState>('WalletState') })
  const payments = builder.store('payments', { value: state<PlanPayments>('PlanPayments') })
  const answers = builder.store('answers', { value: state<CommandAnswer>('CommandAnswer') })
  const debts = builder.store('debts', { value: state<ConsumerDebts>('ConsumerDebts') })
  const looked = { wallets, payments, answers, debts }
  const commands = builder
    .stream('payment-commands', topics.paymentCommands)
    .branch('commands', { add: isAddPaymentMethod, rest: isOfPlan })

  commands.add
    .decide('keep-card', {
      store: wallets,
      decider: walletDecider,
      clock,
      dueStore: 'wallets-due',
      answers: walletAnswers(answers, topics.paymentEvents),
    })
    .filter('wallet-told', isWalletEvent)
    .to('wallet-events', topics.paymentEvents)

  const told = commands.rest
    .merge<Plain>(
      'what-happens',
      builder.stream('plan-events', topics.planEvents),
      builder.stream('payment-results', topics.paymentResults),
    )
    .processValues<LookedUp>('look-up', { stores: Object.values(looked), processor: () => lookUp(looked) })
    .decide('collect', {
      store: payments,
      decider: planPayments,
      clock,
      dueStore: 'payments-due',
      answers: paymentAnswers(answers, topics.paymentEvents),
    })
    .branch('told', { requests: isPaymentRequest, events: isPaymentEvent })
  told.requests.to('payment-requests', topics.paymentRequests)
  told.events.to('payment-events', topics.paymentEvents)
  return builder.build()
}

function isAddPaymentMethod(command: PaymentCommand): command is AddPaymentMethod {
  return command.type === 'AddPaymentMethod'
}

function isOfPlan(command: PaymentCommand): command is Exclude<PaymentCommand, AddPaymentMethod> {
  return !isAddPaymentMethod(command)
}

import type {
  AddPaymentMethod,
  CardAttempts,
  CommandAnswer,
  ConsumerDebts,
  GatewayRouteEvent,
  GatewayRoutes,
  GatewayRoutesPublished,
  PaymentCommand,
  PlanPayments,
  PublishGatewayRoutes,
  Schemas,
  WalletState,
} from '#schemas'
import { commandAnswers } from '#schemas/command-answers.ts'
import { type StoreHandle, StreamsBuilder, type Topology } from '#streams'
import { paymentAnswers, walletAnswers } from './answers.ts'
import { NO_ROUTES, routeBook, routesAfter } from './gateway-routes.ts'
import { type LookedUp, lookUp, type Plain } from './look-up.ts'
import { isPaymentEvent, isPaymentRequest } from './payments-state.ts'
import { cardAttemptsBeside, planPayments } from './plan-payments.ts'
import { isWalletEvent, walletDecider } from './wallet.ts'

/**
 * Keeps cards, and collects what plans ask for: a request to the gateway an attempt, its result an event, what failed
 * softly tried again on later days. Never two charges for the same money, and what is owed back is returned.
 * Which gateway a charge goes to is decided here, and stands in the request: a connector never chooses, so that after a
 * crash nobody can ask another gateway for money that may have been taken.
 */
export function paymentsTopology(schemas: Schemas): Topology {
  const { topics, state } = schemas
  const builder = new StreamsBuilder('payments', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const wallets = builder.store('wallets', { value: state<WalletState>('WalletState') })
  const payments = builder.store('payments', { value: state<PlanPayments>('PlanPayments') })
  const answers = builder.store('answers', { value: state<CommandAnswer>('CommandAnswer') })
  const cardAttempts = builder.store('card-attempts', { value: state<CardAttempts>('CardAttempts') })
  const debts = builder.store('debts', { value: state<ConsumerDebts>('ConsumerDebts') })
  keepRouteBook(builder, schemas)
  const looked = { wallets, payments, answers, debts, routes: hearRoutes(builder, schemas) }
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
      beside: cardAttemptsBeside(cardAttempts),
    })
    .branch('told', { requests: isPaymentRequest, events: isPaymentEvent })
  told.requests.to('payment-requests', topics.paymentRequests)
  told.events.to('payment-events', topics.paymentEvents)
  return builder.build()
}

/** The one place that takes the operator's routes. */
function keepRouteBook(builder: StreamsBuilder, { topics, state }: Schemas): void {
  const store = builder.store('route-book', { value: state<GatewayRoutes>('GatewayRoutes') })
  const answers = builder.store('route-answers', { value: state<CommandAnswer>('CommandAnswer') })
  const events = builder.stream('route-commands', topics.gatewayRouteCommands).decide('publish-routes', {
    store,
    decider: routeBook,
    answers: {
      ...commandAnswers({
        store: answers,
        commandOf: (command: PublishGatewayRoutes) => command,
        outcomeOf: (all: readonly GatewayRouteEvent[]) => all[0],
        topic: topics.gatewayRouteEvents,
      }),
      // Routes change now and then, and a task without a clock can forget nothing.
      keepMs: Number.POSITIVE_INFINITY,
    },
  })
  events.to('route-events', topics.gatewayRouteEvents)
  events.filter('published', isPublished).to('routes-told', topics.gatewayRoutes)
}

/** Every task's own copy of the routes, changed at one place of its input: a replay changes it there again. */
function hearRoutes(builder: StreamsBuilder, { topics, state }: Schemas): StoreHandle<string, GatewayRoutes> {
  const store = builder.store('routes', { value: state<GatewayRoutes>('GatewayRoutes') })
  builder
    .stream('routes-heard', topics.gatewayRoutes)
    .groupByKey()
    .aggregate('keep-routes', { store, initial: () => NO_ROUTES, add: routesAfter })
  return store
}

function isPublished(event: GatewayRouteEvent): event is GatewayRoutesPublished {
  return event.type === 'GatewayRoutesPublished'
}

function isAddPaymentMethod(command: PaymentCommand): command is AddPaymentMethod {
  return command.type === 'AddPaymentMethod'
}

function isOfPlan(command: PaymentCommand): command is Exclude<PaymentCommand, AddPaymentMethod> {
  return !isAddPaymentMethod(command)
}

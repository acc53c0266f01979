import type {
  CommandAnswer,
  PurchaseEvent,
  ReplayWebhook,
  Schemas,
  WebhookCommand,
  WebhookCommandRefused,
  WebhookDeliveryRequested,
  WebhookEndpoints,
  WebhookEvent,
  WebhookQueue,
  WebhookReplayed,
} from '#schemas'
import { commandAnswers } from '#schemas/command-answers.ts'
import { StreamsBuilder, type Topology } from '#streams'
import { type DeliveryFact, type DeliveryInput, deliveries } from './deliveries.ts'
import { type EndpointCommand, type EndpointFact, type EndpointInput, endpointsDecider } from './endpoints.ts'
import { type FannedOut, fanOut, type Plain } from './fan-out.ts'
import { messageOf } from './messages.ts'

/**
 * Tells merchants what happens: each event goes to the addresses that want it, in order for each purchase, until it is
 * taken or given up. Stores: `endpoints` (by merchant), `deliveries` (by address and subject), `answers`.
 */
export function webhooksTopology({ topics, codec, state }: Schemas): Topology {
  const builder = new StreamsBuilder('webhooks', { onDecodeError: 'dead-letter', onProcessError: 'park' })
  const clock = builder.clock('clock', topics.clock, { timeMs: (tick) => tick.time })
  const endpoints = builder.store('endpoints', { value: state<WebhookEndpoints>('WebhookEndpoints') })
  const queues = builder.store('deliveries', { value: state<WebhookQueue>('WebhookQueue') })
  const answers = builder.store('answers', { value: state<CommandAnswer>('CommandAnswer') })
  const commands = builder
    .stream('commands', topics.webhookCommands)
    .branch('kinds', { endpoints: isAboutEndpoint, replays: isReplay })

  commands.endpoints
    .decide('keep-endpoints', {
      store: endpoints,
      decider: endpointsDecider,
      clock,
      dueStore: 'endpoints-due',
      answers: commandAnswers({
        store: answers,
        commandOf: (input: EndpointInput) => (input.type === 'ClockTicked' ? null : input),
        outcomeOf: (facts: readonly EndpointFact[]) => facts[0],
        topic: topics.webhookEvents,
      }),
    })
    .to('endpoint-events', topics.webhookEvents)

  const told = builder
    .stream('purchase-events', topics.purchaseEvents)
    .filter('announced', isAnnounced)
    .selectKey('merchant-of', (event) => event.merchantId ?? '')
    .repartition('by-merchant', { value: codec.union<PurchaseEvent>(PURCHASE_EVENTS) })
    .merge<Plain>(
      'what-happens',
      builder.stream('settlement-events', topics.settlementEvents),
      builder.stream('reports', topics.webhookResults),
      commands.replays,
    )
    .processValues<FannedOut>('fan-out', { stores: [endpoints], processor: () => fanOut(endpoints) })
    .decide('deliver', {
      store: queues,
      decider: deliveries,
      clock,
      dueStore: 'deliveries-due',
      answers: commandAnswers({
        store: answers,
        commandOf: (input: DeliveryInput) => (input.type === 'ReplayWebhook' ? input : null),
        outcomeOf: (facts: readonly DeliveryFact[]) => facts.find(isOutcome),
        topic: topics.webhookEvents,
      }),
    })
    .branch('told', { requests: isRequest, events: isEvent })
  told.requests.to('webhook-requests', topics.webhookRequests)
  told.events.to('webhook-events', topics.webhookEvents)
  return builder.build()
}

const PURCHASE_EVENTS: readonly PurchaseEvent['type'][] = [
  'PurchaseAuthorised',
  'PurchaseCaptured',
  'PurchaseReleased',
  'PurchaseExtended',
  'PurchaseRefunded',
  'PurchaseCompleted',
  'DisputeOpened',
  'DisputeEvidenceSubmitted',
  'DisputeDecided',
]

function isAnnounced(event: PurchaseEvent): event is PurchaseEvent {
  return messageOf(event) !== null
}

function isAboutEndpoint(command: WebhookCommand): command is EndpointCommand {
  return command.type !== 'ReplayWebhook'
}

function isReplay(command: WebhookCommand): command is ReplayWebhook {
  return command.type === 'ReplayWebhook'
}

function isOutcome(fact: DeliveryFact): fact is WebhookReplayed | WebhookCommandRefused {
  return fact.type === 'WebhookReplayed' || fact.type === 'WebhookCommandRefused'
}

function isRequest(fact: DeliveryFact): fact is WebhookDeliveryRequested {
  return fact.type === 'WebhookDeliveryRequested'
}

/** What stays inside (a queue that opens, its address) is neither. */
function isEvent(fact: DeliveryFact): fact is Extract<DeliveryFact, WebhookEvent> {
  return !isRequest(fact) && fact.type !== 'EndpointSeen' && fact.type !== 'QueueOpened'
}

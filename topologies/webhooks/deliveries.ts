/**
 * Deliveries to one address about one thing: in order, at least once, with growing pauses, and given up after so many
 * attempts; what was given up waits for a replay and holds nothing up.
 */
import { deriveId } from '#domain/ids.ts'
import type {
  ClockTicked,
  Envelope,
  WebhookAttemptFailed,
  WebhookCommandRefused,
  WebhookDeadLettered,
  WebhookDelivered,
  WebhookDelivery,
  WebhookDeliveryReported,
  WebhookDeliveryRequested,
  WebhookEndpoint,
  WebhookQueue,
  WebhookQueued,
  WebhookReplayed,
} from '#schemas'
import { childMeta } from '#schemas'
import type { Decider } from '#streams'
import type { FannedOut, ToDeliver } from './fan-out.ts'
import { refusal } from './refusal.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Pauses after each failed attempt. The last attempt that fails gives the delivery up: about three days in all. */
export const PAUSES_MS: readonly number[] = [
  ...[1 * MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS],
  ...[2 * HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 48 * HOUR_MS],
]

/** What a queue hears. */
export type DeliveryInput = FannedOut | ClockTicked

/** Stays inside: the address of a queue as it is now, or that it is gone. */
type EndpointSeen = { readonly type: 'EndpointSeen'; readonly endpoint: WebhookEndpoint | null }
type Opened = { readonly type: 'QueueOpened'; readonly input: ToDeliver }

/** What happens in a queue; `EndpointSeen` and `QueueOpened` never leave the topology. */
export type DeliveryFact =
  | WebhookQueued
  | WebhookDeliveryRequested
  | WebhookDelivered
  | WebhookAttemptFailed
  | WebhookDeadLettered
  | WebhookReplayed
  | WebhookCommandRefused
  | EndpointSeen
  | Opened

/** The rules of one queue; its key is address and subject. */
export const deliveries: Decider<WebhookQueue, DeliveryInput, DeliveryFact> = {
  initial: () => ({
    ...{ merchantId: '', endpointId: '', subject: '', url: '', secretVersion: 0, previousUntil: null, deliveries: [] },
  }),
  keyOf: (input) => {
    if (input.type === 'ClockTicked') return null
    const endpointId = input.type === 'ToDeliver' ? input.endpoint.endpointId : input.endpointId
    return `${endpointId}:${input.subject}`
  },
  decide: (queue, input) => thenSend(queue, input, decide(queue, input)),
  evolve,
  dueAt: (queue) => {
    const [first] = open(queue)
    return first?.status === 'WAITING' ? first.nextAttemptAt : null
  },
}

function decide(queue: WebhookQueue, input: DeliveryInput): readonly DeliveryFact[] {
  switch (input.type) {
    case 'ToDeliver':
      return queued(queue, input)
    case 'WebhookDeliveryReported':
      return reported(queue, input)
    case 'ReplayWebhook': {
      const { merchantId, endpointId, deliveryId, endpoint } = input
      const known = queue.deliveries.find((one) => one.deliveryId === deliveryId)
      if (known?.status !== 'DEAD') {
        return [refusal(input, 'WEBHOOK_NOT_DEAD', `No delivery ${deliveryId} was given up here.`)]
      }
      if (endpoint === null) {
        return [refusal(input, 'WEBHOOK_ENDPOINT_UNKNOWN', `The endpoint ${endpointId} was removed.`)]
      }
      const meta = childMeta('webhooks', input, 'WebhookReplayed', deliveryId)
      return [{ type: 'WebhookReplayed', meta, merchantId, endpointId, deliveryId }, seen(endpoint)]
    }
    case 'ClockTicked':
      return []
  }
}

function queued(queue: WebhookQueue, input: ToDeliver): readonly DeliveryFact[] {
  const { merchantId, deliveryId, subject, eventId, eventType, body, endpoint } = input
  if (queue.deliveries.some((known) => known.deliveryId === deliveryId)) return []
  const { endpointId } = endpoint
  const meta = childMeta('webhooks', input, 'WebhookQueued', endpointId)
  const what = { merchantId, endpointId, deliveryId, subject, eventId, eventType, body }
  return [{ type: 'QueueOpened', input }, seen(endpoint), { type: 'WebhookQueued', meta, ...what }]
}

/** What is not the answer of the attempt under way is late or a repeat, and changes nothing. */
function reported(
  queue: WebhookQueue,
  report: WebhookDeliveryReported & { readonly endpoint: WebhookEndpoint | null },
): readonly DeliveryFact[] {
  const { merchantId, endpointId, deliveryId, status, endpoint } = report
  const known = queue.deliveries.find((one) => one.deliveryId === deliveryId)
  if (known?.status !== 'IN_FLIGHT' || requestIdOf(known) !== report.requestId) return []
  const head = { merchantId, endpointId, deliveryId, attempt: known.attempt, status }
  const meta = (name: string) => childMeta('webhooks', report, name, deliveryId)
  if (report.succeeded) return [{ type: 'WebhookDelivered', meta: meta('WebhookDelivered'), ...head }, seen(endpoint)]
  const failure = report.failure ?? 'unknown'
  const pauseMs = endpoint === null ? undefined : PAUSES_MS[attemptsSinceReplay(known) - 1]
  if (pauseMs === undefined) {
    return [{ type: 'WebhookDeadLettered', meta: meta('WebhookDeadLettered'), ...head, failure }, seen(endpoint)]
  }
  const nextAttemptAt = report.meta.occurredAt + pauseMs
  const failed = { type: 'WebhookAttemptFailed', meta: meta('WebhookAttemptFailed'), ...head, failure } as const
  return [{ ...failed, nextAttemptAt }, seen(endpoint)]
}

/** Sends the first that is not given up, where its time has come and none is under way. */
function thenSend(queue: WebhookQueue, input: DeliveryInput, facts: readonly DeliveryFact[]): readonly DeliveryFact[] {
  const after = facts.reduce(evolve, queue)
  const [first] = open(after)
  const now = input.type === 'ClockTicked' ? input.time : input.meta.occurredAt
  if (first?.status !== 'WAITING' || (first.nextAttemptAt ?? 0) > now || after.url === '') return facts
  return [...facts, request(after, first, input, now)]
}

function request(
  queue: WebhookQueue,
  delivery: WebhookDelivery,
  cause: { readonly meta: Envelope },
  now: number,
): WebhookDeliveryRequested {
  const { merchantId, endpointId, subject, url, secretVersion, previousUntil } = queue
  const { deliveryId, eventId, eventType, body } = delivery
  const attempt = delivery.attempt + 1
  const requestId = requestIdOf({ deliveryId, attempt })
  return {
    type: 'WebhookDeliveryRequested',
    meta: childMeta('webhooks', cause, 'WebhookDeliveryRequested', requestId),
    ...{
      merchantId,
      requestId,
      endpointId,
      deliveryId,
      subject,
      eventId,
      eventType,
      url,
      secretVersion,
      body,
      attempt,
    },
    signWithPrevious: previousUntil !== null && now < previousUntil,
  }
}

function evolve(queue: WebhookQueue, fact: DeliveryFact): WebhookQueue {
  switch (fact.type) {
    case 'QueueOpened': {
      const { merchantId, subject, endpoint } = fact.input
      return { ...queue, merchantId, subject, endpointId: endpoint.endpointId }
    }
    case 'EndpointSeen': {
      // Gone: what waits is not sent any more.
      const { url = '', secretVersion = 0, previousUntil = null } = fact.endpoint ?? {}
      const left = fact.endpoint === null ? [] : queue.deliveries
      return { ...queue, url, secretVersion, previousUntil, deliveries: left }
    }
    case 'WebhookQueued': {
      const { deliveryId, eventId, eventType, body } = fact
      const added = {
        deliveryId,
        eventId,
        eventType,
        body,
        attempt: 0,
        status: 'WAITING',
        nextAttemptAt: null,
      } as const
      return { ...queue, deliveries: [...queue.deliveries, added] }
    }
    case 'WebhookDeliveryRequested':
      return changed(queue, fact.deliveryId, { status: 'IN_FLIGHT', attempt: fact.attempt, nextAttemptAt: null })
    case 'WebhookDelivered':
      return { ...queue, deliveries: queue.deliveries.filter(({ deliveryId }) => deliveryId !== fact.deliveryId) }
    case 'WebhookAttemptFailed':
      return changed(queue, fact.deliveryId, { status: 'WAITING', nextAttemptAt: fact.nextAttemptAt })
    case 'WebhookDeadLettered':
      return changed(queue, fact.deliveryId, { status: 'DEAD' })
    case 'WebhookReplayed':
      return changed(queue, fact.deliveryId, { status: 'WAITING', nextAttemptAt: null })
    case 'WebhookCommandRefused':
      return queue
  }
}

function changed(queue: WebhookQueue, deliveryId: string, change: Partial<WebhookDelivery>): WebhookQueue {
  const changedOne = (one: WebhookDelivery) => (one.deliveryId === deliveryId ? { ...one, ...change } : one)
  return { ...queue, deliveries: queue.deliveries.map(changedOne) }
}

function open(queue: WebhookQueue): readonly WebhookDelivery[] {
  return queue.deliveries.filter(({ status }) => status !== 'DEAD')
}

/** A replay has as many attempts as a first delivery. */
function attemptsSinceReplay({ attempt }: WebhookDelivery): number {
  return ((attempt - 1) % (PAUSES_MS.length + 1)) + 1
}

function requestIdOf({ deliveryId, attempt }: Pick<WebhookDelivery, 'deliveryId' | 'attempt'>): string {
  return deriveId('req', deliveryId, attempt)
}

function seen(endpoint: WebhookEndpoint | null): EndpointSeen {
  return { type: 'EndpointSeen', endpoint }
}

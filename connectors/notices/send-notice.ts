import { childMeta, type NotificationReported, type NotificationRequested } from '#schemas'
import type { RequestContext } from '../runtime/connector.ts'
import type { ProviderRoute, RouteOutcome } from '../runtime/provider-route.ts'

/** What a provider of notices said: its name for the delivered message, or why it was not delivered. */
export type DeliveryAnswer = { readonly ref: string } | { readonly failureCode: string }

/** How a notice is sent by one kind of providers. */
export type NoticeSender<Client> = {
  readonly source: string
  readonly route: ProviderRoute<Client>
  readonly send: (client: Client, request: NotificationRequested, signal: AbortSignal) => Promise<DeliveryAnswer>
  /** What a provider knows of a request from before; left out where it cannot be asked. */
  readonly find?: (client: Client, requestId: string, signal: AbortSignal) => Promise<DeliveryAnswer | null>
}

type Delivery = { readonly provider: string | null; readonly answer: DeliveryAnswer }

/** Sends one notice and gives the result: delivered, or not with the reason. Never rejects but after an abort. */
export async function sendNotice<Client>(
  request: NotificationRequested,
  sender: NoticeSender<Client>,
  context: RequestContext<NotificationReported>,
): Promise<NotificationReported> {
  const { requestId, consumerId, channel } = request
  const { provider, answer } = await deliver(request, sender, context)
  const isDelivered = 'ref' in answer
  return {
    type: 'NotificationReported',
    meta: childMeta(sender.source, request, 'result'),
    requestId,
    consumerId,
    channel,
    delivered: isDelivered,
    providerRef: isDelivered ? answer.ref : null,
    failureCode: isDelivered ? null : answer.failureCode,
    provider,
  }
}

async function deliver<Client>(
  request: NotificationRequested,
  { route, send, find }: NoticeSender<Client>,
  { mayRepeat, signal }: RequestContext<NotificationReported>,
): Promise<Delivery> {
  // Whoever sent it before a crash may have gone by another provider, which its key does not reach.
  if (mayRepeat && find !== undefined) {
    const before = await route.find((client, trySignal) => find(client, request.requestId, trySignal), signal)
    if (before !== null) return before
  }
  return deliveryOf(await route.call((client, trySignal) => send(client, request, trySignal), signal))
}

function deliveryOf(outcome: RouteOutcome<DeliveryAnswer>): Delivery {
  switch (outcome.kind) {
    case 'answered':
      return outcome
    case 'refused':
      return { provider: outcome.provider, answer: { failureCode: outcome.code } }
    case 'unknown':
      return { provider: outcome.provider, answer: { failureCode: 'outcome_unknown' } }
    case 'unavailable':
      return { provider: outcome.provider, answer: { failureCode: 'provider_unavailable' } }
  }
}

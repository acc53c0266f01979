import { endpointSecret, signBody } from '#domain/webhook-signature.ts'
import { childMeta, type Schemas, type WebhookDeliveryReported, type WebhookDeliveryRequested } from '#schemas'
import type { Connector } from '../runtime/connector.ts'
import type { ProviderCalls } from '../runtime/provider-calls.ts'
import { ProviderRefused } from '../runtime/provider-error.ts'
import { WebhookClient } from './client.ts'

/** What the connector works with. */
export type MerchantWebhooksOptions = {
  readonly calls: ProviderCalls
  /** Signing secrets are derived from it; the same as the API's. */
  readonly secret: string
  /** Whether endpoints may be in our own network, and without TLS. */
  readonly isPrivateAllowed: boolean
  readonly nowMs?: () => number
}

type Outcome = Pick<WebhookDeliveryReported, 'succeeded' | 'status' | 'failure'>

/**
 * Tells merchants: `webhook.requests` → their endpoints → `webhook.results`. One attempt a request; when the next one
 * is, is decided by the topology. A crash may repeat an attempt: the event's id tells the merchant so.
 */
export function merchantWebhooksConnector(
  { topics }: Schemas,
  { calls, secret, isPrivateAllowed, nowMs = Date.now }: MerchantWebhooksOptions,
): Connector<WebhookDeliveryRequested, WebhookDeliveryReported> {
  const client = new WebhookClient(isPrivateAllowed)
  const attempt = async (request: WebhookDeliveryRequested, signal: AbortSignal): Promise<Outcome> => {
    const { url, body, eventId, eventType, attempt: no } = request
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Fourfold-Webhooks',
      'fourfold-event-id': eventId,
      'fourfold-event-type': eventType,
      'fourfold-attempt': String(no),
      'fourfold-signature': signBody(body, secretsOf(request, secret), Math.floor(nowMs() / 1000)),
    }
    try {
      const status = await client.post({ url, body, headers }, signal)
      if (status >= 200 && status < 300) return { succeeded: true, status, failure: null }
      return { succeeded: false, status, failure: `http_${status}` }
    } catch (error) {
      if (error instanceof ProviderRefused) return { succeeded: false, status: null, failure: error.code }
      throw error
    }
  }
  return {
    name: 'merchant-webhooks',
    requests: topics.webhookRequests,
    results: topics.webhookResults,
    calls,
    handle: async (request, context) => {
      const outcome = await calls.call((signal) => attempt(request, signal), context.signal)
      const { requestId, merchantId, endpointId, deliveryId, subject } = request
      const meta = childMeta('connector.merchant-webhooks', request, 'result')
      const report = { type: 'WebhookDeliveryReported', meta, merchantId, requestId, endpointId, deliveryId } as const
      const answer: Outcome = outcome.answered
        ? outcome.answer
        : { succeeded: false, status: null, failure: 'no_answer' }
      context.emit({ ...report, subject, ...answer })
    },
  }
}

function secretsOf(request: WebhookDeliveryRequested, master: string): readonly string[] {
  const { endpointId, secretVersion, signWithPrevious } = request
  const versions = signWithPrevious ? [secretVersion, secretVersion - 1] : [secretVersion]
  return versions.map((version) => endpointSecret(master, endpointId, version))
}

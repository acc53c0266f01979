/** Gives each event to the addresses that want it, and each report and replay the address as it is now. */
import { deriveId } from '#domain/ids.ts'
import type { Envelope, ReplayWebhook, WebhookDeliveryReported, WebhookEndpoint, WebhookEndpoints } from '#schemas'
import type { StoreHandle, ValueProcessor } from '#streams'
import { type Announced, type Message, messageOf } from './messages.ts'

/** An event for one address. */
export type ToDeliver = Message & {
  readonly type: 'ToDeliver'
  readonly meta: Envelope
  readonly merchantId: string
  readonly deliveryId: string
  readonly endpoint: WebhookEndpoint
}

/** With the address as it is now; null where it was removed. */
type Located<T> = T & { readonly endpoint: WebhookEndpoint | null }

/** What comes in. */
export type Plain = Announced | WebhookDeliveryReported | ReplayWebhook
/** What goes on. */
export type FannedOut = ToDeliver | Located<WebhookDeliveryReported> | Located<ReplayWebhook>

/** The step; it reads the addresses, which only their decider writes. */
export function fanOut(store: StoreHandle<string, WebhookEndpoints>): ValueProcessor<string, Plain, FannedOut> {
  return {
    process: ({ value }, context) => {
      if (!('merchantId' in value)) return
      const merchantId = value.merchantId
      const endpoints = merchantId === null ? [] : (context.store(store).get(merchantId)?.endpoints ?? [])
      if (value.type === 'WebhookDeliveryReported' || value.type === 'ReplayWebhook') {
        const endpoint = endpoints.find(({ endpointId }) => endpointId === value.endpointId) ?? null
        return context.forward({ ...value, endpoint })
      }
      const message = merchantId === null ? null : messageOf(value)
      if (message === null || merchantId === null) return
      for (const endpoint of endpoints.filter((one) => wants(one, message.eventType))) {
        const deliveryId = deriveId('whd', message.eventId, endpoint.endpointId)
        context.forward({ type: 'ToDeliver', meta: value.meta, ...message, merchantId, deliveryId, endpoint })
      }
    },
  }
}

function wants({ eventTypes }: WebhookEndpoint, eventType: string): boolean {
  return eventTypes.length === 0 || eventTypes.includes(eventType)
}

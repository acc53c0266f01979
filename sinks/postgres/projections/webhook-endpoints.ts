import { type Projection, patch, put, timestamp } from '../projection.ts'

export const webhookEndpoints: Projection = {
  table: 'webhook_endpoints',
  key: ['endpoint_id'],
  rules: {
    WebhookEndpointRegistered: (event) =>
      put({
        endpoint_id: event.endpointId,
        merchant_id: event.merchantId,
        url: event.url,
        event_types: event.eventTypes,
        secret_version: event.secretVersion,
        registered_at: timestamp(event.meta.occurredAt),
      }),
    WebhookSecretRotated: (event) =>
      patch({
        endpoint_id: event.endpointId,
        secret_version: event.secretVersion,
        previous_until: timestamp(event.previousUntil),
      }),
    WebhookEndpointRemoved: (event) => patch({ endpoint_id: event.endpointId, removed: true }),
  },
}

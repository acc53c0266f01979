import type { WebhookAttemptFailed, WebhookDeadLettered, WebhookDelivered } from '#schemas'
import { type Columns, type Projection, patch, put, timestamp } from '../projection.ts'

export const webhookDeliveries: Projection = {
  table: 'webhook_deliveries',
  key: ['delivery_id'],
  rules: {
    WebhookQueued: (event) =>
      put({
        delivery_id: event.deliveryId,
        merchant_id: event.merchantId,
        endpoint_id: event.endpointId,
        subject: event.subject,
        event_id: event.eventId,
        event_type: event.eventType,
        body: event.body,
        status: 'WAITING',
        queued_at: timestamp(event.meta.occurredAt),
        updated_at: timestamp(event.meta.occurredAt),
      }),
    WebhookDelivered: (event) => patch({ ...attempted(event), status: 'DELIVERED', failure: null }),
    WebhookAttemptFailed: (event) =>
      patch({
        ...attempted(event),
        ...{ status: 'RETRYING', failure: event.failure, next_attempt_at: timestamp(event.nextAttemptAt) },
      }),
    WebhookDeadLettered: (event) => patch({ ...attempted(event), status: 'DEAD', failure: event.failure }),
    WebhookReplayed: (event) =>
      patch({ delivery_id: event.deliveryId, status: 'WAITING', updated_at: timestamp(event.meta.occurredAt) }),
  },
}

function attempted(event: WebhookDelivered | WebhookAttemptFailed | WebhookDeadLettered): Columns {
  return {
    delivery_id: event.deliveryId,
    attempts: event.attempt,
    http_status: event.status,
    next_attempt_at: null,
    updated_at: timestamp(event.meta.occurredAt),
  }
}

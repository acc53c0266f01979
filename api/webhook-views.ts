import { z } from '@hono/zod-openapi'
import { id, instant, oneOf, text, whole } from './view-fields.ts'

const endpointId = id('whe', 'The endpoint.')
const secret = text('Signs deliveries. It is stored nowhere; a repeat of the request gives the same one again.')

/** What registering or rotating gives. */
export const WebhookSecretView = z
  .object({ endpointId, secret, secretVersion: whole('Counts the secrets of this endpoint, from 1.', 1) })
  .openapi('WebhookSecret')

/** An endpoint. */
export const WebhookEndpointView = z
  .object({
    endpointId,
    url: text('Where events are posted.', 'https://shop.example.com/fourfold'),
    eventTypes: z.array(z.string()).openapi({ description: 'What it is told; everything where there are none.' }),
    secretVersion: whole('Counts its secrets, from 1.', 1),
    previousUntil: instant('Until when the last secret signs too; null where none does.').nullable(),
  })
  .openapi('WebhookEndpoint')

/** A delivery. */
export const WebhookDeliveryView = z
  .object({
    deliveryId: id('whd', 'The delivery.'),
    endpointId,
    subject: text('What it is about: a purchase or a settlement. Deliveries about the same thing keep their order.'),
    eventId: text('The same at every attempt: what came twice is known by it.'),
    eventType: text('What happened.', 'purchase.captured'),
    body: text('What is posted, as it is signed.'),
    status: oneOf(['WAITING', 'RETRYING', 'DELIVERED', 'DEAD'], 'DEAD: given up; it can be replayed.'),
    attempts: whole('Attempts so far.', 1),
    httpStatus: whole('What the endpoint last answered; null where nothing.', 200).nullable(),
    failure: text('Why the last attempt failed; null where it did not.', 'http_503').nullable(),
    nextAttemptAt: instant('When the next attempt is; null where none is.').nullable(),
    queuedAt: instant('When it happened.'),
  })
  .openapi('WebhookDelivery')

/** What replaying and removing give. */
export const WebhookReplayView = z
  .object({ deliveryId: id('whd', 'The delivery.'), status: oneOf(['WAITING'], 'It is tried again.') })
  .openapi('WebhookReplay')
export const WebhookRemovalView = z
  .object({ endpointId, removed: z.boolean().openapi({ description: 'Nothing is posted there any more.' }) })
  .openapi('WebhookRemoval')

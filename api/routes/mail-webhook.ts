import type { Hono } from 'hono'
import { signedWebhook, type WebhookReceiver } from './signed-webhook.ts'

/** Where mail providers post what came back of mails. */
export const MAIL_WEBHOOK_PATH = '/v1/webhooks/mail'

/** Takes in what mail providers say of bounces and complaints. */
export function mailWebhookRoutes(receiver: WebhookReceiver): Hono {
  return signedWebhook(MAIL_WEBHOOK_PATH, 'mail-signature', receiver)
}

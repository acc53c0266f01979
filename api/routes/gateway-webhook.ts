import { Hono } from 'hono'
import type { GatewayName } from '#domain/gateway-names.ts'
import { signedWebhook, type WebhookReceiver } from './signed-webhook.ts'

/** Where each payment gateway posts its events. */
export const WEBHOOK_PATHS: Readonly<Record<GatewayName, string>> = {
  primary: '/v1/webhooks/payment-gateway',
  secondary: '/v1/webhooks/payment-gateway-2',
}

/** Takes in webhooks of gateways by their path. */
export function gatewayWebhookRoutes(receivers: ReadonlyMap<string, WebhookReceiver>): Hono {
  const app = new Hono()
  for (const [path, receiver] of receivers) app.route('/', signedWebhook(path, 'gateway-signature', receiver))
  return app
}

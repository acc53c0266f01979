import { Hono } from 'hono'
import { requestId } from 'hono/request-id'
import type { GatewayName } from '#domain/gateway-names.ts'
import { limitBody } from '../limits/body-limit.ts'
import { Problem, renderProblem } from '../problems.ts'

/** Takes in a webhook of the payment gateway; throws an Error with a `code` where it is refused. */
export interface WebhookReceiver {
  receive(rawBody: Buffer, signature: string | undefined): string | Promise<string>
}

/** Where each payment gateway posts its events. */
export const WEBHOOK_PATHS: Readonly<Record<GatewayName, string>> = {
  primary: '/v1/webhooks/payment-gateway',
  secondary: '/v1/webhooks/payment-gateway-2',
}

/** Takes in webhooks by their path: the signature is checked on the raw body; duplicates are harmless. */
export function gatewayWebhookRoutes(receivers: ReadonlyMap<string, WebhookReceiver>): Hono {
  const app = new Hono()
  app.onError(renderProblem)
  for (const [path, receiver] of receivers) addWebhook(app, path, receiver)
  return app
}

function addWebhook(app: Hono, path: string, receiver: WebhookReceiver): void {
  app.use(path, requestId({ limitLength: 128 }))
  app.use(path, limitBody())
  app.post(path, async (c) => {
    const rawBody = Buffer.from(await c.req.arrayBuffer())
    try {
      return c.json({ outcome: await receiver.receive(rawBody, c.req.header('gateway-signature')) })
    } catch (error) {
      const { code, message } = error as { code?: unknown; message?: string }
      // What is not a refusal of the webhook is a fault of ours, and the gateway sends it again.
      if (typeof code !== 'string' || !code.startsWith('WEBHOOK_')) throw error
      throw new Problem(400, code, message ?? 'The webhook was refused.')
    }
  })
}

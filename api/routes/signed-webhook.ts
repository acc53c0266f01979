import { Hono } from 'hono'
import { requestId } from 'hono/request-id'
import { limitBody } from '../limits/body-limit.ts'
import { Problem, renderProblem } from '../problems.ts'

/** Takes in a webhook of a provider; throws an Error with a `code` where it is refused. */
export interface WebhookReceiver {
  receive(rawBody: Buffer, signature: string | undefined): string | Promise<string>
}

/** Where a provider posts its events: the signature (in `header`) is of the raw body; duplicates are harmless. */
export function signedWebhook(path: string, header: string, receiver: WebhookReceiver): Hono {
  const app = new Hono()
  app.onError(renderProblem)
  app.use(path, requestId({ limitLength: 128 }))
  app.use(path, limitBody())
  app.post(path, async (c) => {
    const rawBody = Buffer.from(await c.req.arrayBuffer())
    try {
      return c.json({ outcome: await receiver.receive(rawBody, c.req.header(header)) })
    } catch (error) {
      const { code, message } = error as { code?: unknown; message?: string }
      // What is not a refusal of the webhook is a fault of ours, and the provider sends it again.
      if (typeof code !== 'string' || !code.startsWith('WEBHOOK_')) throw error
      throw new Problem(400, code, message ?? 'The webhook was refused.')
    }
  })
  return app
}

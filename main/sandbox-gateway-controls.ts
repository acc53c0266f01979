import { Hono, type MiddlewareHandler } from 'hono'

/**
 * Lets the operator play the cardholder's bank (takes a charge of a sandbox gateway back, and decides on it), and make
 * the gateway fail. They are the gateway's own endpoints, handed through; what follows comes in by its webhooks.
 */
export function sandboxGatewayControls(gatewayUrl: () => string, operatorOnly: MiddlewareHandler): Hono {
  const app = new Hono()
  for (const path of ['/v1/charge-backs', '/v1/charge-back-decisions', '/v1/outages']) {
    app.post(path, operatorOnly, async (c) => {
      const key = c.req.header('idempotency-key')
      const answer = await fetch(gatewayUrl() + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
        body: await c.req.text(),
      })
      return new Response(answer.body, { status: answer.status, headers: { 'content-type': 'application/json' } })
    })
  }
  return app
}

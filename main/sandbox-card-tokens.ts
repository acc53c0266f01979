import { Hono } from 'hono'
import { cors } from 'hono/cors'

/**
 * Lets a browser reach the sandbox gateway's card form, which listens on this machine only. It is the gateway's own
 * endpoint, handed through: the number goes to the gateway, and only its token comes to the platform.
 */
export function cardTokenRoutes(gatewayUrl: () => string): Hono {
  const app = new Hono()
  app.use(cors({ origin: '*', allowMethods: ['POST'] }))
  app.post('/v1/tokens', async (c) => {
    const answer = await fetch(`${gatewayUrl()}/v1/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: await c.req.text(),
    })
    return new Response(answer.body, { status: answer.status, headers: { 'content-type': 'application/json' } })
  })
  return app
}

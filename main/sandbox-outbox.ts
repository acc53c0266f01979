import { Hono } from 'hono'

/**
 * Shows what the sandboxes sent to one recipient, `?to=`, so that codes can be entered where no mail leaves the
 * machine. Codes open accounts: it is there only where every provider is a sandbox, and so nothing of it is real.
 */
export function outboxRoutes(outbox: () => string | null): Hono {
  const app = new Hono()
  for (const path of ['/mail', '/sms', '/push']) {
    app.get(path, async (c) => {
      const url = outbox()
      const to = c.req.query('to')
      if (url === null || to === undefined) return c.notFound()
      const answer = await fetch(`${url}${path}?to=${encodeURIComponent(to)}`)
      return new Response(answer.body, { status: answer.status, headers: { 'content-type': 'application/json' } })
    })
  }
  return app
}

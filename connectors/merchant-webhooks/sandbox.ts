/**
 * A merchant's server to try webhooks with: it takes what is posted under any name, shows it, and can be told to fail:
 * a name that ends with `-down` is never there, and `?fail=2` fails the first two attempts of each event.
 */
import { Hono } from 'hono'
import { RecentList } from '../runtime/recent-list.ts'

/** Something that came in. */
export type ReceivedWebhook = {
  readonly name: string
  readonly eventId: string
  readonly eventType: string
  readonly signature: string
  readonly body: string
}

const KEPT = 10_000

/** The server's app, to be served under any path. */
export function merchantSandbox(): Hono {
  const received = new RecentList<ReceivedWebhook>(KEPT)
  const attempts = new RecentList<number>(KEPT)
  let count = 0
  const all: string[] = []
  const app = new Hono()
  app.post('/:name', async (c) => {
    const name = c.req.param('name')
    const eventId = c.req.header('fourfold-event-id') ?? ''
    const attemptNo = (attempts.get(`${name} ${eventId}`) ?? 0) + 1
    attempts.add(`${name} ${eventId}`, attemptNo)
    if (name.endsWith('-down') || attemptNo <= Number(c.req.query('fail') ?? 0)) return c.text('busy', 503)
    const [eventType, signature] = [c.req.header('fourfold-event-type'), c.req.header('fourfold-signature')]
    const key = String(++count)
    received.add(key, {
      name,
      eventId,
      eventType: eventType ?? '',
      signature: signature ?? '',
      body: await c.req.text(),
    })
    all.push(key)
    if (all.length > KEPT) all.shift()
    return c.text('thanks')
  })
  app.get('/:name', (c) => {
    const name = c.req.param('name')
    const shown = all.flatMap((key) => {
      const one = received.get(key)
      return one === undefined || one.name !== name ? [] : [one]
    })
    return c.json(shown)
  })
  return app
}

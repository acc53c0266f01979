/**
 * All sandbox providers of the platform: one HTTP server with identity, business verification, bureau, payment gateway,
 * SMS, push and a merchant's own server (`/merchant/<name>`) under paths of their own, and a mail server. They listen
 * on the loopback interface unless told otherwise: they take anything from anybody.
 */
import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { bureauSandbox } from './bureau/sandbox.ts'
import { businessSandbox } from './business/sandbox.ts'
import { startMailSandbox } from './email/sandbox.ts'
import { identitySandbox } from './identity/sandbox.ts'
import { merchantSandbox } from './merchant-webhooks/sandbox.ts'
import { gatewaySandbox } from './payment-gateway/sandbox.ts'
import { WebhookSender } from './payment-gateway/webhook-sender.ts'
import { pushSandbox } from './push/sandbox.ts'
import { smsSandbox } from './sms/sandbox.ts'

/** How the sandboxes are started; all of it has defaults. */
export type SandboxOptions = {
  readonly host?: string
  /** Of the HTTP server; 0: any free one. */
  readonly port?: number
  /** Where the sandboxes keep the idempotency keys they have answered; only in memory where it is left out. */
  readonly directory?: string
  /** Makes card tokens and charge ids; the same on every start. */
  readonly gatewaySecret?: string
  /** Where the gateway posts its events, and the secret it signs them with; it posts none where this is left out. */
  readonly webhook?: { readonly url: string; readonly secret: string }
  /** How long an identity review takes; milliseconds. */
  readonly reviewMs?: number
}

/** Where each provider is. */
export type ProviderUrls = {
  readonly identity: string
  readonly business: string
  readonly bureau: string
  readonly gateway: string
  readonly smtp: string
  readonly sms: string
  readonly push: string
}

/** The sandboxes at work. */
export type Sandboxes = {
  readonly urls: ProviderUrls
  /** Shows what was sent: GET `<outbox>/mail`, `/sms`, `/push`, each also for one `?to=`. */
  readonly outbox: string
  close(): Promise<void>
}

/** Starts all sandbox providers. */
export async function startSandboxes(options: SandboxOptions = {}): Promise<Sandboxes> {
  const { host = '127.0.0.1', port = 0, directory, webhook, gatewaySecret, reviewMs } = options
  const sender = webhook ? new WebhookSender(webhook) : null
  const identity = identitySandbox({ directory, ...(reviewMs === undefined ? {} : { reviewMs }) })
  const business = businessSandbox({ directory })
  const bureau = bureauSandbox({ directory })
  const gateway = gatewaySandbox({
    directory,
    ...(gatewaySecret === undefined ? {} : { secret: gatewaySecret }),
    ...(sender ? { onEvent: (event) => sender.send(event) } : {}),
  })
  const sms = smsSandbox({ directory })
  const push = pushSandbox({ directory })
  const mail = await startMailSandbox({ host })

  const app = new Hono()
  app.route('/identity', identity.app)
  app.route('/business', business.app)
  app.route('/bureau', bureau.app)
  app.route('/gateway', gateway.app)
  app.route('/sms', sms.app)
  app.route('/push', push.app)
  app.route('/merchant', merchantSandbox())
  app.get('/outbox/mail', (c) => {
    const to = c.req.query('to')
    return c.json(mail.messages().filter((message) => to === undefined || message.to.includes(to)))
  })
  app.get('/outbox/sms', (c) => c.redirect(`/sms/v1/messages${new URL(c.req.url).search}`))
  app.get('/outbox/push', (c) => c.redirect(`/push/v1/notifications${new URL(c.req.url).search}`))

  const server = await listen(app, host, port)
  const { port: actualPort } = server.address() as AddressInfo
  const base = `http://${host}:${actualPort}`
  return {
    urls: {
      identity: `${base}/identity`,
      business: `${base}/business`,
      bureau: `${base}/bureau`,
      gateway: `${base}/gateway`,
      smtp: mail.url,
      sms: `${base}/sms`,
      push: `${base}/push`,
    },
    outbox: `${base}/outbox`,
    close: async () => {
      await sender?.close()
      await Promise.all([closeServer(server), mail.close()])
      await Promise.all([identity, business, bureau, gateway, sms, push].map((sandbox) => sandbox.close()))
    },
  }
}

function listen(app: Hono, host: string, port: number): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(server))
    server.once('error', reject)
  })
}

function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}

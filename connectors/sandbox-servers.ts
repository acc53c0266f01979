/**
 * All sandbox providers of the platform: one HTTP server with identity, business verification, two bureaus, two
 * payment gateways, two of SMS and of push, and a merchant's own server (`/merchant/<name>`) under paths of their own,
 * and two mail servers. They listen on the loopback interface unless told otherwise: they take anything from anybody.
 */
import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { bureauSandbox } from './bureau/sandbox.ts'
import { secondBureauSandbox } from './bureau/second-sandbox.ts'
import { businessSandbox } from './business/sandbox.ts'
import { type MailSandbox, startMailSandbox } from './email/sandbox.ts'
import type { MailEvent } from './email/webhook.ts'
import { identitySandbox } from './identity/sandbox.ts'
import { merchantSandbox } from './merchant-webhooks/sandbox.ts'
import type { MessageSandbox } from './notices/message-sandbox.ts'
import { gatewaySandbox } from './payment-gateway/sandbox.ts'
import { pushSandbox } from './push/sandbox.ts'
import { WebhookSender } from './runtime/webhook-sender.ts'
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
  /** The same of the second gateway. */
  readonly webhook2?: { readonly url: string; readonly secret: string }
  /** The same of the mail servers. */
  readonly mailWebhook?: { readonly url: string; readonly secret: string }
  /** How long an identity review takes; milliseconds. */
  readonly reviewMs?: number
}

/** Where each provider is. */
export type ProviderUrls = {
  readonly identity: string
  readonly business: string
  readonly bureau: string
  /** The second bureau; left out where there is one only. */
  readonly bureau2?: string
  readonly gateway: string
  /** The second gateway; left out where there is one only. */
  readonly gateway2?: string
  readonly smtp: string
  readonly sms: string
  readonly push: string
  /** The second provider of each channel; left out where there is one only. */
  readonly smtp2?: string
  readonly sms2?: string
  readonly push2?: string
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
  const { host = '127.0.0.1', port = 0, directory, mailWebhook, reviewMs } = options
  const identity = identitySandbox({ directory, ...(reviewMs === undefined ? {} : { reviewMs }) })
  const business = businessSandbox({ directory })
  const bureau = bureauSandbox({ directory })
  const bureau2 = secondBureauSandbox({ directory })
  const gateway = openGateway(options, 'payment-gateway', options.webhook)
  const gateway2 = openGateway(options, 'payment-gateway-2', options.webhook2)
  const texts = [smsSandbox({ directory }), smsSandbox({ directory, name: 'sms-2' })] as const
  const pushes = [pushSandbox({ directory }), pushSandbox({ directory, name: 'push-2' })] as const
  const mailSender = mailWebhook ? new WebhookSender({ ...mailWebhook, header: 'mail-signature' }) : null
  const mailOptions = { host, ...(mailSender ? { onEvent: (event: MailEvent) => mailSender.send(event) } : {}) }
  const mails = [await startMailSandbox(mailOptions), await startMailSandbox(mailOptions)] as const

  const app = new Hono()
  app.route('/identity', identity.app)
  app.route('/business', business.app)
  app.route('/bureau', bureau.app)
  app.route('/bureau-2', bureau2.app)
  app.route('/gateway', gateway.app)
  app.route('/gateway-2', gateway2.app)
  app.route('/sms', texts[0].app)
  app.route('/sms-2', texts[1].app)
  app.route('/push', pushes[0].app)
  app.route('/push-2', pushes[1].app)
  app.route('/merchant', merchantSandbox())
  app.route('/outbox', outboxOf(mails, texts, pushes))

  const server = await listen(app, host, port)
  const { port: actualPort } = server.address() as AddressInfo
  const base = `http://${host}:${actualPort}`
  return {
    urls: {
      identity: `${base}/identity`,
      business: `${base}/business`,
      bureau: `${base}/bureau`,
      bureau2: `${base}/bureau-2`,
      gateway: `${base}/gateway`,
      gateway2: `${base}/gateway-2`,
      smtp: mails[0].url,
      sms: `${base}/sms`,
      push: `${base}/push`,
      smtp2: mails[1].url,
      sms2: `${base}/sms-2`,
      push2: `${base}/push-2`,
    },
    outbox: `${base}/outbox`,
    close: async () => {
      await Promise.all([gateway.stopTelling(), gateway2.stopTelling(), mailSender?.close()])
      await Promise.all([closeServer(server), ...mails.map((mail) => mail.close())])
      const all = [identity, business, bureau, bureau2, gateway, gateway2, ...texts, ...pushes]
      await Promise.all(all.map((sandbox) => sandbox.close()))
    },
  }
}

/** What the providers of each channel have sent, whichever of them did. */
function outboxOf(
  mails: readonly MailSandbox[],
  texts: readonly MessageSandbox[],
  pushes: readonly MessageSandbox[],
): Hono {
  const app = new Hono()
  const ofChannel = (path: string, boxes: readonly MessageSandbox[]) =>
    app.get(path, (c) => {
      const to = c.req.query('to')
      const messages = boxes.flatMap((box) => box.messages())
      return c.json(messages.filter(({ fields }) => to === undefined || fields['to'] === to))
    })
  app.get('/mail', (c) => {
    const to = c.req.query('to')
    return c.json(mails.flatMap((mail) => mail.messages(to)))
  })
  ofChannel('/sms', texts)
  ofChannel('/push', pushes)
  return app
}

/** A gateway that posts what happens to its own webhook, where it has one. */
function openGateway(options: SandboxOptions, name: string, webhook: SandboxOptions['webhook']) {
  const { directory, gatewaySecret } = options
  const sender = webhook ? new WebhookSender({ ...webhook, header: 'gateway-signature' }) : null
  const gateway = gatewaySandbox({
    ...{ directory, name },
    ...(gatewaySecret === undefined ? {} : { secret: gatewaySecret }),
    ...(sender ? { onEvent: (event) => sender.send(event) } : {}),
  })
  return { ...gateway, stopTelling: async () => sender?.close() }
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

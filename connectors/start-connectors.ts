import type { GatewayName } from '#domain/gateway-names.ts'
import type { Schemas } from '#schemas'
import type { Log } from '#streams'
import { type Bureau, bureauConnector } from './bureau/connector.ts'
import { businessConnector } from './business/connector.ts'
import { emailConnector } from './email/connector.ts'
import { identityConnector } from './identity/connector.ts'
import { merchantWebhooksConnector } from './merchant-webhooks/connector.ts'
import type { NoticeProvider } from './notices/notice-provider.ts'
import { paymentGatewayConnector } from './payment-gateway/connector.ts'
import { payoutsConnector } from './payouts/connector.ts'
import { pushConnector } from './push/connector.ts'
import type { ConnectorStatus } from './runtime/connector.ts'
import { type CallOptions, ProviderCalls } from './runtime/provider-calls.ts'
import { type RunningConnector, type RunOptions, runConnector } from './runtime/run-connector.ts'
import type { ProviderUrls } from './sandbox-servers.ts'
import { smsConnector } from './sms/connector.ts'

/** The connectors by their name. */
export const CONNECTOR_NAMES = [
  'identity',
  'business',
  'bureau',
  'payment-gateway',
  'payment-gateway-2',
  'payouts',
  'email',
  'sms',
  'push',
  'merchant-webhooks',
] as const

/** A connector's name. */
export type ConnectorName = (typeof CONNECTOR_NAMES)[number]

/** What the connectors work with. */
export type StartConnectorsOptions = Omit<RunOptions, 'log'> & {
  readonly log: Log
  readonly schemas: Schemas
  readonly urls: ProviderUrls
  /** Makes one-time codes and the secrets of webhook endpoints from their ids; the API has the same. */
  readonly codeSecret: string
  /** Whether webhook endpoints may be in our own network; not where it is left out. */
  readonly privateWebhooks?: boolean
  /** Our address in e-mails, with or without a name. */
  readonly mailFrom?: string
  /** Which of two providers of a channel is asked first; 1 where it is left out. */
  readonly first?: Partial<Readonly<Record<NoticeChannel, 1 | 2>>>
  /** How patient calls are, for all connectors or for one. */
  readonly calls?: Partial<CallOptions> & { readonly [name in ConnectorName]?: Partial<CallOptions> }
}

/** Channels that may have two providers. */
export type NoticeChannel = 'email' | 'sms' | 'push'

/** All connectors at work. */
export type Connectors = {
  readonly all: readonly RunningConnector[]
  /** Ends the pause of a request to a payment gateway: its webhook tells that something is known. */
  wake(requestId: string): void
  status(): ConnectorStatus[]
  close(): Promise<void>
}

/** Nobody waits for the result of a notice: its transactions may hold more of them. */
const NOTICE_REST = { restMs: 50, restPerCommit: 10, restMsMax: 500 }

/**
 * The endpoints of merchants are many providers: one that is away must not stop the calls to the others, and when it is
 * tried again is decided by the topology.
 */
function webhookCalls({ calls }: StartConnectorsOptions): ProviderCalls {
  const patient = { tries: 1, timeoutMs: 10_000, concurrency: 64, openAfterFailures: Number.MAX_SAFE_INTEGER }
  return new ProviderCalls({ ...patient, ...calls?.['merchant-webhooks'] })
}

/** Starts every connector, each with a circuit breaker of its own. Their topics are made where they are missing. */
export async function startConnectors(options: StartConnectorsOptions): Promise<Connectors> {
  const { schemas, urls, codeSecret, mailFrom, nowMs } = options
  const calls = (name: ConnectorName) => new ProviderCalls({ ...options.calls, ...options.calls?.[name] })
  const clock = nowMs === undefined ? {} : { nowMs }
  const sender = mailFrom === undefined ? {} : { from: mailFrom }
  const inOrder = (channel: NoticeChannel) => providersOf(options, channel, () => calls(channel))
  const notices = { rest: NOTICE_REST, ...options }
  const [gateways, ...others] = await Promise.all([
    startGateways(options, calls),
    runConnector(payoutsConnector(schemas, { url: urls.gateway, calls: calls('payouts') }), options),
    runConnector(identityConnector(schemas, { url: urls.identity, calls: calls('identity'), ...clock }), options),
    runConnector(businessConnector(schemas, { url: urls.business, calls: calls('business') }), options),
    runConnector(
      bureauConnector(
        schemas,
        bureausOf(urls, () => calls('bureau')),
      ),
      options,
    ),
    runConnector(emailConnector(schemas, { providers: inOrder('email'), codeSecret, ...sender }), notices),
    runConnector(smsConnector(schemas, { providers: inOrder('sms'), codeSecret }), notices),
    runConnector(pushConnector(schemas, { providers: inOrder('push') }), notices),
    runConnector(
      merchantWebhooksConnector(schemas, {
        ...{ calls: webhookCalls(options), secret: codeSecret, isPrivateAllowed: options.privateWebhooks ?? false },
      }),
      options,
    ),
  ])
  const all: readonly RunningConnector[] = [...gateways, ...others]
  return {
    all,
    wake: (requestId) => {
      for (const gateway of gateways) gateway.wake(requestId)
    },
    status: () => all.map((connector) => connector.status()),
    close: async () => {
      await Promise.all(all.map((connector) => connector.close()))
    },
  }
}

/** The providers of a channel in the order in which they are asked, each with a circuit of its own. */
function providersOf(
  { urls, first }: StartConnectorsOptions,
  channel: NoticeChannel,
  calls: () => ProviderCalls,
): readonly NoticeProvider[] {
  const pairs = { email: [urls.smtp, urls.smtp2], sms: [urls.sms, urls.sms2], push: [urls.push, urls.push2] }
  const providers = pairs[channel].flatMap((url, at) =>
    url === undefined ? [] : [{ name: `${channel}-${at + 1}`, url, calls: calls() }],
  )
  return first?.[channel] === 2 ? providers.reverse() : providers
}

/** The bureaus there are, each with a circuit of its own. */
function bureausOf({ bureau, bureau2 }: ProviderUrls, calls: () => ProviderCalls): readonly Bureau[] {
  const first = { name: 'primary' as const, url: bureau, calls: calls() }
  return bureau2 === undefined ? [first] : [first, { name: 'secondary', url: bureau2, calls: calls() }]
}

/** One connector a gateway, each with its own circuit: one that is away holds up its own requests only. */
function startGateways(
  options: StartConnectorsOptions,
  calls: (name: ConnectorName) => ProviderCalls,
): Promise<readonly RunningConnector[]> {
  const { schemas, urls } = options
  const start = (name: 'payment-gateway' | 'payment-gateway-2', gateway: GatewayName, url: string) =>
    runConnector(paymentGatewayConnector(schemas, { url, gateway, calls: calls(name) }), options)
  return Promise.all([
    start('payment-gateway', 'primary', urls.gateway),
    ...(urls.gateway2 === undefined ? [] : [start('payment-gateway-2', 'secondary', urls.gateway2)]),
  ])
}

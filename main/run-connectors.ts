import { join } from 'node:path'
import type { RunningConnector } from '#connectors/runtime/run-connector.ts'
import { startConnectors } from '#connectors/start-connectors.ts'
import type { ApiSecrets } from './api-secrets.ts'
import type { Closers } from './closers.ts'
import type { Foundation } from './foundation.ts'
import { keptSecret } from './kept-secret.ts'
import { openProviders, type Providers } from './providers.ts'
import type { Settings } from './settings.ts'

/** The connectors at work, and what they call. */
export type RunningConnectors = {
  readonly all: readonly RunningConnector[]
  readonly gateway: RunningConnector
  readonly providers: Providers
}

/** Where the payment gateway posts its events. */
export const WEBHOOK_PATH = '/v1/webhooks/payment-gateway'

/**
 * Whether merchants may be told at addresses of our own network: only while no real money moves. Else whoever registers
 * an endpoint could make the platform call what is behind its firewall.
 */
export function allowsPrivateWebhooks({ GATEWAY_URL }: Settings): boolean {
  return GATEWAY_URL === null
}

/** Starts the sandboxes that are needed and every connector; says when one is in trouble and when it works again. */
export async function runConnectors(
  { settings, storage, schemas, server, cluster }: Foundation,
  { webhookSecret, tokenSecret }: Pick<ApiSecrets, 'webhookSecret' | 'tokenSecret'>,
  closers: Closers,
): Promise<RunningConnectors> {
  const sandbox = {
    directory: join(settings.DATA_DIR, 'sandbox'),
    gatewaySecret: keptSecret(settings.DATA_DIR, 'sandbox-gateway-secret').secret,
    webhook: { url: server.localUrl + WEBHOOK_PATH, secret: webhookSecret },
  }
  const providers = await openProviders(settings, sandbox, cluster.peers, closers)
  const onTrouble = (connector: string, trouble: string | null) =>
    console.error(trouble === null ? `Connector ${connector}: works again.` : `Connector ${connector}: ${trouble}`)
  const { log, instanceId } = storage
  const { all, gateway, close } = await startConnectors({
    ...{ log, schemas, urls: providers.urls, codeSecret: tokenSecret, onTrouble },
    privateWebhooks: allowsPrivateWebhooks(settings),
    first: {
      email: placeOf(settings.SMTP_FIRST),
      sms: placeOf(settings.SMS_FIRST),
      push: placeOf(settings.PUSH_FIRST),
    },
    // Their producers are named by it: two processes of one name would fence each other.
    instance: log.capabilities.crossProcess ? instanceId : '0',
  })
  closers.add('the connectors', close)
  return { all, gateway, providers }
}

function placeOf(first: '1' | '2'): 1 | 2 {
  return first === '2' ? 2 : 1
}

import { join } from 'node:path'
import { WEBHOOK_PATHS } from '#api/routes/gateway-webhook.ts'
import { MAIL_WEBHOOK_PATH } from '#api/routes/mail-webhook.ts'
import type { RunningConnector } from '#connectors/runtime/run-connector.ts'
import { startConnectors } from '#connectors/start-connectors.ts'
import type { ConnectorSecrets } from './api-secrets.ts'
import type { Closers } from './closers.ts'
import type { Foundation } from './foundation.ts'
import { keptSecret } from './kept-secret.ts'
import { openProviders, type Providers } from './providers.ts'
import type { Settings } from './settings.ts'

/** The connectors at work, and what they call. */
export type RunningConnectors = {
  readonly all: readonly RunningConnector[]
  /** Ends the pause of a request to a payment gateway. */
  readonly wake: (requestId: string) => void
  readonly providers: Providers
}

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
  { webhookSecrets, tokenSecret, mailSecret }: ConnectorSecrets,
  closers: Closers,
): Promise<RunningConnectors> {
  const sandbox = {
    directory: join(settings.DATA_DIR, 'sandbox'),
    gatewaySecret: keptSecret(settings.DATA_DIR, 'sandbox-gateway-secret').secret,
    webhook: { url: server.localUrl + WEBHOOK_PATHS.primary, secret: webhookSecrets.primary },
    webhook2: { url: server.localUrl + WEBHOOK_PATHS.secondary, secret: webhookSecrets.secondary },
    mailWebhook: { url: server.localUrl + MAIL_WEBHOOK_PATH, secret: mailSecret },
  }
  const providers = await openProviders(settings, sandbox, cluster.peers, closers)
  const onTrouble = (connector: string, trouble: string | null) =>
    console.error(trouble === null ? `Connector ${connector}: works again.` : `Connector ${connector}: ${trouble}`)
  const { log, instanceId } = storage
  const { all, wake, close } = await startConnectors({
    ...{ log, schemas, urls: providers.urls, codeSecret: tokenSecret, onTrouble },
    privateWebhooks: allowsPrivateWebhooks(settings),
    first: {
      email: placeOf(settings.SMTP_FIRST),
      sms: placeOf(settings.SMS_FIRST),
      push: placeOf(settings.PUSH_FIRST),
    },
    calls: gatewayCalls(settings),
    // Their producers are named by it: two processes of one name would fence each other.
    instance: log.capabilities.crossProcess ? instanceId : '0',
  })
  closers.add('the connectors', close)
  return { all, wake, providers }
}

/** When a gateway that fails is left out, and for how long. */
function gatewayCalls(settings: Settings) {
  const { GATEWAY_FAILURES_MAX, GATEWAY_REST_SECONDS, GATEWAY_2_FAILURES_MAX, GATEWAY_2_REST_SECONDS } = settings
  const calls = (openAfterFailures: number, seconds: number) => ({ openAfterFailures, openMs: seconds * 1_000 })
  return {
    'payment-gateway': calls(GATEWAY_FAILURES_MAX, GATEWAY_REST_SECONDS),
    'payment-gateway-2': calls(GATEWAY_2_FAILURES_MAX, GATEWAY_2_REST_SECONDS),
  }
}

function placeOf(first: '1' | '2'): 1 | 2 {
  return first === '2' ? 2 : 1
}

import type { GatewayName } from '#domain/gateway-names.ts'
import { keptSecret } from './kept-secret.ts'
import type { Settings } from './settings.ts'

/** What the API signs and is asked with; the same on every node of it. */
export type ApiSecrets = {
  readonly operatorToken: string
  /** True where it was made just now. */
  readonly isNewOperatorToken: boolean
  /** Makes session tokens, one-time codes, cursors and fingerprints. */
  readonly tokenSecret: string
  /** Sign the webhooks of the payment gateways, each its own. */
  readonly webhookSecrets: Readonly<Record<GatewayName, string>>
  /** Signs the webhooks of the mail servers. */
  readonly mailSecret: string
}

/** Those of the settings, and else those kept in DATA_DIR. */
export function apiSecrets(settings: Settings): ApiSecrets {
  const { ADMIN_TOKEN, DATA_DIR } = settings
  const operator = ADMIN_TOKEN === null ? keptSecret(DATA_DIR, 'operator-token') : { secret: ADMIN_TOKEN, isNew: false }
  return {
    operatorToken: operator.secret,
    isNewOperatorToken: operator.isNew,
    ...connectorSecrets(settings),
  }
}

/** Those that the connectors need. */
export type ConnectorSecrets = Pick<ApiSecrets, 'tokenSecret' | 'webhookSecrets' | 'mailSecret'>

/** What connectors make one-time codes and check webhooks with. */
export function connectorSecrets(settings: Settings): ConnectorSecrets {
  const tokenSecret = settings.TOKEN_SECRET ?? keptSecret(settings.DATA_DIR, 'token-secret').secret
  const { MAIL_WEBHOOK_SECRET, DATA_DIR } = settings
  const mailSecret = MAIL_WEBHOOK_SECRET ?? keptSecret(DATA_DIR, 'mail-webhook-secret').secret
  return { tokenSecret, webhookSecrets: webhookSecrets(settings), mailSecret }
}

/** Of the settings, and else those kept in DATA_DIR for the sandbox. */
function webhookSecrets(settings: Settings): Readonly<Record<GatewayName, string>> {
  const { GATEWAY_WEBHOOK_SECRET, GATEWAY_2_WEBHOOK_SECRET, DATA_DIR } = settings
  return {
    primary: GATEWAY_WEBHOOK_SECRET ?? keptSecret(DATA_DIR, 'gateway-webhook-secret').secret,
    secondary: GATEWAY_2_WEBHOOK_SECRET ?? keptSecret(DATA_DIR, 'gateway-2-webhook-secret').secret,
  }
}

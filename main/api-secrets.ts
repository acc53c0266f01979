import { keptSecret } from './kept-secret.ts'
import type { Settings } from './settings.ts'

/** What the API signs and is asked with; the same on every node of it. */
export type ApiSecrets = {
  readonly operatorToken: string
  /** True where it was made just now. */
  readonly isNewOperatorToken: boolean
  /** Makes session tokens, cursors and fingerprints. */
  readonly tokenSecret: string
  /** Signs the webhooks of the payment gateway. */
  readonly webhookSecret: string
}

/** Those of the settings, and else those kept in DATA_DIR. */
export function apiSecrets(settings: Settings): ApiSecrets {
  const { ADMIN_TOKEN, TOKEN_SECRET, DATA_DIR } = settings
  const operator = ADMIN_TOKEN === null ? keptSecret(DATA_DIR, 'operator-token') : { secret: ADMIN_TOKEN, isNew: false }
  return {
    operatorToken: operator.secret,
    isNewOperatorToken: operator.isNew,
    tokenSecret: TOKEN_SECRET ?? keptSecret(DATA_DIR, 'token-secret').secret,
    webhookSecret: webhookSecret(settings),
  }
}

/** Of the settings, and else the one kept in DATA_DIR for the sandbox. */
export function webhookSecret({ GATEWAY_WEBHOOK_SECRET, DATA_DIR }: Settings): string {
  return GATEWAY_WEBHOOK_SECRET ?? keptSecret(DATA_DIR, 'gateway-webhook-secret').secret
}

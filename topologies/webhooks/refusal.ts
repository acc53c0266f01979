import type { WebhookCommand, WebhookCommandRefused } from '#schemas'
import { childMeta } from '#schemas'

/** The event of a refused command; nothing else changes. `detail` says what to do instead. */
export function refusal(command: WebhookCommand, code: string, detail: string): WebhookCommandRefused {
  const meta = childMeta('webhooks', command, 'WebhookCommandRefused')
  return { type: 'WebhookCommandRefused', meta, merchantId: command.merchantId, command: command.type, code, detail }
}

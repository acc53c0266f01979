/** Webhooks of a mail provider: what came back of mails it had taken. Signed in `Mail-Signature`. */
import type { DeliveryTrouble } from '#schemas'
import { type SignatureOptions, SignedWebhook } from '../runtime/signed-webhook.ts'

/** What the provider tells of a mail. */
export type MailEvent = {
  readonly id: string
  readonly name: keyof typeof troubles
  readonly data: {
    readonly recipient: string
    /** In the provider's words. */
    readonly reason: string
    /** What the mail came with, in its headers `X-Fourfold-Consumer` and `X-Fourfold-Notice`. */
    readonly metadata: { readonly consumer: string; readonly notice: string }
  }
}

/** What each event means. */
const troubles = {
  'mail.bounced': 'HARD_BOUNCE',
  'mail.deferred': 'SOFT_BOUNCE',
  'mail.complained': 'COMPLAINT',
} as const satisfies Readonly<Record<string, DeliveryTrouble>>

const FIELDS = ['recipient', 'reason', 'metadata.consumer', 'metadata.notice']

/** Receives the webhooks; `onTrouble` hears of each event until it has taken it in. */
export class MailWebhook extends SignedWebhook<MailEvent> {
  constructor({
    onTrouble,
    ...signature
  }: SignatureOptions & { readonly onTrouble: (event: MailEvent) => Promise<void> }) {
    const required = Object.fromEntries(Object.keys(troubles).map((name) => [name, FIELDS]))
    super({ ...signature, header: 'Mail-Signature', required, onEvent: onTrouble })
  }
}

/** What an event means. */
export function troubleOf({ name }: MailEvent): DeliveryTrouble {
  return troubles[name]
}

import type { NotificationRequested } from '#schemas'

/** A mail of ours. */
export type Mail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** The same for a repeated request, so that mail systems can tell the two are one. */
  readonly messageId: string
  readonly date: Date
  /** What the provider's webhooks give back to us. */
  readonly headers: Readonly<Record<'X-Fourfold-Consumer' | 'X-Fourfold-Notice', string>>
}

/** What is sent for a notice. `domain`: the host part of message ids. */
export function mailOf(request: NotificationRequested, domain: string): Mail {
  return {
    to: request.recipient,
    subject: request.subject ?? '',
    text: request.body,
    messageId: `<${request.requestId}@${domain}>`,
    date: new Date(request.meta.occurredAt),
    headers: { 'X-Fourfold-Consumer': request.consumerId, 'X-Fourfold-Notice': request.requestId },
  }
}

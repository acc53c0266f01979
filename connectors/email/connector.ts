import type { NotificationReported, NotificationRequested, Schemas } from '#schemas'
import { sendNotice } from '../notices/send-notice.ts'
import { withCode } from '../notices/with-code.ts'
import type { Connector } from '../runtime/connector.ts'
import type { ProviderCalls } from '../runtime/provider-calls.ts'
import { EmailClient } from './client.ts'
import { mailOf } from './mapping.ts'

const FROM = 'Fourfold <notices@fourfold.example>'

/** Where the mail server is, and who we are. */
export type EmailConnectorOptions = {
  /** `smtp://user:password@host:port` or `smtps://…` */
  readonly url: string
  readonly calls: ProviderCalls
  /** Makes one-time codes from their ids. */
  readonly codeSecret: string
  /** Our address, with or without a name. */
  readonly from?: string
}

/** Sends notices by e-mail: `notification.requests` → SMTP → `notification.results`. */
export function emailConnector(
  schemas: Schemas,
  { url, calls, codeSecret, from = FROM }: EmailConnectorOptions,
): Connector<NotificationRequested, NotificationReported> {
  const client = new EmailClient(url, from)
  const domain = /@([^@>]+)>?$/.exec(from)?.[1] ?? 'localhost'
  return {
    name: 'email',
    requests: schemas.topics.notificationRequests,
    results: schemas.topics.notificationResults,
    calls,
    accepts: (request) => request.channel === 'EMAIL',
    close: () => client.close(),
    handle: async (request, context) => {
      const send = async () => ({ ref: await client.send(mailOf(withCode(request, codeSecret), domain)) })
      context.emit(await sendNotice(request, { source: 'connector.email', calls, context, send }))
    },
  }
}

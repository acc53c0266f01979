import type { NotificationReported, NotificationRequested, Schemas } from '#schemas'
import { type NoticeProvider, noticeRoute } from '../notices/notice-provider.ts'
import { type NoticeSender, sendNotice } from '../notices/send-notice.ts'
import { withCode } from '../notices/with-code.ts'
import type { Connector } from '../runtime/connector.ts'
import { MailThread } from './mail-thread.ts'
import { mailOf } from './mapping.ts'

const FROM = 'Fourfold <notices@fourfold.example>'

/** Where the mail servers are, and who we are. */
export type EmailConnectorOptions = {
  /** In the order in which they are asked; their URLs are `smtp://user:password@host:port` or `smtps://…`. */
  readonly providers: readonly NoticeProvider[]
  /** Makes one-time codes from their ids. */
  readonly codeSecret: string
  /** Our address, with or without a name. */
  readonly from?: string
}

/** Sends notices by e-mail: `notification.requests` → SMTP → `notification.results`. */
export function emailConnector(
  schemas: Schemas,
  { providers, codeSecret, from = FROM }: EmailConnectorOptions,
): Connector<NotificationRequested, NotificationReported> {
  // SMTP knows no keys: a mail whose outcome is unknown goes by the next server, with the same message id.
  const { route, close } = noticeRoute(providers, (url) => new MailThread(url, from), false)
  const domain = /@([^@>]+)>?$/.exec(from)?.[1] ?? 'localhost'
  const sender: NoticeSender<MailThread> = {
    source: 'connector.email',
    route,
    send: async (client, request) => client.send(mailOf(withCode(request, codeSecret), domain)),
  }
  return {
    name: 'email',
    requests: schemas.topics.notificationRequests,
    results: schemas.topics.notificationResults,
    calls: route,
    accepts: (request) => request.channel === 'EMAIL',
    close,
    handle: async (request, context) => context.emit(await sendNotice(request, sender, context)),
  }
}

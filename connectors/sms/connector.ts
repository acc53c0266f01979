import type { NotificationReported, NotificationRequested, Schemas } from '#schemas'
import { MessageClient } from '../notices/message-client.ts'
import { type NoticeProvider, noticeRoute } from '../notices/notice-provider.ts'
import { type NoticeSender, sendNotice } from '../notices/send-notice.ts'
import { withCode } from '../notices/with-code.ts'
import type { Connector } from '../runtime/connector.ts'
import { smsBody } from './mapping.ts'

/** Where the providers are. */
export type SmsConnectorOptions = {
  /** In the order in which they are asked. */
  readonly providers: readonly NoticeProvider[]
  /** Makes one-time codes from their ids. */
  readonly codeSecret: string
}

/** Sends notices as SMS: `notification.requests` → provider → `notification.results`. */
export function smsConnector(
  schemas: Schemas,
  { providers, codeSecret }: SmsConnectorOptions,
): Connector<NotificationRequested, NotificationReported> {
  const { route, close } = noticeRoute(providers, (url) => new MessageClient(url, '/v1/messages'), true)
  const sender: NoticeSender<MessageClient> = {
    source: 'connector.sms',
    route,
    send: (client, request, signal) => client.send(smsBody(withCode(request, codeSecret)), request.requestId, signal),
    find: (client, requestId, signal) => client.find(requestId, signal),
  }
  return {
    name: 'sms',
    requests: schemas.topics.notificationRequests,
    results: schemas.topics.notificationResults,
    calls: route,
    accepts: (request) => request.channel === 'SMS',
    close,
    handle: async (request, context) => context.emit(await sendNotice(request, sender, context)),
  }
}

import type { NotificationReported, NotificationRequested, Schemas } from '#schemas'
import { MessageClient } from '../notices/message-client.ts'
import { type NoticeProvider, noticeRoute } from '../notices/notice-provider.ts'
import { type NoticeSender, sendNotice } from '../notices/send-notice.ts'
import type { Connector } from '../runtime/connector.ts'
import { pushBody } from './mapping.ts'

/** Sends notices as push messages: `notification.requests` → provider → `notification.results`. */
export function pushConnector(
  schemas: Schemas,
  { providers }: { readonly providers: readonly NoticeProvider[] },
): Connector<NotificationRequested, NotificationReported> {
  const { route, close } = noticeRoute(providers, (url) => new MessageClient(url, '/v1/notifications'), true)
  const sender: NoticeSender<MessageClient> = {
    source: 'connector.push',
    route,
    send: (client, request, signal) => client.send(pushBody(request), request.requestId, signal),
    find: (client, requestId, signal) => client.find(requestId, signal),
  }
  return {
    name: 'push',
    requests: schemas.topics.notificationRequests,
    results: schemas.topics.notificationResults,
    calls: route,
    accepts: (request) => request.channel === 'PUSH',
    close,
    handle: async (request, context) => context.emit(await sendNotice(request, sender, context)),
  }
}

import type { NotificationReported, NotificationRequested, Schemas } from '#schemas'
import { MessageClient } from '../notices/message-client.ts'
import { sendNotice } from '../notices/send-notice.ts'
import type { Connector } from '../runtime/connector.ts'
import type { ProviderCalls } from '../runtime/provider-calls.ts'
import { pushBody } from './mapping.ts'

/** Sends notices as push messages: `notification.requests` → provider → `notification.results`. */
export function pushConnector(
  schemas: Schemas,
  { url, calls }: { readonly url: string; readonly calls: ProviderCalls },
): Connector<NotificationRequested, NotificationReported> {
  const client = new MessageClient(url, '/v1/notifications')
  return {
    name: 'push',
    requests: schemas.topics.notificationRequests,
    results: schemas.topics.notificationResults,
    calls,
    accepts: (request) => request.channel === 'PUSH',
    close: () => client.close(),
    handle: async (request, context) => {
      const send = (signal: AbortSignal) => client.send(pushBody(request), request.requestId, signal)
      context.emit(await sendNotice(request, { source: 'connector.push', calls, context, send }))
    },
  }
}

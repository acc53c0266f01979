import type { NotificationReported, NotificationRequested, Schemas } from '#schemas'
import { MessageClient } from '../notices/message-client.ts'
import { sendNotice } from '../notices/send-notice.ts'
import { withCode } from '../notices/with-code.ts'
import type { Connector } from '../runtime/connector.ts'
import type { ProviderCalls } from '../runtime/provider-calls.ts'
import { smsBody } from './mapping.ts'

/** Where the provider is. */
export type SmsConnectorOptions = {
  readonly url: string
  readonly calls: ProviderCalls
  /** Makes one-time codes from their ids. */
  readonly codeSecret: string
}

/** Sends notices as SMS: `notification.requests` → provider → `notification.results`. */
export function smsConnector(
  schemas: Schemas,
  { url, calls, codeSecret }: SmsConnectorOptions,
): Connector<NotificationRequested, NotificationReported> {
  const client = new MessageClient(url, '/v1/messages')
  return {
    name: 'sms',
    requests: schemas.topics.notificationRequests,
    results: schemas.topics.notificationResults,
    calls,
    accepts: (request) => request.channel === 'SMS',
    close: () => client.close(),
    handle: async (request, context) => {
      const send = (signal: AbortSignal) =>
        client.send(smsBody(withCode(request, codeSecret)), request.requestId, signal)
      context.emit(await sendNotice(request, { source: 'connector.sms', calls, context, send }))
    },
  }
}

/** Messages that are sent once more: the same words, later or by another channel. */
import { deriveId } from '#domain/ids.ts'
import { type Channel, childMeta, type Envelope, type NotificationRequested, type PendingNotice } from '#schemas'
import { isLegal } from './template.ts'
import { templateOf } from './templates.ts'

/** What is kept of a message until nothing can come back of it. */
export function pendingOf(request: NotificationRequested): PendingNotice {
  const { requestId, channel, template, templateVersion, language, subject, body, recipient } = request
  const { planId, instalmentNo, attempt, codeId } = request
  return {
    ...{ requestId, channel, template, templateVersion, language, subject, body, recipient },
    ...{ planId, instalmentNo, attempt, isCode: codeId !== null },
  }
}

/** The next try of a message, under an id of its own: the provider has an answer for the one before. */
export function nextTry(message: PendingNotice, consumerId: string, cause: { readonly meta: Envelope }) {
  const attempt = message.attempt + 1
  const requestId = deriveId('ntf', message.requestId, attempt)
  return requestOf({ ...message, attempt, requestId }, consumerId, cause)
}

/** The same message by another channel. */
export function byChannel(
  message: PendingNotice,
  to: { readonly consumerId: string; readonly channel: Channel; readonly recipient: string },
  cause: { readonly meta: Envelope },
): NotificationRequested {
  const { consumerId, channel, recipient } = to
  const requestId = deriveId('ntf', message.requestId, channel, recipient)
  const subject = channel === 'SMS' ? null : message.subject
  return requestOf({ ...message, requestId, channel, recipient, subject, attempt: 1 }, consumerId, cause)
}

function requestOf(
  { isCode: _isCode, ...message }: PendingNotice,
  consumerId: string,
  cause: { readonly meta: Envelope },
): NotificationRequested {
  return {
    type: 'NotificationRequested',
    meta: childMeta('notifications', cause, 'NotificationRequested', message.requestId),
    consumerId,
    ...message,
    legal: isLegal(templateOf(message.template)),
    codeId: null,
  }
}

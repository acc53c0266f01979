import { childMeta, type NotificationReported, type NotificationRequested } from '#schemas'
import type { RequestContext } from '../runtime/connector.ts'
import type { ProviderCalls } from '../runtime/provider-calls.ts'
import { ProviderRefused } from '../runtime/provider-error.ts'

/** What a provider of notices said: its name for the delivered message, or why it was not delivered. */
export type DeliveryAnswer = { readonly ref: string } | { readonly failureCode: string }

/** Sends one notice and gives the result: delivered, or not with the reason. Never rejects but after an abort. */
export async function sendNotice(
  request: NotificationRequested,
  parts: {
    readonly source: string
    readonly calls: ProviderCalls
    readonly context: RequestContext<NotificationReported>
    readonly send: (signal: AbortSignal) => Promise<DeliveryAnswer>
  },
): Promise<NotificationReported> {
  const { source, calls, context, send } = parts
  const { requestId, consumerId, channel } = request
  const answer = await deliver(calls, send, context.signal)
  const isDelivered = 'ref' in answer
  return {
    type: 'NotificationReported',
    meta: childMeta(source, request, 'result'),
    requestId,
    consumerId,
    channel,
    delivered: isDelivered,
    providerRef: isDelivered ? answer.ref : null,
    failureCode: isDelivered ? null : answer.failureCode,
  }
}

async function deliver(
  calls: ProviderCalls,
  send: (signal: AbortSignal) => Promise<DeliveryAnswer>,
  signal: AbortSignal,
): Promise<DeliveryAnswer> {
  try {
    const outcome = await calls.call(send, signal)
    return outcome.answered ? outcome.answer : { failureCode: 'provider_unavailable' }
  } catch (error) {
    if (error instanceof ProviderRefused) return { failureCode: error.code }
    throw error
  }
}

/** An SMS provider to try things with. A number that ends with 0000 cannot be reached. */
import { type MessageSandbox, messageSandbox } from '../notices/message-sandbox.ts'

/** Opens the provider: POST and GET /v1/messages. */
export function smsSandbox(
  options: { readonly name?: string; readonly directory?: string | undefined } = {},
): MessageSandbox {
  return messageSandbox({
    name: options.name ?? 'sms',
    path: '/v1/messages',
    fields: ['to', 'text'],
    failureOf: ({ to = '' }) => (to.endsWith('0000') ? 'number_unreachable' : null),
    directory: options.directory,
  })
}

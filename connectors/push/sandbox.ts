/** A push provider to try things with. A consumer whose id ends with `gone` has no device. */
import { type MessageSandbox, messageSandbox } from '../notices/message-sandbox.ts'

/** Opens the provider: POST and GET /v1/notifications. */
export function pushSandbox(
  options: { readonly name?: string; readonly directory?: string | undefined } = {},
): MessageSandbox {
  return messageSandbox({
    name: options.name ?? 'push',
    path: '/v1/notifications',
    fields: ['to', 'title', 'text'],
    failureOf: ({ to = '' }) => (to.endsWith('gone') ? 'device_gone' : null),
    directory: options.directory,
  })
}

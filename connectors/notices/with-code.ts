import { oneTimeCode } from '#domain/one-time-code.ts'
import type { NotificationRequested } from '#schemas'

/** The request with its one-time code in the text, where it has one: it is made here, and stands in no record. */
export function withCode(request: NotificationRequested, codeSecret: string): NotificationRequested {
  if (request.codeId === null) return request
  const code = oneTimeCode(codeSecret, request.codeId)
  return { ...request, body: request.body.replaceAll('{code}', code) }
}

import type { ServerResponse } from 'node:http'

/** Questions are posted to this path with the application's name behind it. */
export const QUERY_PATH = '/query/'

/** What goes back: an answer, or why there is none. */
export type WireAnswer =
  | { readonly answer: unknown }
  | { readonly error: { readonly code: string; readonly message: string } }

/** Sends an answer. The status only helps whoever looks at the traffic; the code in the body is what counts. */
export function writeAnswer(response: ServerResponse, answer: WireAnswer): void {
  const status = 'answer' in answer ? 200 : answer.error.code === 'QUERY_FORBIDDEN' ? 401 : 409
  const body = Buffer.from(JSON.stringify(answer), 'utf8')
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
}

/** The answer in a body; null where it is none. */
export function readAnswer(body: Buffer): WireAnswer | null {
  try {
    const { answer, error } = JSON.parse(body.toString('utf8')) as Record<string, unknown>
    if (error === undefined) return answer === undefined ? null : { answer }
    const { code, message } = error as Record<string, unknown>
    return typeof code === 'string' && typeof message === 'string' ? { error: { code, message } } : null
  } catch {
    return null
  }
}

import type { RouteConfig } from '@hono/zod-openapi'
import { ProblemView } from './views.ts'

/** The problem answers a route can give, told from what it is: its caller, its parameters, its body, its effect. */
export function problemAnswersOf(
  { method, path, request }: Pick<RouteConfig, 'method' | 'path' | 'request'>,
  isSecured: boolean,
): Record<number, ReturnType<typeof answer>> {
  const isCommand = request?.headers !== undefined
  return {
    400: answer('The request is not valid; each wrong field is named.'),
    ...(isSecured ? { 401: answer('No token, or one that is not valid.') } : {}),
    ...(isSecured ? { 403: answer('The token is of another kind of caller.') } : {}),
    ...(path.includes('{') || path.endsWith('/me')
      ? { 404: answer('There is no such thing, or it is not yours.') }
      : {}),
    ...(isCommand ? { 409: answer('It conflicts with what is there, or the same request is under way.') } : {}),
    ...(request?.body === undefined ? {} : { 413: answer('The body is too large.') }),
    ...(request?.body === undefined ? {} : { 415: answer('The body is not JSON.') }),
    ...(method === 'get' ? {} : { 422: answer('Understood, and refused by a rule; `code` says which.') }),
    429: answer('Too many requests; `Retry-After` says how long to wait.'),
    500: answer('Something failed on our side.'),
    503: answer('Not available at the moment; `Retry-After` says when to ask again.'),
    ...(isCommand ? { 504: answer('No outcome yet; repeat the request with the same Idempotency-Key.') } : {}),
  }
}

function answer(description: string) {
  return { content: { 'application/problem+json': { schema: ProblemView } }, description } as const
}

import { randomUUID } from 'node:crypto'
import { createRoute, type Hook, OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { canonicalJson } from '#domain/canonical-json.ts'
import { type AuthParts, authenticate, type PrincipalKind } from './auth.ts'
import type { RequestIdentity } from './command-gateway.ts'
import type { ApiEnv } from './env.ts'
import { problemAnswersOf } from './problem-answers.ts'
import { type FieldError, Problem } from './problems.ts'
import { wordsOfIssue } from './validation-words.ts'

/** A group of routes being put together. */
export type ApiRoutes = OpenAPIHono<ApiEnv>

/** A group of routes. Validation errors name each wrong field. */
export function routes(): ApiRoutes {
  return new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
}

const refuseInvalid: Hook<unknown, ApiEnv, string, unknown> = (result) => {
  if (result.success) return undefined
  const errors = result.error.issues.flatMap((issue): FieldError[] => {
    const path = issue.path.map(String)
    if (issue.code !== 'unrecognized_keys') {
      return [{ field: path.join('.') || result.target, code: issue.code, message: wordsOfIssue(issue) }]
    }
    return issue.keys.map((key) => ({
      field: [...path, key].join('.'),
      code: 'unknown_field',
      message: 'is not a field of this request',
    }))
  })
  const named = errors.map((error) => `${error.field} ${error.message}`).join('; ')
  throw new Problem(400, 'VALIDATION_FAILED', `The request is not valid: ${named}.`, { errors })
}

/** What a route says of itself besides what `createRoute` asks for. */
type Described<P extends string> = Omit<RouteConfig, 'path'> & {
  readonly path: P
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly [string]
}

/** A route that only these kinds of callers may use; checked before anything else of the request is looked at. */
export function securedRoute<P extends string, R extends Described<P>>(
  auth: AuthParts,
  kinds: readonly PrincipalKind[],
  config: R,
) {
  const security = kinds.map((kind) => ({ [kind]: [] }))
  return createRoute({ ...complete(config, true), security, middleware: authenticate(auth, ...kinds) })
}

/** A route for anybody. */
export function publicRoute<P extends string, R extends Described<P>>(config: R) {
  return createRoute({ ...complete(config, false), security: [] })
}

/** Query parameters that a route does not name are refused, and the problems it can answer with are described. */
function complete<P extends string, R extends Described<P>>(config: R, isSecured: boolean): R {
  return {
    ...config,
    request: { query: z.strictObject({}), ...config.request },
    responses: { ...config.responses, ...problemAnswersOf(config, isSecured) },
  }
}

/** The JSON body of a route's definition. */
export function jsonBody<T>(schema: T) {
  return { content: { 'application/json': { schema } }, required: true } as const
}

/** A JSON answer of a route's definition. */
export function jsonAnswer<T>(schema: T, description: string) {
  return { content: { 'application/json': { schema } }, description } as const
}

const ReplayHeader = z.object({
  'Idempotent-Replayed': z.literal('true').optional().openapi({
    description: 'Present where this is the stored answer of an earlier request with the same Idempotency-Key.',
  }),
})

/** The JSON answer of a command: it can be the stored one of a repeat. */
export function commandAnswer<T>(schema: T, description: string) {
  return { ...jsonAnswer(schema, description), headers: ReplayHeader } as const
}

/** What makes a request known again, read off a validated request. */
export async function requestIdentity(c: Context<ApiEnv>, caller: string): Promise<RequestIdentity> {
  const key = c.req.header('idempotency-key')
  return {
    caller,
    method: c.req.method,
    path: c.req.path,
    key: key ?? randomUUID(),
    fresh: key === undefined,
    body: sameJson(await c.req.text()),
  }
}

/** The same text for the same JSON, however it was laid out: a repeat may come through another client. */
function sameJson(text: string): string {
  try {
    return canonicalJson(JSON.parse(text))
  } catch {
    // A route that takes no body looks at none: any text will do.
    return text
  }
}

/** Marks a stored answer as a replay. */
export function markReplay(c: Context<ApiEnv>, replayed: boolean): void {
  if (replayed) c.header('idempotent-replayed', 'true')
}

/** Business time as a caller reads it. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { consumerWay } from '../command-ways.ts'
import type { ApiEnv } from '../env.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome } from '../problems.ts'
import { idOf, OptionalIdempotencyHeader } from '../requests.ts'
import { type ApiRoutes, requestIdentity, routes, securedRoute } from '../routing.ts'

/** Signing out: here, elsewhere, everywhere. */
export function sessionEnds(parts: ApiParts) {
  const app = routes()
  addSignOut(app, parts)
  addRevoke(app, parts)
  addRevokeAll(app, parts)
  return app
}

function addSignOut(app: ApiRoutes, parts: ApiParts): void {
  const signOut = securedRoute(parts.auth, ['consumer'], {
    method: 'delete',
    path: '/v1/sessions/current',
    operationId: 'signOut',
    tags: ['Consumers'],
    summary: 'Sign out',
    request: { headers: OptionalIdempotencyHeader },
    responses: { 204: { description: 'The session is ended.' } },
  })
  app.openapi(signOut, async (c) => {
    await endOne(parts, c, currentOf(c))
    return c.body(null, 204)
  })
}

function addRevoke(app: ApiRoutes, parts: ApiParts): void {
  const revoke = securedRoute(parts.auth, ['consumer'], {
    method: 'delete',
    path: '/v1/sessions/{sessionId}',
    operationId: 'endSession',
    tags: ['Consumers'],
    summary: 'Sign out on another device',
    request: { headers: OptionalIdempotencyHeader, params: z.object({ sessionId: idOf('ses') }) },
    responses: { 204: { description: 'The session is ended; its tokens are good no more.' } },
  })
  app.openapi(revoke, async (c) => {
    await endOne(parts, c, c.req.valid('param').sessionId)
    return c.body(null, 204)
  })
}

function addRevokeAll(app: ApiRoutes, parts: ApiParts): void {
  const query = z.strictObject({
    keep: z.literal('current').optional().openapi({ description: 'Leaves the session that asks open.' }),
  })
  const revokeAll = securedRoute(parts.auth, ['consumer'], {
    method: 'delete',
    path: '/v1/sessions',
    operationId: 'endSessions',
    tags: ['Consumers'],
    summary: 'Sign out everywhere',
    request: { headers: OptionalIdempotencyHeader, query },
    responses: { 204: { description: 'The sessions are ended.' } },
  })
  app.openapi(revokeAll, async (c) => {
    const consumerId = c.var.principal.id
    const keepSessionId = c.req.valid('query').keep === undefined ? null : currentOf(c)
    const result = await parts.commands.run({
      request: await requestIdentity(c, consumerId),
      ...consumerWay(parts),
      partitionKey: consumerId,
      outcomes: ['SessionsEnded', 'ConsumerCommandRefused'],
      build: (meta) => ({ type: 'EndSessions' as const, meta, consumerId, keepSessionId }),
    })
    expectOutcome(result, 'SessionsEnded')
    return c.body(null, 204)
  })
}

function currentOf(c: Context<ApiEnv>): string {
  const { principal } = c.var
  if (principal.kind !== 'consumer') throw new Error('The route lets only consumers through.')
  return principal.sessionId
}

async function endOne(parts: ApiParts, c: Context<ApiEnv>, sessionId: string): Promise<void> {
  const consumerId = c.var.principal.id
  const result = await parts.commands.run({
    request: await requestIdentity(c, consumerId),
    ...consumerWay(parts),
    partitionKey: consumerId,
    outcomes: ['SessionEnded', 'ConsumerCommandRefused'],
    build: (meta) => ({ type: 'EndSession' as const, meta, consumerId, sessionId }),
  })
  expectOutcome(result, 'SessionEnded')
}

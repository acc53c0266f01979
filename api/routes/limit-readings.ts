import { z } from '@hono/zod-openapi'
import { LimitChangeView } from '../limit-views.ts'
import type { ApiParts } from '../parts.ts'
import { idOf, PageQuery } from '../requests.ts'
import { type ApiRoutes, jsonAnswer, routes, securedRoute } from '../routing.ts'
import { pageOf } from '../views.ts'

/** How limits moved, and why: for the consumer and for the lender. */
export function limitReadings(parts: ApiParts) {
  const app = routes()
  addOwn(app, parts)
  addOfConsumer(app, parts)
  return app
}

function addOwn(app: ApiRoutes, parts: ApiParts): void {
  const own = securedRoute(parts.auth, ['consumer'], {
    method: 'get',
    path: '/v1/consumers/me/limit-changes',
    operationId: 'listOwnLimitChanges',
    tags: ['Decisions'],
    summary: 'How my spending limit moved, and why',
    request: { query: PageQuery },
    responses: { 200: jsonAnswer(pageOf(LimitChangeView), 'A page of moves, newest first.') },
  })
  app.openapi(own, async (c) => {
    const { id } = c.var.principal
    await parts.recent.settle(id)
    const query = c.req.valid('query')
    const read = parts.cursors.page(['limit-changes', id], query, (page) => parts.reads.limitChanges(id, page))
    return c.json(await read, 200)
  })
}

function addOfConsumer(app: ApiRoutes, parts: ApiParts): void {
  const ofConsumer = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/consumers/{consumerId}/limit-changes',
    operationId: 'listLimitChanges',
    tags: ['Decisions'],
    summary: 'How the limit of a consumer moved, and why',
    request: { params: z.object({ consumerId: idOf('con') }), query: PageQuery },
    responses: { 200: jsonAnswer(pageOf(LimitChangeView), 'A page of moves, newest first.') },
  })
  app.openapi(ofConsumer, async (c) => {
    const { consumerId } = c.req.valid('param')
    await parts.recent.settle(c.var.principal.id)
    const query = c.req.valid('query')
    const at = ['limit-changes', consumerId]
    return c.json(await parts.cursors.page(at, query, (page) => parts.reads.limitChanges(consumerId, page)), 200)
  })
}

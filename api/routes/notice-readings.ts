import { z } from '@hono/zod-openapi'
import { NoticeView } from '../notice-views.ts'
import type { ApiParts } from '../parts.ts'
import { idOf, PageQuery } from '../requests.ts'
import { type ApiRoutes, jsonAnswer, routes, securedRoute } from '../routing.ts'
import { pageOf } from '../views.ts'

/** What was told to a consumer, in the very words: for the consumer and for the operator. */
export function noticeReadings(parts: ApiParts) {
  const app = routes()
  addOwn(app, parts)
  addOfConsumer(app, parts)
  return app
}

function addOwn(app: ApiRoutes, parts: ApiParts): void {
  const own = securedRoute(parts.auth, ['consumer'], {
    method: 'get',
    path: '/v1/consumers/me/notices',
    operationId: 'listOwnNotices',
    tags: ['Consumers'],
    summary: 'What I was told, in the very words',
    request: { query: PageQuery },
    responses: { 200: jsonAnswer(pageOf(NoticeView), 'A page of messages, newest first.') },
  })
  app.openapi(own, async (c) => c.json(await pageFor(parts, c.var.principal.id, c.req.valid('query')), 200))
}

function addOfConsumer(app: ApiRoutes, parts: ApiParts): void {
  const ofConsumer = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/consumers/{consumerId}/notices',
    operationId: 'listNotices',
    tags: ['Consumers'],
    summary: 'What a consumer was told, in the very words',
    request: { params: z.object({ consumerId: idOf('con') }), query: PageQuery },
    responses: { 200: jsonAnswer(pageOf(NoticeView), 'A page of messages, newest first.') },
  })
  app.openapi(ofConsumer, async (c) => {
    return c.json(await pageFor(parts, c.req.valid('param').consumerId, c.req.valid('query')), 200)
  })
}

function pageFor({ cursors, reads }: ApiParts, consumerId: string, query: z.infer<typeof PageQuery>) {
  return cursors.page(['notices', consumerId], query, (page) => reads.notifications(consumerId, page))
}

import type { ConsumerState } from '#schemas'
import { consumerWay } from '../command-ways.ts'
import { NoticePreferencesView, NoticeWishes, preferencesShown, wishesOf } from '../notice-preference-views.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome } from '../problems.ts'
import { OptionalIdempotencyHeader } from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  jsonAnswer,
  jsonBody,
  markReplay,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'

const PATH = '/v1/consumers/me/notice-preferences'

/** Which notices come by which channel. */
export function noticePreferenceRoutes(parts: ApiParts) {
  const app = routes()
  addRead(app, parts)
  addChange(app, parts)
  return app
}

function addRead(app: ApiRoutes, parts: ApiParts): void {
  const read = securedRoute(parts.auth, ['consumer'], {
    method: 'get',
    path: PATH,
    operationId: 'getNoticePreferences',
    tags: ['Consumers'],
    summary: 'Which notices come by which channel',
    description: 'Legal notices (refusals, missed payments, defaults, hardship) and one-time codes always come.',
    responses: { 200: jsonAnswer(NoticePreferencesView, 'As chosen, and by default where nothing was.') },
  })
  app.openapi(read, async (c) => {
    const { id } = c.var.principal
    const state = await parts.queries.get<ConsumerState>('consumers', 'consumers', id, { partitionKey: id })
    return c.json(preferencesShown(state?.noticeChoices ?? []), 200)
  })
}

function addChange(app: ApiRoutes, parts: ApiParts): void {
  const change = securedRoute(parts.auth, ['consumer'], {
    method: 'put',
    path: PATH,
    operationId: 'changeNoticePreferences',
    tags: ['Consumers'],
    summary: 'Choose which notices come by which channel',
    description: 'Takes the place of all that was chosen before. What is left out is as the default says.',
    request: { headers: OptionalIdempotencyHeader, body: jsonBody(NoticeWishes) },
    responses: { 200: commandAnswer(NoticePreferencesView, 'What holds from now on.') },
  })
  app.openapi(change, async (c) => {
    const consumerId = c.var.principal.id
    const choices = wishesOf(c.req.valid('json'))
    const result = await parts.commands.run({
      ...consumerWay(parts),
      request: await requestIdentity(c, consumerId),
      partitionKey: consumerId,
      outcomes: ['NoticePreferencesChanged', 'ConsumerCommandRefused'],
      build: (meta) => ({ type: 'ChangeNoticePreferences' as const, meta, consumerId, choices }),
    })
    const changed = expectOutcome(result, 'NoticePreferencesChanged')
    parts.recent.remember([consumerId], result.position)
    markReplay(c, result.replayed)
    return c.json(preferencesShown(changed.choices), 200)
  })
}

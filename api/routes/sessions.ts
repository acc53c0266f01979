import { z } from '@hono/zod-openapi'
import { deriveId, sha256 } from '#domain/ids.ts'
import type { ConsumerSession, ConsumerState } from '#schemas'
import { OpenSessionView, RefreshedView, SessionView } from '../account-views.ts'
import { commandIdOf } from '../command-gateway.ts'
import { consumerWay } from '../command-ways.ts'
import type { ApiParts } from '../parts.ts'
import { passwordCheck } from '../password-check.ts'
import { hashPassword, isOutdated } from '../passwords.ts'
import { expectOutcome, Problem } from '../problems.ts'
import { Email, OptionalIdempotencyHeader } from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  isoTime,
  jsonAnswer,
  jsonBody,
  markReplay,
  publicRoute,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'
import { deviceOf, lifeOf, tokensShown } from '../session-tokens.ts'
import { pageOf } from '../views.ts'

const Credentials = z
  .strictObject({ email: Email, password: z.string().max(200).openapi({ example: 'correct horse battery' }) })
  .openapi('Credentials')

const RefreshRequest = z
  .strictObject({
    refreshToken: z.string().max(300).openapi({ example: 'fr_con_…', description: 'The newest one of the session.' }),
  })
  .openapi('RefreshRequest')

/** Signing in, staying signed in, and looking at where one is. Ending sessions is in session-ends.ts. */
export function sessionRoutes(parts: ApiParts) {
  const app = routes()
  addSignIn(app, parts)
  addRefresh(app, parts)
  addList(app, parts)
  return app
}

function addSignIn(app: ApiRoutes, parts: ApiParts): void {
  const prove = passwordCheck(parts)
  const signIn = publicRoute({
    method: 'post',
    path: '/v1/sessions',
    operationId: 'signIn',
    tags: ['Consumers'],
    summary: 'Sign in',
    description:
      'A wrong address and a wrong password get the same answer. After five attempts without a right password each ' +
      'further one has to wait, longer every time; a new password by code (POST /v1/password-resets) ends that.',
    request: { headers: OptionalIdempotencyHeader, body: jsonBody(Credentials) },
    responses: { 201: commandAnswer(SessionView, 'A session is open.') },
  })
  app.openapi(signIn, async (c) => {
    const { email, password } = c.req.valid('json')
    const consumerId = deriveId('con', email.toLowerCase())
    const request = await requestIdentity(c, `sign-in:${consumerId}`)
    const proved = await prove(consumerId, password, request)
    const rehash = isOutdated(proved) ? { passwordHash: await hashPassword(password), replaces: sha256(proved) } : null
    const session = parts.tokens.session(consumerId, commandIdOf(request))
    const device = deviceOf(c)
    const result = await parts.commands.run({
      request,
      ...consumerWay(parts),
      partitionKey: consumerId,
      outcomes: ['SessionStarted', 'ConsumerCommandRefused'],
      build: (meta) => ({
        type: 'StartSession' as const,
        ...{
          meta,
          consumerId,
          sessionId: session.id,
          tokenHash: session.access.hash,
          refreshHash: session.refresh.hash,
        },
        ...lifeOf(parts, meta.occurredAt),
        ...{ device, rehash },
      }),
    })
    const { meta, expiresAt } = expectOutcome(result, 'SessionStarted')
    markReplay(c, result.replayed)
    const shown = tokensShown(session, { consumerId, sessionId: session.id, expiresAt })
    return c.json({ ...shown, refreshExpiresAt: isoTime(lifeOf(parts, meta.occurredAt).refreshExpiresAt) }, 201)
  })
}

function addRefresh(app: ApiRoutes, parts: ApiParts): void {
  const refresh = publicRoute({
    method: 'post',
    path: '/v1/sessions/refresh',
    operationId: 'refreshSession',
    tags: ['Consumers'],
    summary: 'Get new tokens for a refresh token',
    description:
      'The refresh token is spent by that. One that comes a second time ends the session, for whoever has it: it may ' +
      'have been stolen. A repeat of the same request with its Idempotency-Key is no second time.',
    request: { headers: OptionalIdempotencyHeader, body: jsonBody(RefreshRequest) },
    responses: { 201: commandAnswer(RefreshedView, 'New tokens.') },
  })
  app.openapi(refresh, async (c) => {
    const presented = parts.tokens.readRefresh(c.req.valid('json').refreshToken)
    if (presented === null) throw refreshRefused('REFRESH_TOKEN_UNKNOWN', 'The refresh token is not one of ours.')
    const { consumerId, sessionId, hash: presentedHash } = presented
    const request = await requestIdentity(c, `refresh:${sessionId}`)
    const tokens = parts.tokens.next(consumerId, sessionId, commandIdOf(request))
    const result = await parts.commands.run({
      request,
      ...consumerWay(parts),
      partitionKey: consumerId,
      outcomes: ['SessionRefreshed', 'ConsumerCommandRefused'],
      build: (meta) => ({
        type: 'RefreshSession' as const,
        ...{ meta, consumerId, sessionId, presentedHash, tokenHash: tokens.access.hash },
        expiresAt: lifeOf(parts, meta.occurredAt).expiresAt,
        refreshHash: tokens.refresh.hash,
      }),
    })
    if (result.event.type === 'ConsumerCommandRefused') throw refreshRefused(result.event.code, result.event.detail)
    const { expiresAt } = expectOutcome(result, 'SessionRefreshed')
    markReplay(c, result.replayed)
    return c.json(tokensShown(tokens, { consumerId, sessionId, expiresAt }), 201)
  })
}

/** Whatever is wrong with a refresh token, its holder is not signed in. */
function refreshRefused(code: string, detail: string): Problem {
  return new Problem(401, code, detail, { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
}

function addList(app: ApiRoutes, parts: ApiParts): void {
  const list = securedRoute(parts.auth, ['consumer'], {
    method: 'get',
    path: '/v1/sessions',
    operationId: 'listSessions',
    tags: ['Consumers'],
    summary: 'Where the consumer is signed in, oldest first',
    responses: { 200: jsonAnswer(pageOf(OpenSessionView), 'The open sessions.') },
  })
  app.openapi(list, async (c) => {
    const { principal } = c.var
    if (principal.kind !== 'consumer') throw new Error('The route lets only consumers through.')
    const { id, sessionId } = principal
    const state = await parts.queries.get<ConsumerState>('consumers', 'consumers', id, { partitionKey: id })
    const now = parts.time.now().timeMs
    const open = (state?.sessions ?? []).filter((one) => (one.refreshExpiresAt ?? one.expiresAt) > now)
    return c.json({ items: open.map((one) => viewOf(one, sessionId)), nextCursor: null }, 200)
  })
}

function viewOf(session: ConsumerSession, currentId: string): z.infer<typeof OpenSessionView> {
  const { sessionId, startedAt, refreshedAt, expiresAt, device } = session
  const shown = (at: number | null) => (at === null ? null : isoTime(at))
  return {
    ...{ sessionId, device, startedAt: shown(startedAt), refreshedAt: shown(refreshedAt) },
    ...{ expiresAt: isoTime(expiresAt), current: sessionId === currentId },
  }
}

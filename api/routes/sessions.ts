import { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import type { ConsumerState } from '#schemas'
import { commandIdOf } from '../command-gateway.ts'
import type { ApiParts } from '../parts.ts'
import { hashPassword, verifyPassword } from '../passwords.ts'
import { expectOutcome, Problem } from '../problems.ts'
import { OptionalIdempotencyHeader } from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  isoTime,
  jsonBody,
  markReplay,
  publicRoute,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'
import { SessionView } from '../views.ts'

const DAY_MS = 86_400_000

const Credentials = z
  .strictObject({
    email: z.email({ error: 'must be an e-mail address' }).max(254).openapi({ example: 'lena@example.com' }),
    password: z.string().max(200).openapi({ example: 'correct horse battery' }),
  })
  .openapi('Credentials')

/** Signing in and out. */
export function sessionRoutes(parts: ApiParts) {
  const app = routes()
  addSignIn(app, parts)
  addSignOut(app, parts)
  return app
}

function addSignIn(app: ApiRoutes, parts: ApiParts): void {
  const { topics } = parts.schemas
  const isRight = passwordCheck(parts)
  const signIn = publicRoute({
    method: 'post',
    path: '/v1/sessions',
    operationId: 'signIn',
    tags: ['Consumers'],
    summary: 'Sign in',
    description: 'A wrong address and a wrong password get the same answer. Attempts on one account are limited.',
    request: { headers: OptionalIdempotencyHeader, body: jsonBody(Credentials) },
    responses: { 201: commandAnswer(SessionView, 'A session is open.') },
  })
  app.openapi(signIn, async (c) => {
    const { email, password } = c.req.valid('json')
    const consumerId = deriveId('con', email.toLowerCase())
    const address = parts.addressOf(c)
    await parts.attempts.begin(consumerId, address)
    if (!(await isRight(consumerId, password))) {
      throw new Problem(401, 'CREDENTIALS_WRONG', 'The e-mail address or the password is wrong.', {
        headers: { 'www-authenticate': 'Bearer' },
      })
    }
    await parts.attempts.succeeded(consumerId, address)
    const request = await requestIdentity(c, `sign-in:${consumerId}`)
    const session = parts.tokens.session(consumerId, commandIdOf(request))
    const result = await parts.commands.run({
      request,
      topic: topics.consumerCommands,
      answeredBy: { app: 'consumers', topic: topics.consumerEvents },
      partitionKey: consumerId,
      outcomes: ['SessionStarted', 'ConsumerCommandRefused'],
      build: (meta) => ({
        type: 'StartSession' as const,
        meta,
        consumerId,
        sessionId: session.id,
        tokenHash: session.hash,
        expiresAt: meta.occurredAt + parts.sessionDays * DAY_MS,
      }),
    })
    const { expiresAt } = expectOutcome(result, 'SessionStarted')
    markReplay(c, result.replayed)
    return c.json({ consumerId, sessionId: session.id, token: session.token, expiresAt: isoTime(expiresAt) }, 201)
  })
}

/** An unknown account costs as much time as a wrong password, so that time does not tell which it was. */
function passwordCheck(parts: ApiParts): (consumerId: string, password: string) => Promise<boolean> {
  let decoy: Promise<string> | null = null
  return async (consumerId, password) => {
    const state = await parts.queries.get<ConsumerState>('consumers', 'consumers', consumerId, {
      partitionKey: consumerId,
    })
    decoy ??= hashPassword('a password nobody has')
    const hash = state?.passwordHash ?? null
    const matches = await verifyPassword(password, hash ?? (await decoy))
    return matches && hash !== null
  }
}

function addSignOut(app: ApiRoutes, parts: ApiParts): void {
  const { topics } = parts.schemas
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
    const { principal } = c.var
    if (principal.kind !== 'consumer') throw new Error('The route lets only consumers through.')
    const result = await parts.commands.run({
      request: await requestIdentity(c, principal.id),
      topic: topics.consumerCommands,
      answeredBy: { app: 'consumers', topic: topics.consumerEvents },
      partitionKey: principal.id,
      outcomes: ['SessionEnded', 'ConsumerCommandRefused'],
      build: (meta) => ({
        type: 'EndSession' as const,
        meta,
        consumerId: principal.id,
        sessionId: principal.sessionId,
      }),
    })
    expectOutcome(result, 'SessionEnded')
    return c.body(null, 204)
  })
}

import { z } from '@hono/zod-openapi'
import { deriveId, sha256 } from '#domain/ids.ts'
import { oneTimeCode, oneTimeCodeHash } from '#domain/one-time-code.ts'
import type { ConsumerState } from '#schemas'
import { PasswordResetView } from '../account-views.ts'
import { commandIdOf } from '../command-gateway.ts'
import { consumerWay } from '../command-ways.ts'
import type { ApiParts } from '../parts.ts'
import { passwordCheck } from '../password-check.ts'
import { hashPassword } from '../passwords.ts'
import { expectOutcome, Problem } from '../problems.ts'
import { requesterOf } from '../requester.ts'
import { Code, Email, idOf, NewPassword, OptionalIdempotencyHeader } from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  jsonBody,
  markReplay,
  publicRoute,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'

const PasswordChange = z
  .strictObject({
    currentPassword: z
      .string()
      .max(200)
      .optional()
      .openapi({ example: 'correct horse', description: 'Left out where there is none yet.' }),
    newPassword: NewPassword,
  })
  .openapi('PasswordChange')

const ResetRequest = z.strictObject({ email: Email }).openapi('PasswordResetRequest')

const ResetConfirmation = z
  .strictObject({ email: Email, code: Code, newPassword: NewPassword })
  .openapi('PasswordResetConfirmation')

/** Changing a password, and setting a new one by a code. */
export function passwordRoutes(parts: ApiParts) {
  const app = routes()
  addChange(app, parts)
  addAskReset(app, parts)
  addConfirmReset(app, parts)
  return app
}

function addChange(app: ApiRoutes, parts: ApiParts): void {
  const prove = passwordCheck(parts)
  const change = securedRoute(parts.auth, ['consumer'], {
    method: 'put',
    path: '/v1/consumers/me/password',
    operationId: 'changePassword',
    tags: ['Consumers'],
    summary: 'Set another password',
    description: 'All other sessions end. Attempts with a wrong password count as those to sign in do.',
    request: { headers: OptionalIdempotencyHeader, body: jsonBody(PasswordChange) },
    responses: { 204: { description: 'The new password is kept.' } },
  })
  app.openapi(change, async (c) => {
    const { principal } = c.var
    if (principal.kind !== 'consumer') throw new Error('The route lets only consumers through.')
    const { id: consumerId, sessionId: keepSessionId } = principal
    const { currentPassword, newPassword } = c.req.valid('json')
    const request = await requestIdentity(c, consumerId)
    // A repeat is answered before the password of then is looked at, which is not the one of now.
    const answered = await parts.commands.replay({ ...consumerWay(parts), request, partitionKey: consumerId })
    if (answered === null) {
      const hasNone = await isWithoutPassword(parts, consumerId)
      const replaces = hasNone ? null : sha256(await prove(consumerId, currentPassword ?? '', request))
      const passwordHash = await hashPassword(newPassword)
      const result = await parts.commands.run({
        ...consumerWay(parts),
        request,
        partitionKey: consumerId,
        outcomes: ['PasswordChanged', 'ConsumerCommandRefused'],
        build: (meta) => {
          return { type: 'ChangePassword' as const, meta, consumerId, passwordHash, replaces, keepSessionId }
        },
      })
      expectOutcome(result, 'PasswordChanged')
    } else {
      expectOutcome(answered, 'PasswordChanged')
    }
    markReplay(c, answered !== null)
    return c.body(null, 204)
  })
}

async function isWithoutPassword(parts: ApiParts, id: string): Promise<boolean> {
  const state = await parts.queries.get<ConsumerState>('consumers', 'consumers', id, { partitionKey: id })
  return state?.passwordHash == null
}

function addAskReset(app: ApiRoutes, parts: ApiParts): void {
  const ask = publicRoute({
    method: 'post',
    path: '/v1/password-resets',
    operationId: 'requestPasswordReset',
    tags: ['Consumers'],
    summary: 'Ask for a code to set a new password with',
    description: 'The answer is the same whether or not there is such an account, or a code was just sent.',
    request: { headers: OptionalIdempotencyHeader, body: jsonBody(ResetRequest) },
    responses: { 202: commandAnswer(PasswordResetView, 'Where there is such an account, a code is on its way to it.') },
  })
  app.openapi(ask, async (c) => {
    const consumerId = deriveId('con', c.req.valid('json').email.toLowerCase())
    const request = await requestIdentity(c, `password-reset:${consumerId}`)
    const codeId = deriveId('cod', consumerId, commandIdOf(request))
    const codeHash = oneTimeCodeHash(parts.codeSecret, codeId, oneTimeCode(parts.codeSecret, codeId))
    const purpose = 'PASSWORD_RESET' as const
    const requester = requesterOf(parts, c, consumerId)
    const result = await parts.commands.run({
      ...consumerWay(parts),
      request,
      partitionKey: consumerId,
      outcomes: ['CodeIssued', 'ConsumerCommandRefused'],
      build: (meta) => ({ type: 'RequestCode' as const, meta, consumerId, codeId, purpose, codeHash, requester }),
    })
    // A refusal is not told: it would say whether there is an account.
    markReplay(c, result.replayed)
    return c.json({ resetId: codeId }, 202)
  })
}

function addConfirmReset(app: ApiRoutes, parts: ApiParts): void {
  const confirm = publicRoute({
    method: 'post',
    path: '/v1/password-resets/{resetId}/confirm',
    operationId: 'resetPassword',
    tags: ['Consumers'],
    summary: 'Set a new password with the code',
    description: 'All sessions end, and attempts to sign in are forgiven. A code is good once, and for five tries.',
    request: {
      headers: OptionalIdempotencyHeader,
      params: z.object({ resetId: idOf('cod') }),
      body: jsonBody(ResetConfirmation),
    },
    responses: { 204: { description: 'The new password is kept. Sign in with it.' } },
  })
  app.openapi(confirm, async (c) => {
    const { email, code, newPassword } = c.req.valid('json')
    const consumerId = deriveId('con', email.toLowerCase())
    const codeId = c.req.valid('param').resetId
    const codeHash = oneTimeCodeHash(parts.codeSecret, codeId, code)
    const passwordHash = await hashPassword(newPassword)
    const result = await parts.commands.run({
      ...consumerWay(parts),
      request: await requestIdentity(c, `password-reset:${consumerId}`),
      partitionKey: consumerId,
      outcomes: ['PasswordChanged', 'ConsumerCommandRefused'],
      build: (meta) => ({ type: 'ResetPassword' as const, meta, consumerId, codeId, codeHash, passwordHash }),
    })
    if (result.event.type === 'ConsumerCommandRefused') throw codeInvalid()
    markReplay(c, result.replayed)
    return c.body(null, 204)
  })
}

/** One answer for all that can be wrong with a code: which it was would tell whether there is an account. */
function codeInvalid(): Problem {
  const detail = 'The code is wrong, was used, has expired or was tried too often. Ask for a new one.'
  return new Problem(422, 'RESET_CODE_INVALID', detail)
}

import { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import { oneTimeCode, oneTimeCodeHash } from '#domain/one-time-code.ts'
import { VerificationView, VerifiedView } from '../account-views.ts'
import { commandIdOf } from '../command-gateway.ts'
import { consumerWay } from '../command-ways.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome } from '../problems.ts'
import { Code, idOf, OptionalIdempotencyHeader } from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  isoTime,
  jsonBody,
  markReplay,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'

const VerificationRequest = z
  .strictObject({ contact: z.enum(['EMAIL', 'PHONE']).openapi({ description: 'What is to be proved.' }) })
  .openapi('VerificationRequest')

const CodeEntry = z.strictObject({ code: Code }).openapi('CodeEntry')

/** Proving that an e-mail address or a phone number is one's own. */
export function verificationRoutes(parts: ApiParts) {
  const app = routes()
  addAsk(app, parts)
  addConfirm(app, parts)
  return app
}

function addAsk(app: ApiRoutes, parts: ApiParts): void {
  const ask = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/consumers/me/verifications',
    operationId: 'requestVerification',
    tags: ['Consumers'],
    summary: 'Have a code sent to the e-mail address or the phone',
    description: 'The code before it is good no more. One a minute, and five a day.',
    request: { headers: OptionalIdempotencyHeader, body: jsonBody(VerificationRequest) },
    responses: { 201: commandAnswer(VerificationView, 'The code is on its way.') },
  })
  app.openapi(ask, async (c) => {
    const consumerId = c.var.principal.id
    const { contact } = c.req.valid('json')
    const request = await requestIdentity(c, consumerId)
    const codeId = deriveId('cod', consumerId, commandIdOf(request))
    const codeHash = oneTimeCodeHash(parts.codeSecret, codeId, oneTimeCode(parts.codeSecret, codeId))
    const result = await parts.commands.run({
      ...consumerWay(parts),
      request,
      partitionKey: consumerId,
      outcomes: ['CodeIssued', 'ConsumerCommandRefused'],
      build: (meta) => ({
        type: 'RequestCode' as const,
        ...{ meta, consumerId, codeId, purpose: contact, codeHash, requester: null },
      }),
    })
    const { expiresAt, resendAt } = expectOutcome(result, 'CodeIssued')
    markReplay(c, result.replayed)
    const times = { expiresAt: isoTime(expiresAt), resendAt: isoTime(resendAt) }
    return c.json({ verificationId: codeId, contact, ...times }, 201)
  })
}

function addConfirm(app: ApiRoutes, parts: ApiParts): void {
  const confirm = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/consumers/me/verifications/{verificationId}/confirm',
    operationId: 'confirmVerification',
    tags: ['Consumers'],
    summary: 'Enter the code',
    description: 'A code is good for ten minutes, once, and for five tries.',
    request: {
      headers: OptionalIdempotencyHeader,
      params: z.object({ verificationId: idOf('cod') }),
      body: jsonBody(CodeEntry),
    },
    responses: { 200: commandAnswer(VerifiedView, 'It is proved.') },
  })
  app.openapi(confirm, async (c) => {
    const consumerId = c.var.principal.id
    const codeId = c.req.valid('param').verificationId
    const codeHash = oneTimeCodeHash(parts.codeSecret, codeId, c.req.valid('json').code)
    const result = await parts.commands.run({
      ...consumerWay(parts),
      request: await requestIdentity(c, consumerId),
      partitionKey: consumerId,
      outcomes: ['ContactVerified', 'ConsumerCommandRefused'],
      build: (meta) => ({ type: 'ConfirmCode' as const, meta, consumerId, codeId, codeHash }),
    })
    const { purpose } = expectOutcome(result, 'ContactVerified')
    markReplay(c, result.replayed)
    return c.json({ contact: purpose === 'PHONE' ? 'PHONE' : 'EMAIL', verified: true as const }, 200)
  })
}

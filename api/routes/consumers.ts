import { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import type { ConsumerState, KycStatusChanged } from '#schemas'
import { SessionView } from '../account-views.ts'
import { commandIdOf } from '../command-gateway.ts'
import { consumerWay } from '../command-ways.ts'
import type { ApiParts } from '../parts.ts'
import { hashPassword } from '../passwords.ts'
import { expectOutcome } from '../problems.ts'
import { Country, IsoDate, Line, NewPassword, OptionalIdempotencyHeader, TimeZone } from '../requests.ts'
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
import { deviceOf, lifeOf, tokensShown } from '../session-tokens.ts'
import { IdentityCheckView } from '../views.ts'

const BORN_SINCE = '1900-01-01'

const Registration = z
  .strictObject({
    email: z
      .email({ error: 'must be an e-mail address' })
      .max(254)
      .openapi({ example: 'lena@example.com', description: 'One account an address, whatever the case.' }),
    phone: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, { error: 'must be a phone number in international form, such as +14155550100' })
      .optional()
      .openapi({ example: '+14155550100' }),
    givenName: Line.openapi({ example: 'Lena' }),
    familyName: Line.openapi({ example: 'Example' }),
    dateOfBirth: IsoDate.refine((date) => date >= BORN_SINCE, { error: `must not be before ${BORN_SINCE}` }).openapi({
      example: '1990-05-17',
      description: 'An account needs an age of 18 or more.',
    }),
    country: Country,
    timeZone: TimeZone.default('UTC'),
    language: z.enum(['en', 'de']).default('en').openapi({ description: 'Of notices.' }),
    password: NewPassword.optional().openapi({
      example: 'correct horse battery',
      description: 'Without one there is only this first session.',
    }),
  })
  .openapi('Registration')

const IdentityCheckRequest = z
  .strictObject({
    documentRef: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'must be the provider’s reference of a document, not the document' })
      .optional()
      .openapi({ example: 'doc-1', description: 'The provider’s reference. Documents go to the provider only.' }),
  })
  .openapi('IdentityCheckRequest')

/** Registration and identity checks. */
export function consumerRoutes(parts: ApiParts) {
  const app = routes()
  addRegister(app, parts)
  addCheckIdentity(app, parts)
  return app
}

function addRegister(app: ApiRoutes, parts: ApiParts): void {
  const register = publicRoute({
    method: 'post',
    path: '/v1/consumers',
    operationId: 'registerConsumer',
    tags: ['Consumers'],
    summary: 'Open an account and a first session',
    description:
      'A repeat with the same Idempotency-Key and body gets the same session again: make the key unguessable, as you ' +
      'would a password.',
    request: { headers: OptionalIdempotencyHeader, body: jsonBody(Registration) },
    responses: { 201: commandAnswer(SessionView, 'The account is open.') },
  })
  app.openapi(register, async (c) => {
    const { password, phone, ...body } = c.req.valid('json')
    const email = body.email.toLowerCase()
    const consumerId = deriveId('con', email)
    const request = await requestIdentity(c, `registration:${consumerId}`)
    const session = parts.tokens.session(consumerId, commandIdOf(request))
    const passwordHash = password === undefined ? null : await hashPassword(password)
    const device = deviceOf(c)
    const result = await parts.commands.run({
      request,
      ...consumerWay(parts),
      partitionKey: consumerId,
      outcomes: ['ConsumerRegistered', 'ConsumerCommandRefused'],
      build: (meta) => ({
        type: 'RegisterConsumer' as const,
        meta,
        ...body,
        email,
        phone: phone ?? null,
        consumerId,
        passwordHash,
        sessionId: session.id,
        sessionTokenHash: session.access.hash,
        sessionExpiresAt: lifeOf(parts, meta.occurredAt).expiresAt,
        refreshHash: session.refresh.hash,
        refreshExpiresAt: lifeOf(parts, meta.occurredAt).refreshExpiresAt,
        device,
      }),
    })
    const { meta } = expectOutcome(result, 'ConsumerRegistered')
    parts.recent.remember([consumerId], result.position)
    markReplay(c, result.replayed)
    const { expiresAt, refreshExpiresAt } = lifeOf(parts, meta.occurredAt)
    const shown = tokensShown(session, { consumerId, sessionId: session.id, expiresAt })
    return c.json({ ...shown, refreshExpiresAt: isoTime(refreshExpiresAt) }, 201)
  })
}

function addCheckIdentity(app: ApiRoutes, parts: ApiParts): void {
  const checkIdentity = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/consumers/me/identity-checks',
    operationId: 'checkIdentity',
    tags: ['Consumers'],
    summary: 'Verify who the consumer is',
    description:
      'Waits some seconds for the provider; where it takes longer, the status is PENDING, and a repeat with the same ' +
      'Idempotency-Key tells where the check stands by then.',
    request: { headers: OptionalIdempotencyHeader, body: jsonBody(IdentityCheckRequest) },
    responses: { 201: commandAnswer(IdentityCheckView, 'The check and where it stands.') },
  })
  app.openapi(checkIdentity, async (c) => {
    const consumerId = c.var.principal.id
    const request = await requestIdentity(c, consumerId)
    const checkId = deriveId('idc', consumerId, commandIdOf(request))
    const { documentRef } = c.req.valid('json')
    const isResult = (event: KycStatusChanged) => event.status !== 'PENDING'
    const reported = parts.commands.waitFor<KycStatusChanged>(commandIdOf(request), ['KycStatusChanged'], isResult)
    try {
      const result = await parts.commands.run({
        request,
        ...consumerWay(parts),
        partitionKey: consumerId,
        outcomes: ['KycStatusChanged', 'ConsumerCommandRefused'],
        build: (meta) => ({
          type: 'RequestIdentityCheck' as const,
          meta,
          consumerId,
          checkId,
          documentRef: documentRef ?? null,
        }),
      })
      const begun = expectOutcome(result, 'KycStatusChanged')
      markReplay(c, result.replayed)
      const wasHeard = !result.replayed && (await reported.outcome.then(({ event }) => event).catch(() => null))
      const { status, final, reasons } = wasHeard || (await checkToday(parts, begun))
      return c.json({ checkId, status, final, reasons: [...reasons] }, 201)
    } finally {
      reported.cancel()
    }
  })
}

/** Where a check stands now; where a newer one has begun, how this one began is all that is known of it. */
async function checkToday(parts: ApiParts, begun: KycStatusChanged) {
  const { consumerId, checkId } = begun
  const state = await parts.queries.get<ConsumerState>('consumers', 'consumers', consumerId, {
    partitionKey: consumerId,
  })
  return state?.kyc.checkId === checkId ? state.kyc : begun
}

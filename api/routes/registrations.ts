import { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import { oneTimeCode, oneTimeCodeHash } from '#domain/one-time-code.ts'
import { RegistrationView, SessionView } from '../account-views.ts'
import { commandIdOf } from '../command-gateway.ts'
import { consumerWay } from '../command-ways.ts'
import type { ApiParts } from '../parts.ts'
import { hashPassword } from '../passwords.ts'
import { expectOutcome, Problem } from '../problems.ts'
import { requesterOf } from '../requester.ts'
import {
  Code,
  Country,
  Email,
  IsoDate,
  idOf,
  Line,
  NewPassword,
  OptionalIdempotencyHeader,
  TimeZone,
} from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  isoTime,
  jsonBody,
  markReplay,
  publicRoute,
  requestIdentity,
  routes,
} from '../routing.ts'
import { deviceOf, lifeOf, tokensShown } from '../session-tokens.ts'

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
      description: 'Without one there is only the first session.',
    }),
  })
  .openapi('Registration')

const RegistrationConfirmation = z.strictObject({ email: Email, code: Code }).openapi('RegistrationConfirmation')

/** Opening an account: asked for, then confirmed by a code. docs/accounts.md says why it takes two steps. */
export function registrationRoutes(parts: ApiParts) {
  const app = routes()
  addRegister(app, parts)
  addConfirm(app, parts)
  return app
}

function addRegister(app: ApiRoutes, parts: ApiParts): void {
  const register = publicRoute({
    method: 'post',
    path: '/v1/consumers',
    operationId: 'registerConsumer',
    tags: ['Consumers'],
    summary: 'Ask for an account',
    description:
      'Sends a code to the address, which opens the account. The answer is the same whether or not the address has ' +
      'an account; where it has one, its owner gets a mail that says so. Another code: ask again, with another ' +
      'Idempotency-Key; the newest one is good. Whoever asks has five mails a day sent to an address, and all of ' +
      'them fifteen.',
    request: { headers: OptionalIdempotencyHeader, body: jsonBody(Registration) },
    responses: { 202: commandAnswer(RegistrationView, 'A mail is on its way to the address.') },
  })
  app.openapi(register, async (c) => {
    const { password, phone, ...body } = c.req.valid('json')
    const email = body.email.toLowerCase()
    const consumerId = deriveId('con', email)
    const request = await requestIdentity(c, `registration:${consumerId}`)
    const codeId = deriveId('cod', consumerId, commandIdOf(request))
    const codeHash = oneTimeCodeHash(parts.codeSecret, codeId, oneTimeCode(parts.codeSecret, codeId))
    const passwordHash = password === undefined ? null : await hashPassword(password)
    const requester = requesterOf(parts, c, consumerId)
    const result = await parts.commands.run({
      request,
      ...consumerWay(parts),
      partitionKey: consumerId,
      outcomes: ['RegistrationBegun', 'RegistrationRepeated', 'ConsumerCommandRefused'],
      build: (meta) => ({
        type: 'BeginRegistration' as const,
        meta,
        ...body,
        ...{ email, phone: phone ?? null, consumerId, passwordHash, codeId, codeHash, requester },
      }),
    })
    // That there was a mail too many is not told either: who asks would learn what others asked for the address.
    const { event } = result
    if (event.type === 'ConsumerCommandRefused' && event.code !== 'CODES_TOO_MANY') {
      expectOutcome(result, 'RegistrationBegun')
    }
    markReplay(c, result.replayed)
    return c.json({ registrationId: codeId }, 202)
  })
}

function addConfirm(app: ApiRoutes, parts: ApiParts): void {
  const confirm = publicRoute({
    method: 'post',
    path: '/v1/registrations/{registrationId}/confirm',
    operationId: 'confirmRegistration',
    tags: ['Consumers'],
    summary: 'Open the account with the code, and a first session',
    description:
      'The address is proved by that. A code is good for ten minutes, once, and for five tries. A repeat with the ' +
      'same Idempotency-Key and body gets the same session again: make the key unguessable, as you would a password.',
    request: {
      headers: OptionalIdempotencyHeader,
      params: z.object({ registrationId: idOf('cod') }),
      body: jsonBody(RegistrationConfirmation),
    },
    responses: { 201: commandAnswer(SessionView, 'The account is open.') },
  })
  app.openapi(confirm, async (c) => {
    const { email, code } = c.req.valid('json')
    const consumerId = deriveId('con', email.toLowerCase())
    const codeId = c.req.valid('param').registrationId
    const codeHash = oneTimeCodeHash(parts.codeSecret, codeId, code)
    const request = await requestIdentity(c, `registration:${consumerId}`)
    const session = parts.tokens.session(consumerId, commandIdOf(request))
    const device = deviceOf(c)
    const result = await parts.commands.run({
      request,
      ...consumerWay(parts),
      partitionKey: consumerId,
      outcomes: ['ConsumerRegistered', 'ConsumerCommandRefused'],
      build: (meta) => ({
        type: 'ConfirmRegistration' as const,
        ...{ meta, consumerId, codeId, codeHash, device },
        ...{ sessionId: session.id, tokenHash: session.access.hash, refreshHash: session.refresh.hash },
        ...lifeOf(parts, meta.occurredAt),
      }),
    })
    if (result.event.type === 'ConsumerCommandRefused') throw codeInvalid()
    const { meta } = expectOutcome(result, 'ConsumerRegistered')
    parts.recent.remember([consumerId], result.position)
    markReplay(c, result.replayed)
    const { expiresAt, refreshExpiresAt } = lifeOf(parts, meta.occurredAt)
    const shown = tokensShown(session, { consumerId, sessionId: session.id, expiresAt })
    return c.json({ ...shown, refreshExpiresAt: isoTime(refreshExpiresAt) }, 201)
  })
}

/** One answer for all that can be wrong with a code: which it was would tell whether there is an account. */
function codeInvalid(): Problem {
  const detail = 'The code is wrong, was used, has expired or was tried too often. Ask for a new one, or sign in.'
  return new Problem(422, 'REGISTRATION_CODE_INVALID', detail)
}

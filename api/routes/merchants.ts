import { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import { commandIdOf } from '../command-gateway.ts'
import { merchantWay } from '../command-ways.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome } from '../problems.ts'
import { Country, Currency, IdempotencyHeader, idOf, Line, TimeZone } from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  jsonBody,
  markReplay,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'
import { termsFields, termsOf, ticketRange } from '../terms-fields.ts'
import { ApiKeyView, MerchantStatusView } from '../views.ts'

const Onboarding = z
  .strictObject({
    name: Line.openapi({ example: 'Kiosk', description: 'As consumers know the merchant.' }),
    legalName: Line.openapi({ example: 'Kiosk Ltd' }),
    country: Country,
    currency: Currency.openapi({ description: 'The one currency it sells in.' }),
    timeZone: TimeZone.default('UTC'),
    categoryCode: z
      .string()
      .regex(/^\d{4}$/, { error: 'must be a merchant category code of four digits (ISO 18245)' })
      .openapi({ example: '5994', description: 'ISO 18245.' }),
    ...termsFields,
    payoutAccount: Line.openapi({ example: 'acct_kiosk', description: 'Where payouts go.' }),
  })
  .refine(...ticketRange)
  .openapi('Onboarding')

const StatusChange = z
  .strictObject({
    status: z.enum(['ACTIVE', 'SUSPENDED', 'CLOSED']).openapi({ description: 'CLOSED is for good.' }),
    reason: Line.openapi({ example: 'documents missing', description: 'Kept in the audit log.' }),
  })
  .openapi('StatusChange')

const merchantParams = z.object({ merchantId: idOf('mer') })

/** Taking merchants on, and suspending, reinstating and closing them. */
export function merchantRoutes(parts: ApiParts) {
  const app = routes()
  addOnboard(app, parts)
  addChangeStatus(app, parts)
  return app
}

function addOnboard(app: ApiRoutes, parts: ApiParts): void {
  const onboard = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/merchants',
    operationId: 'onboardMerchant',
    tags: ['Merchants'],
    summary: 'Take a merchant on; answers with its first API key',
    description:
      'For a merchant that was verified elsewhere; one that applies itself (POST /v1/merchant-applications) is ' +
      'verified first, and taken on in a risk tier.',
    request: { headers: IdempotencyHeader, body: jsonBody(Onboarding) },
    responses: { 201: commandAnswer(ApiKeyView, 'The merchant may sell.') },
  })
  app.openapi(onboard, async (c) => {
    const { terms, rest: body } = termsOf(c.req.valid('json'), c.req.valid('json').timeZone)
    const request = await requestIdentity(c, c.var.principal.id)
    const merchantId = deriveId('mer', commandIdOf(request))
    const key = parts.tokens.apiKey(merchantId, commandIdOf(request))
    const result = await parts.commands.run({
      ...merchantWay(parts),
      request,
      partitionKey: merchantId,
      outcomes: ['MerchantOnboarded', 'MerchantCommandRefused'],
      build: (meta) => ({
        type: 'OnboardMerchant' as const,
        meta,
        merchantId,
        ...body,
        terms,
        apiKeyId: key.id,
        apiKeyHash: key.hash,
        tier: null,
      }),
    })
    expectOutcome(result, 'MerchantOnboarded')
    parts.recent.remember([merchantId, c.var.principal.id], result.position)
    markReplay(c, result.replayed)
    return c.json({ merchantId, apiKeyId: key.id, apiKey: key.token }, 201)
  })
}

function addChangeStatus(app: ApiRoutes, parts: ApiParts): void {
  const changeStatus = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/merchants/{merchantId}/status',
    operationId: 'changeMerchantStatus',
    tags: ['Merchants'],
    summary: 'Suspend, reinstate or close a merchant',
    description:
      'A suspension stops new checkouts and purchases at once and holds payouts; what was authorised can still be ' +
      'captured, released and refunded. What was held is paid out after the reinstatement, or the closure.',
    request: { headers: IdempotencyHeader, params: merchantParams, body: jsonBody(StatusChange) },
    responses: { 200: commandAnswer(MerchantStatusView, 'Where the merchant stands.') },
  })
  app.openapi(changeStatus, async (c) => {
    const { merchantId } = c.req.valid('param')
    const change = c.req.valid('json')
    const result = await parts.commands.run({
      ...merchantWay(parts),
      request: await requestIdentity(c, c.var.principal.id),
      partitionKey: merchantId,
      outcomes: ['MerchantStatusChanged', 'MerchantCommandRefused'],
      build: (meta) => ({ type: 'ChangeMerchantStatus' as const, meta, merchantId, ...change }),
    })
    const { status, previous, reason } = expectOutcome(result, 'MerchantStatusChanged')
    parts.recent.remember([merchantId, c.var.principal.id], result.position)
    markReplay(c, result.replayed)
    return c.json({ merchantId, status, previous, reason }, 200)
  })
}

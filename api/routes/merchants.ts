import { z } from '@hono/zod-openapi'
import { AUTHORISATION_DAYS, AUTHORISATION_DAYS_MAX } from '#domain/authorisation-days.ts'
import { deriveId } from '#domain/ids.ts'
import { commandIdOf } from '../command-gateway.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome } from '../problems.ts'
import {
  AMOUNT_MINOR_MAX,
  Country,
  Currency,
  IdempotencyHeader,
  idOf,
  Line,
  OptionalIdempotencyHeader,
  RefundPolicy,
  TimeZone,
} from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  jsonBody,
  markReplay,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'
import { ApiKeyView, MerchantStatusView } from '../views.ts'

const ticket = z.int().min(1).max(AMOUNT_MINOR_MAX)

const bps = (description: string) => z.int().min(0).max(10_000).default(0).openapi({ description })
const SettlementTermsBody = z
  .strictObject({
    commissionBps: bps('Commission on each capture, in hundredths of a percent.'),
    taxBps: bps('Tax on fees and commissions.'),
    holdbackBps: bps('Share of each capture that is held back as a reserve.'),
    holdbackDays: z.int().min(0).max(365).default(0).openapi({ description: 'Days until a reserve is released.' }),
    refundsFee: z.boolean().default(false).openapi({ description: 'A refund gives its share of the fee back.' }),
  })
  .openapi('SettlementTerms')

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
    feeBps: z.int().min(0).max(5_000).default(400).openapi({ description: 'Hundredths of a percent of each capture.' }),
    feeFixedMinor: z.int().min(0).max(100_000).default(30).openapi({ description: 'On each capture. Minor units.' }),
    settlementDays: z
      .int()
      .min(0)
      .max(60)
      .default(1)
      .openapi({ description: 'Days from a capture to its settlement.' }),
    settlement: SettlementTermsBody.optional().openapi({ description: 'How it is settled beyond fee and days.' }),
    authorisationDays: z
      .int()
      .min(1)
      .max(AUTHORISATION_DAYS_MAX)
      .default(AUTHORISATION_DAYS)
      .openapi({ description: 'Days in which a purchase can be captured; what is not, is released then.' }),
    refundPolicy: RefundPolicy.default('LAST_FIRST').openapi({
      description:
        'How a refund is taken off what is due later: off the last instalment first, off the next one, in equal ' +
        'parts, or so that what is left is equal again.',
    }),
    ticketMinMinor: ticket.default(1).openapi({ description: 'The smallest checkout. Minor units.' }),
    ticketMaxMinor: ticket.default(200_000).openapi({ description: 'The largest checkout. Minor units.' }),
    payoutAccount: Line.openapi({ example: 'acct_kiosk', description: 'Where payouts go.' }),
  })
  .refine((body) => body.ticketMinMinor <= body.ticketMaxMinor, {
    error: 'must not be below ticketMinMinor',
    path: ['ticketMaxMinor'],
  })
  .openapi('Onboarding')

const NO_SETTLEMENT_TERMS = SettlementTermsBody.parse({})

const StatusChange = z
  .strictObject({
    status: z.enum(['ACTIVE', 'SUSPENDED', 'CLOSED']).openapi({ description: 'CLOSED is for good.' }),
    reason: Line.openapi({ example: 'documents missing', description: 'Kept in the audit log.' }),
  })
  .openapi('StatusChange')

const merchantParams = z.object({ merchantId: idOf('mer') })
const apiKeyParams = z.object({ apiKeyId: idOf('key') })

/** Onboarding, status and API keys of merchants. */
export function merchantRoutes(parts: ApiParts) {
  const app = routes()
  addOnboard(app, parts)
  addChangeStatus(app, parts)
  addIssueKey(app, parts)
  addRevokeKey(app, parts)
  return app
}

/** Where commands about merchants go, and who answers them. */
function wayOf({ schemas: { topics } }: ApiParts) {
  return { topic: topics.merchantCommands, answeredBy: { app: 'merchants', topic: topics.merchantEvents } }
}

function addOnboard(app: ApiRoutes, parts: ApiParts): void {
  const onboard = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/merchants',
    operationId: 'onboardMerchant',
    tags: ['Merchants'],
    summary: 'Take a merchant on; answers with its first API key',
    request: { headers: IdempotencyHeader, body: jsonBody(Onboarding) },
    responses: { 201: commandAnswer(ApiKeyView, 'The merchant may sell.') },
  })
  app.openapi(onboard, async (c) => {
    const { feeBps, feeFixedMinor, settlementDays, refundPolicy, authorisationDays, settlement, ...body } =
      c.req.valid('json')
    const request = await requestIdentity(c, c.var.principal.id)
    const merchantId = deriveId('mer', commandIdOf(request))
    const key = parts.tokens.apiKey(merchantId, commandIdOf(request))
    const result = await parts.commands.run({
      ...wayOf(parts),
      request,
      partitionKey: merchantId,
      outcomes: ['MerchantOnboarded', 'MerchantCommandRefused'],
      build: (meta) => ({
        type: 'OnboardMerchant' as const,
        meta,
        merchantId,
        ...body,
        terms: {
          ...{ feeBps, feeFixedMinor, settlementDays, refundPolicy, authorisationDays },
          settlement: { ...NO_SETTLEMENT_TERMS, ...settlement, timeZone: body.timeZone },
        },
        apiKeyId: key.id,
        apiKeyHash: key.hash,
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
    request: { headers: IdempotencyHeader, params: merchantParams, body: jsonBody(StatusChange) },
    responses: { 200: commandAnswer(MerchantStatusView, 'Where the merchant stands.') },
  })
  app.openapi(changeStatus, async (c) => {
    const { merchantId } = c.req.valid('param')
    const change = c.req.valid('json')
    const result = await parts.commands.run({
      ...wayOf(parts),
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

function addIssueKey(app: ApiRoutes, parts: ApiParts): void {
  const issueKey = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/api-keys',
    operationId: 'issueApiKey',
    tags: ['Merchants'],
    summary: 'Add an API key',
    request: { headers: IdempotencyHeader },
    responses: { 201: commandAnswer(ApiKeyView, 'The key; only its hash is kept.') },
  })
  app.openapi(issueKey, async (c) => {
    const merchantId = c.var.principal.id
    const request = await requestIdentity(c, merchantId)
    const key = parts.tokens.apiKey(merchantId, commandIdOf(request))
    const result = await parts.commands.run({
      ...wayOf(parts),
      request,
      partitionKey: merchantId,
      outcomes: ['ApiKeyIssued', 'MerchantCommandRefused'],
      build: (meta) => ({
        type: 'IssueApiKey' as const,
        meta,
        merchantId,
        apiKeyId: key.id,
        apiKeyHash: key.hash,
      }),
    })
    expectOutcome(result, 'ApiKeyIssued')
    markReplay(c, result.replayed)
    return c.json({ merchantId, apiKeyId: key.id, apiKey: key.token }, 201)
  })
}

function addRevokeKey(app: ApiRoutes, parts: ApiParts): void {
  const revokeKey = securedRoute(parts.auth, ['merchant'], {
    method: 'delete',
    path: '/v1/api-keys/{apiKeyId}',
    operationId: 'revokeApiKey',
    tags: ['Merchants'],
    summary: 'Withdraw an API key',
    request: { headers: OptionalIdempotencyHeader, params: apiKeyParams },
    responses: { 204: { description: 'The key is withdrawn.' } },
  })
  app.openapi(revokeKey, async (c) => {
    const merchantId = c.var.principal.id
    const { apiKeyId } = c.req.valid('param')
    const result = await parts.commands.run({
      ...wayOf(parts),
      request: await requestIdentity(c, merchantId),
      partitionKey: merchantId,
      outcomes: ['ApiKeyRevoked', 'MerchantCommandRefused'],
      build: (meta) => ({ type: 'RevokeApiKey' as const, meta, merchantId, apiKeyId }),
    })
    expectOutcome(result, 'ApiKeyRevoked')
    return c.body(null, 204)
  })
}

import { z } from '@hono/zod-openapi'
import type { MerchantState } from '#schemas'
import { commandIdOf } from '../command-gateway.ts'
import { merchantWay } from '../command-ways.ts'
import { ApiKeyRowView, RotatedKeyView } from '../merchant-views.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome } from '../problems.ts'
import { IdempotencyHeader, idOf, OptionalIdempotencyHeader } from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  isoTime,
  jsonAnswer,
  jsonBody,
  markReplay,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'
import { ApiKeyView, pageOf } from '../views.ts'

const HOUR_MS = 3_600_000

const Rotation = z
  .strictObject({
    overlapHours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .openapi({ example: 24, description: 'How long the old key is still taken. 0 ends it at once.' }),
  })
  .openapi('KeyRotation')

const apiKeyParams = z.object({ apiKeyId: idOf('key') })

/** The API keys of a merchant. */
export function apiKeyRoutes(parts: ApiParts) {
  const app = routes()
  addListKeys(app, parts)
  addIssueKey(app, parts)
  addRotateKey(app, parts)
  addRevokeKey(app, parts)
  return app
}

function addListKeys(app: ApiRoutes, parts: ApiParts): void {
  const list = securedRoute(parts.auth, ['merchant'], {
    method: 'get',
    path: '/v1/api-keys',
    operationId: 'listApiKeys',
    tags: ['Merchants'],
    summary: 'The API keys that are taken',
    responses: { 200: jsonAnswer(pageOf(ApiKeyRowView), 'The keys, without their secrets.') },
  })
  app.openapi(list, async (c) => {
    const { id } = c.var.principal
    const state = await parts.queries.get<MerchantState>('merchants', 'merchants', id, { partitionKey: id })
    const now = parts.time.now().timeMs
    const live = (state?.apiKeys ?? []).filter(({ endsAt }) => endsAt === null || endsAt > now)
    const items = live.map(({ apiKeyId, endsAt }) => ({ apiKeyId, endsAt: endsAt === null ? null : isoTime(endsAt) }))
    return c.json({ items, nextCursor: null }, 200)
  })
}

function addRotateKey(app: ApiRoutes, parts: ApiParts): void {
  const rotate = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/api-keys/{apiKeyId}/rotate',
    operationId: 'rotateApiKey',
    tags: ['Merchants'],
    summary: 'Put a new API key in the place of another',
    request: { headers: IdempotencyHeader, params: apiKeyParams, body: jsonBody(Rotation) },
    responses: { 201: commandAnswer(RotatedKeyView, 'The new key, and the end of the old one.') },
  })
  app.openapi(rotate, async (c) => {
    const merchantId = c.var.principal.id
    const { apiKeyId } = c.req.valid('param')
    const { overlapHours } = c.req.valid('json')
    const request = await requestIdentity(c, merchantId)
    const key = parts.tokens.apiKey(merchantId, commandIdOf(request))
    const result = await parts.commands.run({
      ...merchantWay(parts),
      request,
      partitionKey: merchantId,
      outcomes: ['ApiKeyRotated', 'MerchantCommandRefused'],
      build: (meta) => ({
        type: 'RotateApiKey' as const,
        ...{ meta, merchantId, apiKeyId, endsAt: meta.occurredAt + overlapHours * HOUR_MS },
        ...{ newApiKeyId: key.id, newApiKeyHash: key.hash },
      }),
    })
    const { endsAt } = expectOutcome(result, 'ApiKeyRotated')
    markReplay(c, result.replayed)
    const old = { apiKeyId, endsAt: isoTime(endsAt) }
    return c.json({ merchantId, apiKeyId: key.id, apiKey: key.token, replaced: old }, 201)
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
      ...merchantWay(parts),
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
      ...merchantWay(parts),
      request: await requestIdentity(c, merchantId),
      partitionKey: merchantId,
      outcomes: ['ApiKeyRevoked', 'MerchantCommandRefused'],
      build: (meta) => ({ type: 'RevokeApiKey' as const, meta, merchantId, apiKeyId }),
    })
    expectOutcome(result, 'ApiKeyRevoked')
    return c.body(null, 204)
  })
}

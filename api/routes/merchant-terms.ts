import { z } from '@hono/zod-openapi'
import { merchantWay } from '../command-ways.ts'
import { TermsVersionView, TierView } from '../merchant-views.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome } from '../problems.ts'
import { IdempotencyHeader, idOf, Line } from '../requests.ts'
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
import { termsFields, termsOf, ticketRange } from '../terms-fields.ts'
import { pageOf } from '../views.ts'

const NewTerms = z
  .strictObject({
    ...termsFields,
    effectiveFrom: z.iso
      .datetime({ error: 'must be a time such as 2026-03-01T00:00:00Z' })
      .optional()
      .openapi({ example: '2026-04-01T00:00:00Z', description: 'Business time; left out: now.' }),
  })
  .refine(...ticketRange)
  .openapi('NewTerms')

const TierChange = z
  .strictObject({
    tier: z.enum(['LOW', 'STANDARD', 'HIGH']).openapi({ description: 'It limits tickets from the next checkout on.' }),
    reason: Line.openapi({ example: 'many returns', description: 'Kept in the audit log.' }),
  })
  .openapi('TierChange')

const merchantParams = z.object({ merchantId: idOf('mer') })

/** The terms of merchants, version by version, and their risk tier. */
export function merchantTermsRoutes(parts: ApiParts) {
  const app = routes()
  addList(app, parts)
  addChange(app, parts)
  addTier(app, parts)
  return app
}

function addList(app: ApiRoutes, parts: ApiParts): void {
  const list = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/merchants/{merchantId}/terms',
    operationId: 'listMerchantTerms',
    tags: ['Merchants'],
    summary: 'All versions of a merchant’s terms, the newest first',
    request: { params: merchantParams },
    responses: { 200: jsonAnswer(pageOf(TermsVersionView), 'The versions.') },
  })
  app.openapi(list, async (c) => {
    await parts.recent.settle(c.var.principal.id)
    const items = await parts.reads.merchantTerms(c.req.valid('param').merchantId)
    return c.json({ items: [...items], nextCursor: null }, 200)
  })
}

function addChange(app: ApiRoutes, parts: ApiParts): void {
  const change = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/merchants/{merchantId}/terms',
    operationId: 'changeMerchantTerms',
    tags: ['Merchants'],
    summary: 'Agree on other terms, from a time on',
    description: 'A checkout keeps the terms that were in force when it was made: nothing changes for what was sold.',
    request: { headers: IdempotencyHeader, params: merchantParams, body: jsonBody(NewTerms) },
    responses: { 201: commandAnswer(TermsVersionView, 'The new version.') },
  })
  app.openapi(change, async (c) => {
    const { merchantId } = c.req.valid('param')
    // The topology puts the merchant's own time zone in.
    const { terms, rest } = termsOf(c.req.valid('json'), 'UTC')
    const { effectiveFrom, ticketMinMinor, ticketMaxMinor } = rest
    const result = await parts.commands.run({
      ...merchantWay(parts),
      request: await requestIdentity(c, c.var.principal.id),
      partitionKey: merchantId,
      outcomes: ['MerchantTermsChanged', 'MerchantCommandRefused'],
      build: (meta) => ({
        type: 'ChangeMerchantTerms' as const,
        ...{ meta, merchantId, terms, ticketMinMinor, ticketMaxMinor },
        effectiveFrom: effectiveFrom === undefined ? meta.occurredAt : Date.parse(effectiveFrom),
      }),
    })
    const agreed = expectOutcome(result, 'MerchantTermsChanged')
    parts.recent.remember([merchantId, c.var.principal.id], result.position)
    markReplay(c, result.replayed)
    const times = { version: agreed.version, effectiveFrom: isoTime(agreed.effectiveFrom) }
    const { settlement: _settlement, monthly, ...shown } = agreed.terms
    return c.json({ ...times, ...shown, monthly: [...monthly], ticketMinMinor, ticketMaxMinor }, 201)
  })
}

function addTier(app: ApiRoutes, parts: ApiParts): void {
  const changeTier = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/merchants/{merchantId}/tier',
    operationId: 'changeRiskTier',
    tags: ['Merchants'],
    summary: 'Move a merchant to another risk tier',
    request: { headers: IdempotencyHeader, params: merchantParams, body: jsonBody(TierChange) },
    responses: { 200: commandAnswer(TierView, 'The tier.') },
  })
  app.openapi(changeTier, async (c) => {
    const { merchantId } = c.req.valid('param')
    const change = c.req.valid('json')
    const result = await parts.commands.run({
      ...merchantWay(parts),
      request: await requestIdentity(c, c.var.principal.id),
      partitionKey: merchantId,
      outcomes: ['RiskTierChanged', 'MerchantCommandRefused'],
      build: (meta) => ({ type: 'ChangeRiskTier' as const, meta, merchantId, ...change }),
    })
    const { tier, previous, reason } = expectOutcome(result, 'RiskTierChanged')
    parts.recent.remember([merchantId, c.var.principal.id], result.position)
    markReplay(c, result.replayed)
    return c.json({ merchantId, tier, previous, reason }, 200)
  })
}

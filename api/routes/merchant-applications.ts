import { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import type { ApplicationStatusChanged, MerchantState } from '#schemas'
import { commandIdOf } from '../command-gateway.ts'
import { merchantWay } from '../command-ways.ts'
import { ApplicationAnswerView, ApplicationDecidedView, ApplicationView } from '../merchant-views.ts'
import type { Waiting } from '../outcome-tail.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome } from '../problems.ts'
import { Country, Currency, IdempotencyHeader, idOf, Line, PageQuery, TimeZone } from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  jsonAnswer,
  jsonBody,
  markReplay,
  publicRoute,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'
import { pageOf } from '../views.ts'

const NewApplication = z
  .strictObject({
    name: Line.openapi({ example: 'Kiosk', description: 'As consumers know the merchant.' }),
    legalName: Line.openapi({ example: 'Kiosk Ltd', description: 'As in the register.' }),
    registrationNumber: Line.max(60).openapi({ example: 'HRB 1001', description: 'In the register of its country.' }),
    country: Country,
    currency: Currency.openapi({ description: 'The one currency it sells in.' }),
    timeZone: TimeZone.default('UTC'),
    categoryCode: z
      .string()
      .regex(/^\d{4}$/, { error: 'must be a merchant category code of four digits (ISO 18245)' })
      .openapi({ example: '5994', description: 'ISO 18245.' }),
    payoutAccount: Line.openapi({ example: 'acct_kiosk', description: 'Where payouts go.' }),
  })
  .openapi('NewApplication')

const ApplicationDecision = z
  .strictObject({
    approve: z.boolean().openapi({ example: true, description: 'False rejects it, for good.' }),
    tier: z
      .enum(['LOW', 'STANDARD', 'HIGH'])
      .optional()
      .openapi({ description: 'Where it is approved: the risk tier, and with it the terms.' }),
    reason: Line.openapi({ example: 'owner confirmed by phone', description: 'Kept in the audit log.' }),
  })
  .refine(({ approve, tier }) => !approve || tier !== undefined, {
    error: 'is needed to approve an application',
    path: ['tier'],
  })
  .openapi('ApplicationDecision')

/** Merchants that apply, and the people who decide where the verification leaves it to them. */
export function merchantApplicationRoutes(parts: ApiParts) {
  const app = routes()
  addApply(app, parts)
  addList(app, parts)
  addDecide(app, parts)
  return app
}

function addApply(app: ApiRoutes, parts: ApiParts): void {
  const apply = publicRoute({
    method: 'post',
    path: '/v1/merchant-applications',
    operationId: 'applyAsMerchant',
    tags: ['Merchants'],
    summary: 'Apply to sell',
    description:
      'Waits some seconds for the verification; where that takes longer, the status is APPLIED. Terms and the ' +
      'largest ticket follow from the risk tier.',
    request: { headers: IdempotencyHeader, body: jsonBody(NewApplication) },
    responses: { 201: commandAnswer(ApplicationAnswerView, 'The application, and where it stands.') },
  })
  app.openapi(apply, async (c) => {
    const body = c.req.valid('json')
    const request = await requestIdentity(c, 'merchant-application')
    const commandId = commandIdOf(request)
    const merchantId = deriveId('mer', commandId)
    const key = parts.tokens.apiKey(merchantId, commandId)
    const checked = parts.commands.waitFor<ApplicationStatusChanged>(commandId, ['ApplicationStatusChanged'])
    try {
      const result = await parts.commands.run({
        ...merchantWay(parts),
        request,
        partitionKey: merchantId,
        outcomes: ['MerchantApplied', 'MerchantCommandRefused'],
        build: (meta) => ({
          type: 'ApplyMerchant' as const,
          ...{ meta, merchantId, ...body, apiKeyId: key.id, apiKeyHash: key.hash },
        }),
      })
      expectOutcome(result, 'MerchantApplied')
      markReplay(c, result.replayed)
      const stands = result.replayed ? await applicationOf(parts, merchantId) : await heardOf(checked)
      const { status, tier, reasons } = stands ?? { status: 'APPLIED' as const, tier: null, reasons: [] }
      return c.json({ merchantId, status, tier, reasons: [...reasons], apiKeyId: key.id, apiKey: key.token }, 201)
    } finally {
      checked.cancel()
    }
  })
}

async function heardOf({ outcome }: Waiting<ApplicationStatusChanged>): Promise<ApplicationStatusChanged | null> {
  return outcome.then(({ event }) => event).catch(() => null)
}

/** Where an application stands by now. */
async function applicationOf(parts: ApiParts, id: string) {
  const state = await parts.queries.get<MerchantState>('merchants', 'merchants', id, { partitionKey: id })
  if (state?.application == null) return null
  const { status, reasons } = state.application
  return { status, reasons, tier: state.account?.tier ?? null }
}

function addList(app: ApiRoutes, parts: ApiParts): void {
  const list = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/merchant-applications',
    operationId: 'listMerchantApplications',
    tags: ['Merchants'],
    summary: 'All applications, newest first',
    request: { query: PageQuery },
    responses: { 200: jsonAnswer(pageOf(ApplicationView), 'A page of applications.') },
  })
  app.openapi(list, async (c) => {
    await parts.recent.settle(c.var.principal.id)
    const read = parts.cursors.page(['merchant-applications'], c.req.valid('query'), (page) =>
      parts.reads.merchantApplications(page),
    )
    return c.json(await read, 200)
  })
}

function addDecide(app: ApiRoutes, parts: ApiParts): void {
  const decide = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/merchant-applications/{merchantId}/decision',
    operationId: 'decideMerchantApplication',
    tags: ['Merchants'],
    summary: 'Decide on an application that is in review',
    request: {
      headers: IdempotencyHeader,
      params: z.object({ merchantId: idOf('mer') }),
      body: jsonBody(ApplicationDecision),
    },
    responses: { 200: commandAnswer(ApplicationDecidedView, 'Where the application stands.') },
  })
  app.openapi(decide, async (c) => {
    const { merchantId } = c.req.valid('param')
    const { approve, tier = null, reason } = c.req.valid('json')
    const result = await parts.commands.run({
      ...merchantWay(parts),
      request: await requestIdentity(c, c.var.principal.id),
      partitionKey: merchantId,
      outcomes: ['ApplicationStatusChanged', 'MerchantCommandRefused'],
      build: (meta) => ({ type: 'DecideApplication' as const, meta, merchantId, approve, tier, reason }),
    })
    const decided = expectOutcome(result, 'ApplicationStatusChanged')
    parts.recent.remember([merchantId, c.var.principal.id], result.position)
    markReplay(c, result.replayed)
    const { status, reasons } = decided
    return c.json({ merchantId, status, tier: decided.tier, reasons: [...reasons] }, 200)
  })
}

import { z } from '@hono/zod-openapi'
import { daysBetween } from '#domain/calendar.ts'
import type { ApiParts } from '../parts.ts'
import { Problem } from '../problems.ts'
import { IsoDate, idOf, PageQuery } from '../requests.ts'
import { type ApiRoutes, jsonAnswer, routes, securedRoute } from '../routing.ts'
import { MerchantDayView, MerchantView, pageOf, SettlementLineView, SettlementView } from '../views.ts'

const DAYS_MAX = 3_660

const Days = z
  .strictObject({
    from: IsoDate.openapi({ description: 'The first business date.' }),
    to: IsoDate.openapi({ description: 'The last business date.' }),
  })
  .refine(({ from, to }) => from <= to, { error: 'must not be before `from`', path: ['to'] })
  .refine(({ from, to }) => from > to || daysBetween(from, to) <= DAYS_MAX, {
    error: `must be at most ${DAYS_MAX} days after \`from\``,
    path: ['to'],
  })

/** Merchants, their settlements and their numbers, from the read model and the analytics store. */
export function merchantReadings(parts: ApiParts) {
  const app = routes()
  addMerchants(app, parts)
  addSettlements(app, parts)
  addDays(app, parts)
  return app
}

function addMerchants(app: ApiRoutes, parts: ApiParts): void {
  const merchants = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/merchants',
    operationId: 'listMerchants',
    tags: ['Merchants'],
    summary: 'All merchants, newest first',
    request: { query: PageQuery },
    responses: { 200: jsonAnswer(pageOf(MerchantView), 'A page of merchants.') },
  })
  app.openapi(merchants, async (c) => {
    await parts.recent.settle(c.var.principal.id)
    const read = parts.cursors.page(['merchants'], c.req.valid('query'), (page) => parts.reads.merchants(page))
    return c.json(await read, 200)
  })
}

function addSettlements(app: ApiRoutes, parts: ApiParts): void {
  const settlements = securedRoute(parts.auth, ['merchant'], {
    method: 'get',
    path: '/v1/settlements',
    operationId: 'listSettlements',
    tags: ['Settlements'],
    summary: 'What was settled, newest first',
    request: { query: PageQuery },
    responses: { 200: jsonAnswer(pageOf(SettlementView), 'A page of settlements.') },
  })
  app.openapi(settlements, async (c) => {
    const { id } = c.var.principal
    const read = parts.cursors.page(['settlements', id], c.req.valid('query'), (page) =>
      parts.reads.settlements(id, page),
    )
    return c.json(await read, 200)
  })

  const lines = securedRoute(parts.auth, ['merchant'], {
    method: 'get',
    path: '/v1/settlements/{settlementId}/lines',
    operationId: 'listSettlementLines',
    tags: ['Settlements'],
    summary: 'The lines of a settlement; each names its purchase, capture or refund',
    request: { params: z.object({ settlementId: idOf('set') }) },
    responses: { 200: jsonAnswer(pageOf(SettlementLineView), 'The lines.') },
  })
  app.openapi(lines, async (c) => {
    const { settlementId } = c.req.valid('param')
    const items = await parts.reads.settlementLines(c.var.principal.id, settlementId)
    if (items === null) throw new Problem(404, 'SETTLEMENT_UNKNOWN', `There is no ${settlementId}.`)
    return c.json({ items: [...items], nextCursor: null }, 200)
  })
}

function addDays(app: ApiRoutes, parts: ApiParts): void {
  const days = securedRoute(parts.auth, ['merchant'], {
    method: 'get',
    path: '/v1/analytics/days',
    operationId: 'listMerchantDays',
    tags: ['Analytics'],
    summary: 'Decisions, volume and refunds by day, from the analytics store',
    request: { query: Days },
    responses: {
      200: jsonAnswer(pageOf(MerchantDayView), 'One row a day and currency; days without any are left out.'),
    },
  })
  app.openapi(days, async (c) => {
    const { from, to } = c.req.valid('query')
    const items = await parts.analytics.days(c.var.principal.id, from, to)
    if (items === null) {
      throw new Problem(503, 'ANALYTICS_MISSING', 'No analytics store runs here; /healthz says why.')
    }
    // The store tells more of a day than is promised here.
    return c.json({ items: items.map((row) => MerchantDayView.parse(row)), nextCursor: null }, 200)
  })
}

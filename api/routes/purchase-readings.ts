import { z } from '@hono/zod-openapi'
import { planOf, purchaseOf } from '../owned-readings.ts'
import type { ApiParts } from '../parts.ts'
import { withPayoff } from '../plan-change.ts'
import { PaymentRowView, PlanView } from '../plan-views.ts'
import { idOf, Line, PageQuery } from '../requests.ts'
import { type ApiRoutes, jsonAnswer, routes, securedRoute } from '../routing.ts'
import { PurchaseView, pageOf } from '../views.ts'

const PurchaseQuery = PageQuery.extend({
  merchantReference: Line.optional().openapi({ example: 'order-1001', description: 'Only those of this order.' }),
})

/** Purchases and their plans, from the read model; a caller sees what it has just done. */
export function purchaseReadings(parts: ApiParts) {
  const app = routes()
  addPurchases(app, parts)
  addPurchase(app, parts)
  addPlans(app, parts)
  addPlan(app, parts)
  return app
}

function addPurchases(app: ApiRoutes, parts: ApiParts): void {
  const list = securedRoute(parts.auth, ['merchant', 'consumer'], {
    method: 'get',
    path: '/v1/purchases',
    operationId: 'listPurchases',
    tags: ['Purchases'],
    summary: 'One’s own purchases, newest first',
    request: { query: PurchaseQuery },
    responses: { 200: jsonAnswer(pageOf(PurchaseView), 'A page of purchases.') },
  })
  app.openapi(list, async (c) => {
    const { kind, id } = c.var.principal
    const { merchantReference, ...query } = c.req.valid('query')
    await parts.recent.settle(id)
    const whose = kind === 'merchant' ? { merchantId: id } : { consumerId: id }
    const filter = merchantReference === undefined ? whose : { ...whose, merchantReference }
    const read = parts.cursors.page(['purchases', id, merchantReference], query, (page) =>
      parts.reads.purchases(filter, page),
    )
    return c.json(await read, 200)
  })
}

function addPurchase(app: ApiRoutes, parts: ApiParts): void {
  const one = securedRoute(parts.auth, ['merchant', 'consumer', 'operator'], {
    method: 'get',
    path: '/v1/purchases/{purchaseId}',
    operationId: 'getPurchase',
    tags: ['Purchases'],
    summary: 'A purchase and what became of it',
    request: { params: z.object({ purchaseId: idOf('pur') }) },
    responses: { 200: jsonAnswer(PurchaseView, 'The purchase.') },
  })
  app.openapi(one, async (c) => c.json(await purchaseOf(parts, c.var.principal, c.req.valid('param').purchaseId), 200))
}

function addPlans(app: ApiRoutes, parts: ApiParts): void {
  const plans = securedRoute(parts.auth, ['consumer'], {
    method: 'get',
    path: '/v1/plans',
    operationId: 'listPlans',
    tags: ['Plans'],
    summary: 'One’s own plans with their schedules, newest first',
    request: { query: PageQuery },
    responses: { 200: jsonAnswer(pageOf(PlanView), 'A page of plans.') },
  })
  app.openapi(plans, async (c) => {
    const { id } = c.var.principal
    await parts.recent.settle(id)
    const { date: today } = parts.time.now()
    const { items, nextCursor } = await parts.cursors.page(['plans', id], c.req.valid('query'), (page) =>
      parts.reads.plans(id, page),
    )
    return c.json({ items: items.map((item) => withPayoff(item, today)), nextCursor }, 200)
  })
}

function addPlan(app: ApiRoutes, parts: ApiParts): void {
  const planParams = { params: z.object({ planId: idOf('pln') }) }
  const plan = securedRoute(parts.auth, ['merchant', 'consumer', 'operator'], {
    method: 'get',
    path: '/v1/plans/{planId}',
    operationId: 'getPlan',
    tags: ['Plans'],
    summary: 'A plan and its schedule',
    request: planParams,
    responses: { 200: jsonAnswer(PlanView, 'The plan.') },
  })
  app.openapi(plan, async (c) => {
    const found = await planOf(parts, c.var.principal, c.req.valid('param').planId)
    return c.json(withPayoff(found, parts.time.now().date), 200)
  })

  const payments = securedRoute(parts.auth, ['consumer', 'operator'], {
    method: 'get',
    path: '/v1/plans/{planId}/payments',
    operationId: 'listPlanPayments',
    tags: ['Payments'],
    summary: 'The payments of a plan: how each ended, and when the next attempt is',
    request: planParams,
    responses: { 200: jsonAnswer(pageOf(PaymentRowView), 'The payments.') },
  })
  app.openapi(payments, async (c) => {
    const { planId } = await planOf(parts, c.var.principal, c.req.valid('param').planId)
    return c.json({ items: [...(await parts.reads.payments(planId))], nextCursor: null }, 200)
  })
}

import { z } from '@hono/zod-openapi'
import { planOf } from '../owned-readings.ts'
import type { ApiParts } from '../parts.ts'
import { planAction } from '../plan-action.ts'
import { changeOf } from '../plan-change.ts'
import { LateFeeView, PlanChangeView } from '../plan-views.ts'
import { AmountMinor, IdempotencyHeader, idOf } from '../requests.ts'
import { type ApiRoutes, commandAnswer, jsonAnswer, jsonBody, routes, securedRoute } from '../routing.ts'
import { pageOf } from '../views.ts'

const planParams = z.object({ planId: idOf('pln') })
const feeParams = planParams.extend({ feeId: idOf('fee') })

const Waiver = z
  .strictObject({
    amountMinor: AmountMinor.optional().openapi({ description: 'All that is not paid of the fee where left out.' }),
  })
  .openapi('FeeWaiver')

/** Late fees, and taking them back: they are reversed by an entry of their own, never deleted. */
export function lateFeeRoutes(parts: ApiParts) {
  const app = routes()
  addList(app, parts)
  addWaive(app, parts)
  addReverse(app, parts)
  return app
}

function addList(app: ApiRoutes, parts: ApiParts): void {
  const list = securedRoute(parts.auth, ['consumer', 'merchant', 'operator'], {
    method: 'get',
    path: '/v1/plans/{planId}/fees',
    operationId: 'listLateFees',
    tags: ['Plans'],
    summary: 'The late fees of a plan, oldest first',
    request: { params: planParams },
    responses: { 200: jsonAnswer(pageOf(LateFeeView), 'The fees.') },
  })
  app.openapi(list, async (c) => {
    const { planId } = c.req.valid('param')
    await planOf(parts, c.var.principal, planId)
    return c.json({ items: [...(await parts.reads.lateFees(planId))], nextCursor: null }, 200)
  })
}

function addWaive(app: ApiRoutes, parts: ApiParts): void {
  const waive = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/plans/{planId}/fees/{feeId}/waivers',
    operationId: 'waiveLateFee',
    tags: ['Plans'],
    summary: 'Waive what is not paid of a late fee, or a part of that',
    request: { headers: IdempotencyHeader, params: feeParams, body: jsonBody(Waiver) },
    responses: { 201: commandAnswer(PlanChangeView, 'The plan without it.') },
  })
  app.openapi(waive, async (c) => {
    const { planId, feeId } = c.req.valid('param')
    const amountMinor = c.req.valid('json').amountMinor ?? null
    const waived = await planAction(parts, c, {
      ...{ planId, outcome: 'LateFeeReversed' },
      build: (ids) => ({ type: 'WaiveLateFee', ...ids, feeId, amountMinor }),
    })
    return c.json(changeOf(waived), 201)
  })
}

function addReverse(app: ApiRoutes, parts: ApiParts): void {
  const reverse = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/plans/{planId}/fees/{feeId}/reversal',
    operationId: 'reverseLateFee',
    tags: ['Plans'],
    summary: 'Reverse a late fee that was a mistake: what was paid of it goes back',
    request: { headers: IdempotencyHeader, params: feeParams },
    responses: { 201: commandAnswer(PlanChangeView, 'The plan without it.') },
  })
  app.openapi(reverse, async (c) => {
    const { planId, feeId } = c.req.valid('param')
    const reversed = await planAction(parts, c, {
      ...{ planId, outcome: 'LateFeeReversed' },
      build: (ids) => ({ type: 'ReverseLateFee', ...ids, feeId }),
    })
    return c.json(changeOf(reversed), 201)
  })
}

import { z } from '@hono/zod-openapi'
import { pauseDays } from '#domain/delinquency.ts'
import { deriveId } from '#domain/ids.ts'
import type { ApiParts } from '../parts.ts'
import { planAction } from '../plan-action.ts'
import { changeOf } from '../plan-change.ts'
import { PauseView, PlanChangeView } from '../plan-views.ts'
import { IdempotencyHeader, IsoDate, idOf } from '../requests.ts'
import { type ApiRoutes, commandAnswer, jsonBody, routes, securedRoute } from '../routing.ts'

const planParams = z.object({ planId: idOf('pln') })

const DateMove = z
  .strictObject({
    instalmentNo: z.int().min(1).max(1_000).openapi({ example: 2, description: 'From 1.' }),
    dueDate: IsoDate.openapi({ description: 'The new date: after today, and not after the next payment’s.' }),
  })
  .openapi('DateMove')

const Pausing = z
  .strictObject({
    reason: z.enum(Object.keys(pauseDays) as [string, ...string[]]).openapi({
      example: 'RETURN',
      description: 'RETURN: something is on its way back. PROBLEM: something is wrong.',
    }),
  })
  .openapi('PauseRequest')

/** What consumers change about a plan that is being paid back. */
export function planServicingRoutes(parts: ApiParts) {
  const app = routes()
  addMove(app, parts)
  addPause(app, parts)
  return app
}

function addMove(app: ApiRoutes, parts: ApiParts): void {
  const move = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/plans/{planId}/date-moves',
    operationId: 'moveInstalmentDate',
    tags: ['Plans'],
    summary: 'Pay an instalment on another day',
    description:
      'Once a purchase; neither the first nor the last payment, none that is overdue or due within 24 hours.',
    request: { headers: IdempotencyHeader, params: planParams, body: jsonBody(DateMove) },
    responses: { 201: commandAnswer(PlanChangeView, 'The plan with its new dates.') },
  })
  app.openapi(move, async (c) => {
    const moved = await planAction(parts, c, {
      planId: c.req.valid('param').planId,
      outcome: 'InstalmentMoved',
      build: (ids) => ({ type: 'MoveInstalmentDate', ...ids, ...c.req.valid('json') }),
    })
    return c.json(changeOf(moved), 201)
  })
}

function addPause(app: ApiRoutes, parts: ApiParts): void {
  const pause = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/plans/{planId}/pauses',
    operationId: 'pausePlan',
    tags: ['Plans'],
    summary: 'Report a return or a problem: the plan is held while it is looked into',
    description:
      `A return holds it for ${pauseDays.RETURN} days, a problem for ${pauseDays.PROBLEM}. Nothing is charged, falls ` +
      'due, becomes later or costs a fee in between; what is owed can be paid.',
    request: { headers: IdempotencyHeader, params: planParams, body: jsonBody(Pausing) },
    responses: { 201: commandAnswer(PauseView, 'From when until when the plan is held.') },
  })
  app.openapi(pause, async (c) => {
    const { reason: why } = c.req.valid('json')
    const paused = await planAction(parts, c, {
      planId: c.req.valid('param').planId,
      outcome: 'PlanPaused',
      build: (ids, commandId) => {
        return { type: 'PausePlan', ...ids, pauseId: deriveId('pau', ids.planId, commandId), reason: why }
      },
    })
    const { planId, pauseId, reason, from, until } = paused
    return c.json({ planId, pauseId, reason, from, until }, 201)
  })
}

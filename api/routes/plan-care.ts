import { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import type { ApiParts } from '../parts.ts'
import { planAction } from '../plan-action.ts'
import { changeOf } from '../plan-change.ts'
import { PlanChangeView, ReAgeView } from '../plan-views.ts'
import { IdempotencyHeader, IsoDate, idOf, Line } from '../requests.ts'
import { type ApiRoutes, commandAnswer, jsonBody, routes, securedRoute } from '../routing.ts'

const planParams = z.object({ planId: idOf('pln') })

const Hardship = z
  .strictObject({
    firstDue: IsoDate.openapi({ description: 'When the first new payment is due: after today.' }),
    parts: z.int().min(1).max(24).openapi({ example: 6, description: 'How many monthly payments.' }),
  })
  .openapi('HardshipRequest')

const Fraud = z
  .strictObject({ discoveredOn: IsoDate.openapi({ description: 'Today or before.' }) })
  .openapi('FraudReport')

const Undo = z
  .strictObject({
    reason: Line.openapi({ example: 'the bank corrected its file', description: 'Kept with the command.' }),
  })
  .openapi('PaymentUndo')

/** What operators do for plans that cannot be paid as agreed. */
export function planCareRoutes(parts: ApiParts) {
  const app = routes()
  addHardship(app, parts)
  addUndoHardship(app, parts)
  addFraud(app, parts)
  addUndoPayment(app, parts)
  addStep(app, parts, {
    ...{
      path: 'charge-off/undo',
      operationId: 'undoChargeOff',
      command: 'UndoChargeOff',
      outcome: 'PlanChargeOffUndone',
    },
    ...{ summary: 'Make a charged-off plan owed again', answer: 'The plan, owed again less what was recovered.' },
  })
  addStep(app, parts, {
    ...{ path: 'write-off', operationId: 'writeOffPlan', command: 'WriteOffPlan', outcome: 'PlanWrittenOff' },
    ...{ summary: 'Give a plan up for good: nothing is undone or paid after it', answer: 'The plan is written off.' },
  })
  return app
}

function addHardship(app: ApiRoutes, parts: ApiParts): void {
  const start = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/plans/{planId}/hardships',
    operationId: 'startHardship',
    tags: ['Plans'],
    summary: 'Re-age what is past due into equal monthly payments from a new date',
    description: 'The old payments close today; unpaid late fees go to the first new one. It can be undone.',
    request: { headers: IdempotencyHeader, params: planParams, body: jsonBody(Hardship) },
    responses: { 201: commandAnswer(ReAgeView, 'The plan with its new payments.') },
  })
  app.openapi(start, async (c) => {
    const aged = await planAction(parts, c, {
      planId: c.req.valid('param').planId,
      outcome: 'PlanReaged',
      build: (ids, commandId) => {
        const hardshipId = deriveId('har', ids.planId, commandId)
        return { type: 'StartHardship', ...ids, hardshipId, ...c.req.valid('json') }
      },
    })
    return c.json({ ...changeOf(aged), hardshipId: aged.hardshipId, amountMinor: aged.amountMinor }, 201)
  })
}

function addUndoHardship(app: ApiRoutes, parts: ApiParts): void {
  const undo = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/plans/{planId}/hardships/{hardshipId}/undo',
    operationId: 'undoHardship',
    tags: ['Plans'],
    summary: 'Undo a re-age: the plan is as if it had not been, with the payments made since',
    request: { headers: IdempotencyHeader, params: planParams.extend({ hardshipId: idOf('har') }) },
    responses: { 201: commandAnswer(PlanChangeView, 'The plan as it would have been.') },
  })
  app.openapi(undo, async (c) => {
    const { planId, hardshipId } = c.req.valid('param')
    const undone = await planAction(parts, c, {
      ...{ planId, outcome: 'PlanReworked' },
      build: (ids) => ({ type: 'UndoHardship', ...ids, hardshipId }),
    })
    return c.json(changeOf(undone), 201)
  })
}

function addFraud(app: ApiRoutes, parts: ApiParts): void {
  const report = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/plans/{planId}/fraud-reports',
    operationId: 'reportFraud',
    tags: ['Plans'],
    summary: 'Report that the purchase was a fraud: its plan is charged off 90 days after the discovery',
    request: { headers: IdempotencyHeader, params: planParams, body: jsonBody(Fraud) },
    responses: { 201: commandAnswer(PlanChangeView, 'It is noted.') },
  })
  app.openapi(report, async (c) => {
    const reported = await planAction(parts, c, {
      planId: c.req.valid('param').planId,
      outcome: 'FraudReported',
      build: (ids) => ({ type: 'ReportFraud', ...ids, ...c.req.valid('json') }),
    })
    return c.json(changeOf(reported), 201)
  })
}

function addUndoPayment(app: ApiRoutes, parts: ApiParts): void {
  const undo = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/plans/{planId}/payments/{paymentId}/undo',
    operationId: 'undoPayment',
    tags: ['Plans'],
    summary: 'Undo a payment that did not come in after all',
    description:
      'The plan is worked out again, in the order of dates, as if the payment had never been made; one that was done ' +
      'is open again. The money counts as not received.',
    request: {
      headers: IdempotencyHeader,
      params: planParams.extend({ paymentId: idOf('pay') }),
      body: jsonBody(Undo),
    },
    responses: { 201: commandAnswer(PlanChangeView, 'The plan without the payment.') },
  })
  app.openapi(undo, async (c) => {
    const { planId, paymentId } = c.req.valid('param')
    const { reason } = c.req.valid('json')
    const undone = await planAction(parts, c, {
      ...{ planId, outcome: 'PlanReworked' },
      build: (ids) => ({ type: 'UndoPayment', ...ids, paymentId, reason }),
    })
    return c.json(changeOf(undone), 201)
  })
}

type Step = {
  readonly path: string
  readonly operationId: string
  readonly command: 'UndoChargeOff' | 'WriteOffPlan'
  readonly outcome: 'PlanChargeOffUndone' | 'PlanWrittenOff'
  readonly summary: string
  readonly answer: string
}

/** A step that needs nothing but the plan. */
function addStep(app: ApiRoutes, parts: ApiParts, step: Step): void {
  const route = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: `/v1/plans/{planId}/${step.path}`,
    operationId: step.operationId,
    tags: ['Plans'],
    summary: step.summary,
    request: { headers: IdempotencyHeader, params: planParams },
    responses: { 201: commandAnswer(PlanChangeView, step.answer) },
  })
  app.openapi(route, async (c) => {
    const { planId } = c.req.valid('param')
    const { command: type, outcome } = step
    const changed = await planAction(parts, c, { planId, outcome, build: (ids) => ({ type, ...ids }) })
    return c.json(changeOf(changed), 201)
  })
}

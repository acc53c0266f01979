import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Envelope, LedgerPeriodCommand, LedgerPeriodEvent } from '#schemas'
import { LEDGER_KEY } from '#schemas'
import { LedgerPeriodsView, PeriodChangeView, PeriodScheduleView } from '../books-views.ts'
import type { ApiEnv } from '../env.ts'
import type { ApiParts } from '../parts.ts'
import { Problem, REPLAY_HEADERS } from '../problems.ts'
import { IdempotencyHeader, Line } from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  jsonAnswer,
  jsonBody,
  markReplay,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'

const params = z.object({
  period: z
    .string()
    .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, { error: 'must be a month such as 2026-01' })
    .openapi({ example: '2026-01' }),
})

const Reopening = z
  .strictObject({ reason: Line.openapi({ example: 'A late invoice.', description: 'Kept in the audit log.' }) })
  .openapi('PeriodReopening')

const Schedule = z
  .strictObject({
    closeDay: z.int().min(1).max(28).nullable().openapi({
      example: 5,
      description: 'The day of the next month on which a month is closed; null: by command only.',
    }),
  })
  .openapi('NewPeriodSchedule')

/** Closing months of the ledger, opening the last one again, and what was closed. */
export function ledgerPeriodRoutes(parts: ApiParts) {
  const app = routes()
  addClose(app, parts)
  addReopen(app, parts)
  addSchedule(app, parts)
  addReading(app, parts)
  return app
}

type Outcome = Exclude<LedgerPeriodEvent, { type: 'PeriodCloseBegun' | 'PeriodCommandRefused' }>

/** Sends a command about periods and waits for its outcome. @throws Problem where it is refused */
async function run(
  parts: ApiParts,
  c: Context<ApiEnv>,
  build: (ids: { readonly meta: Envelope; readonly ledgerId: string }) => LedgerPeriodCommand,
): Promise<Outcome> {
  const { topics } = parts.schemas
  const { event, replayed, position } = await parts.commands.run({
    request: await requestIdentity(c, c.var.principal.id),
    topic: topics.ledgerPeriodCommands,
    answeredBy: { app: 'ledger', topic: topics.ledgerPeriodEvents, store: 'period-answers' },
    partitionKey: LEDGER_KEY,
    outcomes: [
      ...(['PeriodClosed', 'PeriodCloseDiffers', 'PeriodReopened', 'PeriodCloseScheduled'] as const),
      'PeriodCommandRefused',
    ],
    build: (meta) => build({ meta, ledgerId: LEDGER_KEY }),
  })
  if (event.type === 'PeriodCommandRefused') {
    throw new Problem(422, event.code, event.detail, { headers: replayed ? REPLAY_HEADERS : {} })
  }
  parts.recent.remember([c.var.principal.id], position)
  markReplay(c, replayed)
  return event as Outcome
}

/** The answer to a close or a reopening. */
function changeOf(event: Outcome, period: string): z.infer<typeof PeriodChangeView> {
  if (event.type !== 'PeriodClosed' && event.type !== 'PeriodCloseDiffers') {
    return { period, status: 'REOPENED', run: null, figures: [], differences: [] }
  }
  const status = event.type === 'PeriodClosed' ? 'CLOSED' : 'DIFFERS'
  const differences = event.differences.map((one) => ({ ...one, side: one.side as 'DEBITS' | 'CREDITS' }))
  return { period, status, run: event.run, figures: [...event.figures], differences }
}

function addClose(app: ApiRoutes, parts: ApiParts): void {
  const close = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/ledger/periods/{period}/close',
    operationId: 'closeLedgerPeriod',
    tags: ['Ledger'],
    summary: 'Close a month of the ledger, or compute the figures of a closed one again',
    description:
      'Nothing more is booked into the month: an event of it that comes later is booked on the first day of the open ' +
      'month, and keeps its own date. Months are closed in their order, the first one with all before it. A closed ' +
      'month gives the same figures again; a difference is reported, and the figures that were kept stay.',
    request: { headers: IdempotencyHeader, params },
    responses: { 201: commandAnswer(PeriodChangeView, 'The month and its figures.') },
  })
  app.openapi(close, async (c) => {
    const { period } = c.req.valid('param')
    const event = await run(parts, c, (ids) => ({ type: 'ClosePeriod', ...ids, period }))
    return c.json(changeOf(event, period), 201)
  })
}

function addReopen(app: ApiRoutes, parts: ApiParts): void {
  const reopen = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/ledger/periods/{period}/reopening',
    operationId: 'reopenLedgerPeriod',
    tags: ['Ledger'],
    summary: 'Open the month that was closed last again',
    request: { headers: IdempotencyHeader, params, body: jsonBody(Reopening) },
    responses: { 201: commandAnswer(PeriodChangeView, 'The month takes entries again.') },
  })
  app.openapi(reopen, async (c) => {
    const { period } = c.req.valid('param')
    const { reason } = c.req.valid('json')
    const event = await run(parts, c, (ids) => ({ type: 'ReopenPeriod', ...ids, period, reason }))
    return c.json(changeOf(event, period), 201)
  })
}

function addSchedule(app: ApiRoutes, parts: ApiParts): void {
  const schedule = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/ledger/period-schedule',
    operationId: 'scheduleLedgerClose',
    tags: ['Ledger'],
    summary: 'Say on which day months are closed by themselves',
    request: { headers: IdempotencyHeader, body: jsonBody(Schedule) },
    responses: { 201: commandAnswer(PeriodScheduleView, 'The schedule holds.') },
  })
  app.openapi(schedule, async (c) => {
    const { closeDay } = c.req.valid('json')
    await run(parts, c, (ids) => ({ type: 'SchedulePeriodClose', ...ids, closeDay }))
    return c.json({ closeDay }, 201)
  })
}

function addReading(app: ApiRoutes, parts: ApiParts): void {
  const periods = securedRoute(parts.auth, ['operator'], {
    method: 'get',
    path: '/v1/ledger/periods',
    operationId: 'listLedgerPeriods',
    tags: ['Ledger'],
    summary: 'The months of the ledger that were ever closed, with their figures',
    responses: { 200: jsonAnswer(LedgerPeriodsView, 'The months, the newest first.') },
  })
  app.openapi(periods, async (c) => {
    await parts.recent.settle(c.var.principal.id)
    const [items, closeDay] = await Promise.all([parts.reads.ledgerPeriods(), parts.reads.ledgerCloseDay()])
    return c.json({ items: [...items], nextCursor: null, closeDay }, 200)
  })
}

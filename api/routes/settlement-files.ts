import { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import { commandIdOf } from '../command-gateway.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome, Problem } from '../problems.ts'
import { AMOUNT_MINOR_MAX, Currency, IdempotencyHeader, idOf, Line } from '../requests.ts'
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
import { settlementCsv, settlementRows } from '../settlement-file.ts'
import { CorrectionView, SettlementFileView } from '../settlement-views.ts'

const Format = z.strictObject({
  format: z.enum(['csv', 'json']).default('csv').openapi({ description: 'csv (RFC 4180) or json.' }),
})

const Correction = z
  .strictObject({
    kind: z.enum(['CHARGE', 'CREDIT', 'CORRECTION']).openapi({ description: 'A CORRECTION may be below 0.' }),
    amountMinor: z
      .int()
      .min(-AMOUNT_MINOR_MAX)
      .max(AMOUNT_MINOR_MAX)
      .openapi({ example: 500, description: 'Minor units; a CHARGE of 500 lowers the payout by 5.00.' }),
    currency: Currency,
    purchaseId: idOf('pur').optional().openapi({ description: 'The purchase it is about.' }),
    captureId: idOf('cap').optional().openapi({ description: 'The capture it is about.' }),
    refundId: idOf('ref').optional().openapi({ description: 'The refund it is about.' }),
    note: Line.openapi({ example: 'fee of March charged twice', description: 'Why; the merchant reads it.' }),
  })
  .openapi('CorrectionRequest')

/** The files of settlements, and lines by hand. */
export function settlementFileRoutes(parts: ApiParts) {
  const app = routes()
  addFile(app, parts)
  addCorrection(app, parts)
  return app
}

function addFile(app: ApiRoutes, parts: ApiParts): void {
  const csv = { schema: z.string().openapi({ description: 'A heading, a row a line, and the closing rows.' }) }
  const file = securedRoute(parts.auth, ['merchant'], {
    method: 'get',
    path: '/v1/settlements/{settlementId}/file',
    operationId: 'getSettlementFile',
    tags: ['Settlements'],
    summary: 'A settlement as a file; its amounts sum to 0',
    description: 'The lines, and below them CARRIED_IN, CARRIED_ON and PAYOUT: what all of them come to is 0.',
    request: { params: z.object({ settlementId: idOf('set') }), query: Format },
    responses: {
      200: {
        content: {
          ...jsonAnswer(SettlementFileView, '').content,
          'text/csv': csv,
        },
        description: 'The file.',
      },
    },
  })
  app.openapi(file, async (c) => {
    const { settlementId } = c.req.valid('param')
    const merchantId = c.var.principal.id
    const [settlement, lines] = await Promise.all([
      parts.reads.settlement(merchantId, settlementId),
      parts.reads.settlementLines(merchantId, settlementId),
    ])
    if (settlement === null || lines === null) {
      throw new Problem(404, 'SETTLEMENT_UNKNOWN', `There is no ${settlementId}.`)
    }
    const { format } = c.req.valid('query')
    c.header('content-disposition', `attachment; filename="${settlementId}.${format}"`)
    if (format === 'json') return c.json({ settlement, rows: [...settlementRows(settlement, lines)] }, 200)
    return c.body(settlementCsv(settlement, lines), 200, { 'content-type': 'text/csv; charset=utf-8; header=present' })
  })
}

function addCorrection(app: ApiRoutes, parts: ApiParts): void {
  const correct = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/merchants/{merchantId}/corrections',
    operationId: 'correctSettlement',
    tags: ['Settlements'],
    summary: 'Add a line to a merchant’s next settlement by hand',
    request: {
      headers: IdempotencyHeader,
      params: z.object({ merchantId: idOf('mer') }),
      body: jsonBody(Correction),
    },
    responses: { 201: commandAnswer(CorrectionView, 'Added.') },
  })
  app.openapi(correct, async (c) => {
    const { merchantId } = c.req.valid('param')
    const request = await requestIdentity(c, c.var.principal.id)
    const { purchaseId = null, captureId = null, refundId = null, ...body } = c.req.valid('json')
    const correctionId = deriveId('cor', merchantId, commandIdOf(request))
    const { topics } = parts.schemas
    const result = await parts.commands.run({
      request,
      topic: topics.settlementCommands,
      answeredBy: { app: 'settlement', topic: topics.settlementEvents },
      partitionKey: merchantId,
      outcomes: ['SettlementLineAdded', 'SettlementCommandRefused'],
      build: (meta) => ({
        ...{ type: 'CorrectSettlement' as const, meta, merchantId, correctionId, ...body },
        ...{ purchaseId, captureId, refundId },
      }),
    })
    const line = expectOutcome(result, 'SettlementLineAdded')
    parts.recent.remember([merchantId, c.var.principal.id], result.position)
    markReplay(c, result.replayed)
    const { lineId, kind, amountMinor, currency, settleOn, settlementId } = line
    return c.json({ lineId, merchantId, kind, amountMinor, currency, settleOn, settlementId }, 201)
  })
}

import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { dateToMs } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import { commandIdOf } from '../command-gateway.ts'
import type { ApiEnv } from '../env.ts'
import { merchantAction } from '../merchant-action.ts'
import type { ApiParts } from '../parts.ts'
import {
  AMOUNT_OR_ITEMS,
  AmountMinor,
  Currency,
  IdempotencyHeader,
  IsoDate,
  idOf,
  isAmountOrItems,
  Line,
  RefundedItems,
} from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  jsonBody,
  markReplay,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'
import { CaptureView, ExtensionView, RefundView, ReleaseView } from '../views.ts'

const Capture = z.strictObject({ amountMinor: AmountMinor, currency: Currency }).openapi('CaptureRequest')
const Release = z
  .strictObject({ amountMinor: AmountMinor.optional().openapi({ description: 'All that is open where left out.' }) })
  .openapi('ReleaseRequest')
const Refund = z
  .strictObject({
    amountMinor: AmountMinor.optional().openapi({ description: 'What to refund, where no items are named.' }),
    items: RefundedItems.optional().openapi({
      description: 'Which lines to refund, in place of an amount: it is what they cost.',
    }),
    currency: Currency,
    captureId: idOf('cap').optional().openapi({ description: 'Where it is of one capture.' }),
    reason: Line.optional().openapi({ example: 'returned', description: 'Kept with the refund.' }),
  })
  .refine(isAmountOrItems, AMOUNT_OR_ITEMS)
  .openapi('RefundRequest')

const Extension = z
  .strictObject({
    expiresOn: IsoDate.openapi({ description: 'What is not captured is released when this day begins.' }),
  })
  .openapi('ExtensionRequest')

const purchaseParams = z.object({ purchaseId: idOf('pur') })

/** What a merchant does with an authorised purchase: capture, release, refund, extend. */
export function purchaseRoutes(parts: ApiParts) {
  const app = routes()
  addCapture(app, parts)
  addRelease(app, parts)
  addRefund(app, parts)
  addExtend(app, parts)
  return app
}

/** Who asks, and whose purchase it is. */
async function askedBy(parts: ApiParts, c: Context<ApiEnv>, purchaseId: string) {
  const merchantId = c.var.principal.id
  const consumerId = await parts.directory.ownerOf(purchaseId, 'PURCHASE_UNKNOWN')
  const request = await requestIdentity(c, merchantId)
  return { merchantId, consumerId, request }
}

function addCapture(app: ApiRoutes, parts: ApiParts): void {
  const capture = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/purchases/{purchaseId}/captures',
    operationId: 'capturePurchase',
    tags: ['Purchases'],
    summary: 'Capture all of an authorisation, or a part',
    description: 'What is captured is owed by the consumer from now on, and settled to the merchant.',
    request: { headers: IdempotencyHeader, params: purchaseParams, body: jsonBody(Capture) },
    responses: { 201: commandAnswer(CaptureView, 'Captured.') },
  })
  app.openapi(capture, async (c) => {
    const { purchaseId } = c.req.valid('param')
    const { merchantId, consumerId, request } = await askedBy(parts, c, purchaseId)
    const captureId = deriveId('cap', purchaseId, commandIdOf(request))
    const ids = { consumerId, merchantId, purchaseId, captureId }
    const { event, replayed } = await merchantAction(parts, {
      request,
      consumerId,
      outcome: 'PurchaseCaptured',
      thenPlan: 'PlanScheduled',
      build: (meta) => ({ type: 'CapturePurchase', meta, ...ids, ...c.req.valid('json') }),
    })
    markReplay(c, replayed)
    const { amountMinor, currency, capturedMinor, releasedMinor, authorisedMinor } = event
    return c.json({ captureId, purchaseId, amountMinor, currency, capturedMinor, releasedMinor, authorisedMinor }, 201)
  })
}

function addRelease(app: ApiRoutes, parts: ApiParts): void {
  const release = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/purchases/{purchaseId}/releases',
    operationId: 'releasePurchase',
    tags: ['Purchases'],
    summary: 'Give back what is not captured; all of it where no amount is named',
    description:
      'Where nothing was captured and all is given back, the purchase is void and a first payment goes back.',
    request: { headers: IdempotencyHeader, params: purchaseParams, body: jsonBody(Release) },
    responses: { 201: commandAnswer(ReleaseView, 'Released.') },
  })
  app.openapi(release, async (c) => {
    const { purchaseId } = c.req.valid('param')
    const { merchantId, consumerId, request } = await askedBy(parts, c, purchaseId)
    const releaseId = deriveId('rel', purchaseId, commandIdOf(request))
    const ids = { consumerId, merchantId, purchaseId, releaseId }
    const asked = c.req.valid('json').amountMinor ?? null
    const { event, replayed } = await merchantAction(parts, {
      request,
      consumerId,
      outcome: 'PurchaseReleased',
      thenPlan: 'PlanReleased',
      build: (meta) => ({ type: 'ReleasePurchase', meta, ...ids, amountMinor: asked }),
    })
    markReplay(c, replayed)
    const { cause, amountMinor, currency, capturedMinor, releasedMinor, authorisedMinor } = event
    const totals = { capturedMinor, releasedMinor, authorisedMinor }
    return c.json({ releaseId, purchaseId, cause, amountMinor, currency, ...totals }, 201)
  })
}

function addRefund(app: ApiRoutes, parts: ApiParts): void {
  const refund = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/purchases/{purchaseId}/refunds',
    operationId: 'refundPurchase',
    tags: ['Purchases'],
    summary: 'Give back what was captured: an amount, or items of the basket',
    description: 'It lowers what the consumer still owes; what was paid beyond that goes back to the card.',
    request: { headers: IdempotencyHeader, params: purchaseParams, body: jsonBody(Refund) },
    responses: { 201: commandAnswer(RefundView, 'Refunded.') },
  })
  app.openapi(refund, async (c) => {
    const { purchaseId } = c.req.valid('param')
    const { merchantId, consumerId, request } = await askedBy(parts, c, purchaseId)
    const refundId = deriveId('ref', purchaseId, commandIdOf(request))
    const ids = { consumerId, merchantId, purchaseId, refundId }
    const { amountMinor: asked = null, items: lines = [], currency: named, ...rest } = c.req.valid('json')
    const { captureId: ofCapture = null, reason = null } = rest
    const what = { amountMinor: asked, items: lines, currency: named, captureId: ofCapture, reason }
    const { event, replayed } = await merchantAction(parts, {
      request,
      consumerId,
      outcome: 'PurchaseRefunded',
      thenPlan: 'RefundAllocated',
      build: (meta) => ({ type: 'RefundPurchase', meta, ...ids, ...what }),
    })
    markReplay(c, replayed)
    const { captureId, amountMinor, currency, refundedMinor, capturedMinor } = event
    const totals = { refundedMinor, capturedMinor }
    return c.json({ refundId, purchaseId, captureId, amountMinor, currency, items: [...event.items], ...totals }, 201)
  })
}

function addExtend(app: ApiRoutes, parts: ApiParts): void {
  const extend = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/purchases/{purchaseId}/extensions',
    operationId: 'extendPurchase',
    tags: ['Purchases'],
    summary: 'Keep an authorisation longer, up to 180 days after the purchase',
    description: 'For goods that leave late. The consumer’s limit is held for as long.',
    request: { headers: IdempotencyHeader, params: purchaseParams, body: jsonBody(Extension) },
    responses: { 201: commandAnswer(ExtensionView, 'Extended.') },
  })
  app.openapi(extend, async (c) => {
    const { purchaseId } = c.req.valid('param')
    const { merchantId, consumerId, request } = await askedBy(parts, c, purchaseId)
    const expiresAt = dateToMs(c.req.valid('json').expiresOn)
    const { event, replayed } = await merchantAction(parts, {
      request,
      consumerId,
      outcome: 'PurchaseExtended',
      thenPlan: null,
      build: (meta) => ({ type: 'ExtendPurchase', meta, consumerId, merchantId, purchaseId, expiresAt }),
    })
    markReplay(c, replayed)
    return c.json({ purchaseId, expiresAt: new Date(event.expiresAt).toISOString() }, 201)
  })
}

import { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import type { Principal } from '../auth.ts'
import { type Checkout, checkoutOf, checkoutViewOf, unknownCheckout } from '../checkout-state.ts'
import { commandIdOf } from '../command-gateway.ts'
import { offersOf } from '../monthly-offers.ts'
import { MonthlyOffersView } from '../monthly-views.ts'
import type { ApiParts } from '../parts.ts'
import { expectOutcome } from '../problems.ts'
import {
  AmountMinor,
  Currency,
  IdempotencyHeader,
  idOf,
  LINES_MAX,
  Line,
  OptionalIdempotencyHeader,
  QUANTITY_MAX,
} from '../requests.ts'
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
import { CheckoutView } from '../views.ts'

const Item = z.strictObject({
  name: Line.openapi({ example: 'Kettle', description: 'What it is.' }),
  quantity: z.int().min(1).max(QUANTITY_MAX).openapi({ example: 1, description: 'How many.' }),
  unitAmountMinor: z.int().min(0).max(100_000_000).openapi({ example: 5727, description: 'Of one. Minor units.' }),
})

const NewCheckout = z
  .strictObject({
    amountMinor: AmountMinor,
    currency: Currency.openapi({ description: 'The merchant’s currency.' }),
    items: z
      .array(Item)
      .max(LINES_MAX)
      .default([])
      .openapi({ description: 'Where there are any, they sum to the amount.' }),
    merchantReference: Line.optional().openapi({ example: 'order-1001', description: 'Your own word for the order.' }),
    consumerId: idOf('con').optional().openapi({ description: 'Where only this consumer may take it.' }),
    returnUrl: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .max(2_000)
      .optional()
      .openapi({ example: 'https://shop.example.com/done', description: 'Where the consumer goes back to.' }),
  })
  .refine((body) => body.items.length === 0 || basketOf(body.items) === body.amountMinor, {
    error: 'must be the sum of the items',
    path: ['amountMinor'],
  })
  .openapi('NewCheckout')

const checkoutParams = z.object({ checkoutId: idOf('chk') })

/** Offering a basket, looking at it and taking it. */
export function checkoutRoutes(parts: ApiParts) {
  const app = routes()
  addCreate(app, parts)
  addShow(app, parts)
  addMonthlyPlans(app, parts)
  addClaim(app, parts)
  return app
}

function addCreate(app: ApiRoutes, parts: ApiParts): void {
  const { topics } = parts.schemas
  const create = securedRoute(parts.auth, ['merchant'], {
    method: 'post',
    path: '/v1/checkouts',
    operationId: 'createCheckout',
    tags: ['Checkouts'],
    summary: 'Offer a basket for payment',
    description: 'It can be taken and confirmed for 24 hours. The consumer is sent to the checkout page with its id.',
    request: { headers: IdempotencyHeader, body: jsonBody(NewCheckout) },
    responses: { 201: commandAnswer(CheckoutView, 'The basket can be paid.') },
  })
  app.openapi(create, async (c) => {
    const merchantId = c.var.principal.id
    const body = c.req.valid('json')
    const request = await requestIdentity(c, merchantId)
    const checkoutId = deriveId('chk', merchantId, commandIdOf(request))
    const result = await parts.commands.run({
      request,
      topic: topics.merchantCommands,
      answeredBy: { app: 'merchants', topic: topics.merchantEvents },
      partitionKey: merchantId,
      outcomes: ['CheckoutCreated', 'MerchantCommandRefused'],
      build: (meta) => ({
        type: 'CreateCheckout' as const,
        meta,
        merchantId,
        checkoutId,
        amountMinor: body.amountMinor,
        currency: body.currency,
        items: body.items,
        merchantReference: body.merchantReference ?? null,
        consumerId: body.consumerId ?? null,
        returnUrl: body.returnUrl ?? null,
      }),
    })
    const { meta, type: _type, checkoutId: _id, consumerId, ...offer } = expectOutcome(result, 'CheckoutCreated')
    parts.directory.remember(checkoutId, merchantId)
    parts.recent.remember([merchantId], result.position)
    markReplay(c, result.replayed)
    const status = consumerId === null ? 'OPEN' : 'CLAIMED'
    const created: Checkout = { checkoutId, consumerId, status, offer: { ...offer, createdAt: meta.occurredAt } }
    return c.json(checkoutViewOf(created, meta.occurredAt), 201)
  })
}

function addShow(app: ApiRoutes, parts: ApiParts): void {
  const show = securedRoute(parts.auth, ['merchant', 'consumer'], {
    method: 'get',
    path: '/v1/checkouts/{checkoutId}',
    operationId: 'getCheckout',
    tags: ['Checkouts'],
    summary: 'Show a checkout to its merchant, or to a consumer who may take it',
    request: { params: checkoutParams },
    responses: { 200: jsonAnswer(CheckoutView, 'The checkout.') },
  })
  app.openapi(show, async (c) => {
    const checkout = await visibleTo(parts, c.var.principal, c.req.valid('param').checkoutId)
    return c.json(checkoutViewOf(checkout, parts.time.now().timeMs), 200)
  })
}

/** The checkout, for its merchant or a consumer who may take it. @throws Problem CHECKOUT_UNKNOWN */
async function visibleTo(parts: ApiParts, principal: Principal, checkoutId: string): Promise<Checkout> {
  const checkout = await checkoutOf(parts, checkoutId)
  const theirs = principal.kind === 'merchant' ? checkout.offer.merchantId : (checkout.consumerId ?? principal.id)
  if (theirs !== principal.id) throw unknownCheckout(checkout.checkoutId)
  return checkout
}

function addMonthlyPlans(app: ApiRoutes, parts: ApiParts): void {
  const show = securedRoute(parts.auth, ['merchant', 'consumer'], {
    method: 'get',
    path: '/v1/checkouts/{checkoutId}/monthly-plans',
    operationId: 'listMonthlyPlans',
    tags: ['Checkouts'],
    summary: 'The monthly plans of a checkout: dates, amounts, cost of credit and annual rate',
    description: 'As the consumer must see them before confirming; none where the shop offers none.',
    request: { params: checkoutParams },
    responses: { 200: jsonAnswer(MonthlyOffersView, 'The plans, as if all were captured today.') },
  })
  app.openapi(show, async (c) => {
    const checkout = await visibleTo(parts, c.var.principal, c.req.valid('param').checkoutId)
    return c.json(offersOf(checkout, parts.time.now().date), 200)
  })
}

function addClaim(app: ApiRoutes, parts: ApiParts): void {
  const { topics } = parts.schemas
  const claim = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/checkouts/{checkoutId}/claim',
    operationId: 'claimCheckout',
    tags: ['Checkouts'],
    summary: 'Take a checkout; the first consumer who does has it',
    description: 'Taking it again changes nothing. Confirming a checkout that nobody has taken takes it as well.',
    request: { headers: OptionalIdempotencyHeader, params: checkoutParams },
    responses: { 200: commandAnswer(CheckoutView, 'The checkout is theirs.') },
  })
  app.openapi(claim, async (c) => {
    const consumerId = c.var.principal.id
    const checkout = await checkoutOf(parts, c.req.valid('param').checkoutId)
    const { checkoutId, offer } = checkout
    const result = await parts.commands.run({
      request: await requestIdentity(c, consumerId),
      topic: topics.merchantCommands,
      answeredBy: { app: 'merchants', topic: topics.merchantEvents },
      partitionKey: offer.merchantId,
      outcomes: ['CheckoutClaimed', 'MerchantCommandRefused'],
      build: (meta) => ({
        type: 'ClaimCheckout' as const,
        meta,
        merchantId: offer.merchantId,
        checkoutId,
        consumerId,
      }),
    })
    const claimed = expectOutcome(result, 'CheckoutClaimed')
    markReplay(c, result.replayed)
    return c.json(checkoutViewOf({ ...checkout, status: 'CLAIMED', consumerId }, claimed.meta.occurredAt), 200)
  })
}

/** Plain numbers: this is asked of items out of range as well, and what is too large never equals an amount. */
function basketOf(items: readonly z.infer<typeof Item>[]): number {
  return items.reduce((sum, item) => sum + item.quantity * item.unitAmountMinor, 0)
}

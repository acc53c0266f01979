import { z } from '@hono/zod-openapi'
import { MONTHLY_INSTALMENTS_MAX } from '#domain/monthly-schedule.ts'
import { checkoutOf } from '../checkout-state.ts'
import { confirmPurchase } from '../confirm-purchase.ts'
import type { ApiParts } from '../parts.ts'
import { AmountMinor, IdempotencyHeader, idOf, Line, ProductCode } from '../requests.ts'
import { commandAnswer, jsonBody, markReplay, requestIdentity, routes, securedRoute } from '../routing.ts'
import { ConfirmationView } from '../views.ts'

const Confirmation = z
  .strictObject({
    product: ProductCode,
    instalments: z.int().min(2).max(MONTHLY_INSTALMENTS_MAX).optional().openapi({
      description: 'With PAY_MONTHLY: how many, of a plan that the checkout offers.',
      example: 6,
    }),
    paymentMethodId: idOf('pm').openapi({
      description: 'A card of the consumer; later instalments are charged to it.',
    }),
    deviceId: Line.max(100).optional().openapi({
      description: 'As the shop or app names the device; a large purchase from a new one may be refused.',
      example: 'phone-5f3a',
    }),
    firstPaymentMinor: AmountMinor.optional().openapi({
      description: 'With PAY_IN_4: what is paid at once, at least a quarter; the rest is split in three.',
      example: 6_000,
    }),
    acceptsDecisionId: idOf('dec').optional().openapi({
      description: 'Accepts the larger first payment that a refusal of this checkout has offered.',
    }),
  })
  .refine(({ product, instalments }) => (product === 'PAY_MONTHLY') === (instalments !== undefined), {
    error: 'must be given with PAY_MONTHLY, and with no other product',
    path: ['instalments'],
  })
  .openapi('ConfirmationRequest')

/** Confirming a checkout: the purchase. */
export function confirmationRoutes(parts: ApiParts) {
  const app = routes()
  const confirm = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/checkouts/{checkoutId}/confirm',
    operationId: 'confirmCheckout',
    tags: ['Checkouts'],
    summary: 'Confirm the purchase: the decision, and with pay in 4 the first payment',
    description:
      'The header Server-Timing tells how long the decision took. A refusal is an answer, not an error: its status ' +
      'is DECLINED and its reasons are named. A checkout is confirmed once; after that it gets PURCHASE_EXISTS.',
    request: {
      headers: IdempotencyHeader,
      params: z.object({ checkoutId: idOf('chk') }),
      body: jsonBody(Confirmation),
    },
    responses: { 200: commandAnswer(ConfirmationView, 'The outcome.') },
  })
  app.openapi(confirm, async (c) => {
    const checkout = await checkoutOf(parts, c.req.valid('param').checkoutId)
    const request = await requestIdentity(c, c.var.principal.id)
    const confirmed = await confirmPurchase(parts, { checkout, request, ...c.req.valid('json') })
    markReplay(c, confirmed.replayed)
    if (confirmed.decisionMs !== null) c.header('server-timing', `decision;dur=${confirmed.decisionMs.toFixed(2)}`)
    return c.json(confirmed.view, 200)
  })
  return app
}

import { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import type { InstalmentPaid } from '#schemas'
import { commandIdOf } from '../command-gateway.ts'
import { planOf } from '../owned-readings.ts'
import type { ApiParts } from '../parts.ts'
import { PaymentView } from '../plan-views.ts'
import { expectOutcome } from '../problems.ts'
import { AmountMinor, Currency, IdempotencyHeader, idOf, Line } from '../requests.ts'
import {
  type ApiRoutes,
  commandAnswer,
  jsonBody,
  markReplay,
  requestIdentity,
  routes,
  securedRoute,
} from '../routing.ts'
import { PaymentMethodView } from '../views.ts'

const NewPaymentMethod = z
  .strictObject({
    token: z
      .string()
      .min(8)
      .max(500)
      .refine((token) => !/^[\d -]{12,}$/.test(token), {
        error: 'must be a token from the payment gateway, never a card number',
      })
      .openapi({ example: 'tok_from_the_gateway', description: 'What the payment gateway gave for the card.' }),
    brand: Line.openapi({ example: 'visa' }),
    last4: z
      .string()
      .regex(/^\d{4}$/, { error: 'must be the last four digits of the card' })
      .openapi({ example: '4242' }),
    expiryMonth: z.int().min(1).max(12).openapi({ example: 12 }),
    expiryYear: z.int().min(1990).max(2100).openapi({ example: 2030 }),
  })
  .openapi('NewPaymentMethod')

const ManualPayment = z
  .strictObject({
    instalmentNo: z.int().min(1).max(1_000).openapi({ example: 2, description: 'From 1.' }),
    amountMinor: AmountMinor,
    currency: Currency,
    paymentMethodId: idOf('pm').openapi({ description: 'A card of the consumer.' }),
  })
  .openapi('ManualPayment')

/** Keeping a card, and paying by hand. */
export function paymentRoutes(parts: ApiParts) {
  const app = routes()
  addAddMethod(app, parts)
  addPay(app, parts)
  return app
}

/** Where commands about payments go, and who answers them. */
function wayOf({ schemas: { topics } }: ApiParts) {
  return { topic: topics.paymentCommands, answeredBy: { app: 'payments', topic: topics.paymentEvents } }
}

function addAddMethod(app: ApiRoutes, parts: ApiParts): void {
  const addMethod = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/consumers/me/payment-methods',
    operationId: 'addPaymentMethod',
    tags: ['Payments'],
    summary: 'Keep a card by the token the payment gateway gave for it',
    request: { headers: IdempotencyHeader, body: jsonBody(NewPaymentMethod) },
    responses: { 201: commandAnswer(PaymentMethodView, 'The card is kept.') },
  })
  app.openapi(addMethod, async (c) => {
    const consumerId = c.var.principal.id
    const card = c.req.valid('json')
    const request = await requestIdentity(c, consumerId)
    const paymentMethodId = deriveId('pm', consumerId, commandIdOf(request))
    const result = await parts.commands.run({
      ...wayOf(parts),
      request,
      partitionKey: consumerId,
      outcomes: ['PaymentMethodAdded', 'PaymentCommandRefused'],
      build: (meta) => ({ type: 'AddPaymentMethod' as const, meta, consumerId, paymentMethodId, ...card }),
    })
    const { brand, last4, expiryMonth, expiryYear } = expectOutcome(result, 'PaymentMethodAdded')
    parts.recent.remember([consumerId], result.position)
    markReplay(c, result.replayed)
    return c.json({ paymentMethodId, brand, last4, expiryMonth, expiryYear }, 201)
  })
}

function addPay(app: ApiRoutes, parts: ApiParts): void {
  const pay = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/plans/{planId}/payments',
    operationId: 'payInstalment',
    tags: ['Payments'],
    summary: 'Pay an instalment now, in full or in part',
    description:
      'A charge that fails is an answer, not an error: its status is FAILED. More than is owed on the instalment ' +
      'goes to the next ones.',
    request: {
      headers: IdempotencyHeader,
      params: z.object({ planId: idOf('pln') }),
      body: jsonBody(ManualPayment),
    },
    responses: { 201: commandAnswer(PaymentView, 'The payment and how it ended.') },
  })
  app.openapi(pay, async (c) => {
    const consumerId = c.var.principal.id
    const { planId } = c.req.valid('param')
    const body = c.req.valid('json')
    await planOf(parts, c.var.principal, planId)
    const request = await requestIdentity(c, consumerId)
    const paymentId = deriveId('pay', planId, commandIdOf(request))
    const applied = parts.commands.waitFor<InstalmentPaid>(commandIdOf(request), ['InstalmentPaid'])
    try {
      const result = await parts.commands.run({
        ...wayOf(parts),
        request,
        partitionKey: consumerId,
        outcomes: ['PaymentSucceeded', 'PaymentFailed', 'PaymentCommandRefused'],
        build: (meta) => ({ type: 'PayInstalment' as const, meta, consumerId, planId, paymentId, ...body }),
      })
      const failed = result.event.type === 'PaymentFailed' ? result.event : null
      const event = failed ?? expectOutcome(result, 'PaymentSucceeded')
      parts.recent.remember([consumerId], result.position)
      if (failed === null && !result.replayed) parts.recent.expect([consumerId], applied.outcome)
      else applied.cancel()
      markReplay(c, result.replayed)
      const { instalmentNo, amountMinor, currency } = event
      const status = failed === null ? 'SUCCEEDED' : 'FAILED'
      const declineCode = failed?.declineCode ?? null
      return c.json({ paymentId, planId, instalmentNo, status, amountMinor, currency, declineCode }, 201)
    } catch (error) {
      applied.cancel()
      throw error
    }
  })
}

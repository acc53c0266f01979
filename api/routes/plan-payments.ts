import { z } from '@hono/zod-openapi'
import { deriveId } from '#domain/ids.ts'
import type { InstalmentPaid } from '#schemas'
import { commandIdOf } from '../command-gateway.ts'
import { planOf } from '../owned-readings.ts'
import type { ApiParts } from '../parts.ts'
import { PlansPaymentView } from '../plan-views.ts'
import { expectOutcome } from '../problems.ts'
import { AmountMinor, Currency, IdempotencyHeader, idOf } from '../requests.ts'
import { commandAnswer, jsonBody, markReplay, requestIdentity, routes, securedRoute } from '../routing.ts'

/** More plans than this nobody pays at once by name. */
const PLANS_MAX = 50

const PlansPayment = z
  .strictObject({
    amountMinor: AmountMinor,
    currency: Currency,
    paymentMethodId: idOf('pm').openapi({ description: 'A card of the consumer.' }),
    planIds: z
      .array(idOf('pln'))
      .max(PLANS_MAX, { error: `must be at most ${PLANS_MAX} plans` })
      .optional()
      .openapi({ description: 'The plans it may pay; all that owe something where left out.' }),
    prepayment: z.enum(['NEXT', 'LAST']).optional().openapi({
      example: 'NEXT',
      description:
        'What the part beyond all that is due pays down: the next payments, or the last ones. NEXT is usual.',
    }),
  })
  .openapi('PlansPayment')

/** An amount of the consumer's choice, over many plans. */
export function planPaymentRoutes(parts: ApiParts) {
  const app = routes()
  const pay = securedRoute(parts.auth, ['consumer'], {
    method: 'post',
    path: '/v1/payments',
    operationId: 'payPlans',
    tags: ['Payments'],
    summary: 'Pay an amount of your choice, over one plan or many',
    description:
      'What is due today is paid first, then what is overdue without a late fee (oldest first), then what is overdue ' +
      'with one, then what is due later; inside an instalment fees, interest, principal. It is one charge: all plans ' +
      'get their part, or none does. A charge that fails is an answer, not an error: its status is FAILED.',
    request: { headers: IdempotencyHeader, body: jsonBody(PlansPayment) },
    responses: { 201: commandAnswer(PlansPaymentView, 'The payment, how it ended, and what each plan got.') },
  })
  app.openapi(pay, async (c) => {
    const consumerId = c.var.principal.id
    const { planIds = [], prepayment = 'NEXT', ...amount } = c.req.valid('json')
    for (const planId of planIds) await planOf(parts, c.var.principal, planId)
    const request = await requestIdentity(c, consumerId)
    const paymentId = deriveId('pay', consumerId, commandIdOf(request))
    // The part that has the payment's own id is taken in last.
    const isLast = (paid: InstalmentPaid) => paid.paymentId === paymentId
    const applied = parts.commands.waitFor<InstalmentPaid>(commandIdOf(request), ['InstalmentPaid'], isLast)
    try {
      const result = await parts.commands.run({
        topic: parts.schemas.topics.paymentCommands,
        answeredBy: { app: 'payments', topic: parts.schemas.topics.paymentEvents },
        request,
        partitionKey: consumerId,
        outcomes: ['PaymentSucceeded', 'PaymentFailed', 'PaymentCommandRefused'],
        accept: (event) => !('paymentId' in event) || event.paymentId === paymentId,
        build: (meta) => {
          const named = [...new Set(planIds)]
          return { type: 'PayPlans' as const, meta, consumerId, paymentId, planIds: named, prepayment, ...amount }
        },
      })
      const failed = result.event.type === 'PaymentFailed' ? result.event : null
      const event = failed ?? expectOutcome(result, 'PaymentSucceeded')
      parts.recent.remember([consumerId], result.position)
      if (failed === null && !result.replayed) parts.recent.expect([consumerId], applied.outcome)
      else applied.cancel()
      markReplay(c, result.replayed)
      const status = failed === null ? 'SUCCEEDED' : 'FAILED'
      const { amountMinor, currency } = amount
      const declineCode = failed?.declineCode ?? null
      return c.json({ paymentId, status, amountMinor, currency, declineCode, parts: [...event.parts] }, 201)
    } catch (error) {
      applied.cancel()
      throw error
    }
  })
  return app
}

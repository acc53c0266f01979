import { z } from '@hono/zod-openapi'
import { type InterestRow, interestAfterRefund, interestToCome, levelSplit } from '#domain/instalment-interest.ts'
import { formatMinor, sumMinor } from '#domain/money.ts'
import { type PlacedRefund, placeRefund, type RefundPolicyName, refundRow } from '#domain/refund.ts'
import { amountOfItems } from '#domain/refund-items.ts'
import type { PlanState } from '#schemas'
import { purchaseOf } from '../owned-readings.ts'
import type { ApiParts } from '../parts.ts'
import { Problem } from '../problems.ts'
import { AMOUNT_MINOR_MAX, AMOUNT_OR_ITEMS, idOf, isAmountOrItems } from '../requests.ts'
import { jsonAnswer, routes, securedRoute } from '../routing.ts'
import { currency, date, id, minor, text, whole } from '../view-fields.ts'
import type { PurchaseView } from '../views.ts'

const Query = z
  .object({
    amountMinor: z.coerce
      .number()
      .int({ error: 'must be a whole number of minor units (cents): 57.27 is 5727' })
      .positive({ error: 'must be above 0' })
      .max(AMOUNT_MINOR_MAX, { error: `must be at most ${AMOUNT_MINOR_MAX}` })
      .optional()
      .openapi({ example: 3_000, description: 'What would be refunded, where no items are named. Minor units.' }),
    items: z
      .string()
      .regex(/^\d{1,3}:\d{1,5}(?:,\d{1,3}:\d{1,5})*$/, { error: 'must be line:quantity, with commas between: 1:2,3:1' })
      .optional()
      .openapi({ description: 'Which lines would be refunded, as line:quantity, in place of an amount: 1:2,3:1.' }),
  })
  .refine(isAmountOrItems, AMOUNT_OR_ITEMS)

const RefundPreviewView = z
  .object({
    purchaseId: id('pur', 'The purchase.'),
    planId: id('pln', 'The plan.'),
    currency,
    amountMinor: minor('What would be refunded.', 3_000),
    policy: text('How it would be taken off what is due later.', 'LAST_FIRST'),
    reducedMinor: minor('What would be taken off what is owed.', 3_000),
    returnedMinor: minor('What would go back to the card, interest included.', 0),
    interestReversedMinor: minor('Interest that was charged and would be reversed.', 0),
    interestSavedMinor: minor('Interest to come that would fall away.', 0),
    instalments: z.array(
      z.object({
        no: whole('From 1.', 4),
        dueDate: date('When it is due.'),
        owedMinor: minor('Owed of it now, without late fees.', 2_500),
        offMinor: minor('What the refund would take off.', 2_500),
        leftMinor: minor('What would be left of it.', 0),
      }),
    ),
  })
  .openapi('RefundPreview')

/** What a refund would do, before it is made: for the merchant who would make it and the consumer it is for. */
export function refundPreview(parts: ApiParts) {
  const app = routes()
  const preview = securedRoute(parts.auth, ['merchant', 'consumer', 'operator'], {
    method: 'get',
    path: '/v1/purchases/{purchaseId}/refund-preview',
    operationId: 'previewRefund',
    tags: ['Purchases'],
    summary: 'What a refund of an amount or of items would do now; nothing happens',
    request: { params: z.object({ purchaseId: idOf('pur') }), query: Query },
    responses: { 200: jsonAnswer(RefundPreviewView, 'What the same refund would do.') },
  })
  app.openapi(preview, async (c) => {
    const { purchaseId } = c.req.valid('param')
    const purchase = await purchaseOf(parts, c.var.principal, purchaseId)
    const { planId } = purchase
    const at = { partitionKey: purchase.consumerId }
    const plan = planId === null ? undefined : await parts.queries.get<PlanState>('installments', 'plans', planId, at)
    if (plan === undefined)
      throw new Problem(422, 'NOTHING_CAPTURED', 'Nothing was captured: there is nothing to refund.')
    const amountMinor = amountAsked(purchase, c.req.valid('query'))
    return c.json(previewOf(plan, amountMinor, parts.time.now().date), 200)
  })
  return app
}

/** What was named, or what the items come to by the rule of the refund itself. @throws Problem as that refuses */
function amountAsked({ items }: z.infer<typeof PurchaseView>, query: z.infer<typeof Query>): number {
  if (query.amountMinor !== undefined) return query.amountMinor
  const asked = (query.items ?? '').split(',').map((pair) => {
    const [line = 0, quantity = 0] = pair.split(':').map(Number)
    return { line, quantity }
  })
  const refundedItems = items.map(({ refundedQuantity: quantity }, index) => ({ line: index + 1, quantity }))
  const amountMinor = amountOfItems({ items, refundedItems }, asked)
  if (typeof amountMinor === 'number') return amountMinor
  throw new Problem(422, ...amountMinor)
}

/** By the rule with which the plan itself works a refund in. @throws Problem REFUND_OVER_CAPTURED, NOTHING_CAPTURED */
function previewOf(plan: PlanState, amountMinor: number, today: string): z.infer<typeof RefundPreviewView> {
  assertRefundable(plan, amountMinor)
  const policy = plan.rules.refundPolicy as RefundPolicyName
  const level = levelSplit(plan.instalments, plan.order.monthly, today)
  const { offMinor, backMinor } = placeRefund(plan.instalments.map(refundRow), { amountMinor, today, policy, level })
  const instalments = plan.instalments.map(({ no, dueDate, amountMinor: part, paidMinor }, index) => {
    const owedMinor = part - paidMinor
    const off = offMinor[index] ?? 0
    return { no, dueDate, owedMinor, offMinor: off, leftMinor: owedMinor - off }
  })
  const { purchaseId, currency: inCurrency } = plan.order
  const sums = sumsOf(plan, { offMinor, backMinor }, { amountMinor, today })
  return { purchaseId, planId: plan.planId, currency: inCurrency, amountMinor, policy, ...sums, instalments }
}

/** What comes off and goes back in all, and what becomes of the interest. */
function sumsOf(
  { instalments, order, capturedMinor, refundedMinor }: PlanState,
  { offMinor, backMinor }: PlacedRefund,
  { amountMinor, today }: { readonly amountMinor: number; readonly today: string },
) {
  const after = instalments.map((row, index) => {
    const back = backMinor[index] ?? 0
    return { ...row, amountMinor: row.amountMinor - (offMinor[index] ?? 0) - back, paidMinor: row.paidMinor - back }
  })
  const isFull = refundedMinor + amountMinor === capturedMinor
  const interest = interestAfterRefund(after, { today, terms: order.monthly, isFull })
  const toCome = (rows: readonly InterestRow[]) => sumMinor(rows.map(interestToCome))
  return {
    reducedMinor: sumMinor(offMinor),
    returnedMinor: sumMinor([...backMinor, interest.returnedMinor]),
    interestReversedMinor: interest.reducedMinor + interest.returnedMinor,
    interestSavedMinor: toCome(instalments) - toCome(interest.rows),
  }
}

function assertRefundable({ capturedMinor, refundedMinor, order }: PlanState, amountMinor: number): void {
  const left = capturedMinor - refundedMinor
  if (capturedMinor === 0) {
    throw new Problem(422, 'NOTHING_CAPTURED', 'Nothing was captured: there is nothing to refund.')
  }
  if (amountMinor <= left) return
  const most = `${formatMinor(left, order.currency)} ${order.currency}`
  throw new Problem(422, 'REFUND_OVER_CAPTURED', `At most ${most} can be refunded.`)
}

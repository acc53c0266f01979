import { z } from '@hono/zod-openapi'
import { MonthlyTermsView } from './monthly-views.ts'
import { currency, date, id, instant, minor, oneOf, text, whole } from './view-fields.ts'

/** What callers get. Amounts are whole minor units; times are ISO 8601 in business time. */

const reason = z
  .object({
    code: text('Stable.', 'LIMIT_EXCEEDED'),
    text: text('For people, in English.'),
    texts: z
      .record(z.string(), z.string())
      .optional()
      .openapi({
        description: 'The same in other languages, by ISO 639-1.',
        example: { de: 'Der Einkauf ist zu hoch.' },
      }),
  })
  .openapi('Reason')
const productOf = oneOf(['PAY_IN_4', 'PAY_IN_30', 'PAY_MONTHLY'], 'How it is paid back.')
const consumerId = id('con', 'The consumer.')
const merchantId = id('mer', 'The merchant.')
const purchaseId = id('pur', 'The purchase.')
const checkoutId = id('chk', 'The checkout.')
const planId = id('pln', 'The plan.')
const decisionId = id('dec', 'The decision.')
const merchantName = text('As consumers know the merchant.', 'Kiosk')
const merchantReference = text('The merchant’s own word for the order.', 'order-1001').nullable()

/** An error, as RFC 9457 problem details. */
export const ProblemView = z
  .object({
    type: text('A URN made of the code.', 'urn:fourfold:problem:validation_failed'),
    title: text('The kind of problem.', 'Bad request'),
    status: whole('The HTTP status.', 400),
    code: text('Stable; docs/errors.md explains each one.', 'VALIDATION_FAILED'),
    detail: text('What was wrong, and what to do.', 'The request is not valid: amountMinor must be above 0.'),
    instance: text('The path that was asked.', '/v1/checkouts'),
    requestId: text('Name it when you ask us about this problem; it is in our logs.').optional(),
    errors: z
      .array(
        z.object({
          field: text('Path of the field in body, query, path or headers.', 'amountMinor'),
          code: text('What kind of error.', 'too_small'),
          message: text('What the value must be.', 'must be above 0'),
        }),
      )
      .optional()
      .openapi({ description: 'Each field that was wrong.' }),
  })
  .openapi('Problem')

const kycStatus = oneOf(
  ['NOT_STARTED', 'PENDING', 'APPROVED', 'DECLINED', 'NEEDS_REVIEW', 'EXPIRED'],
  'Where the identity check stands; credit is given when it is APPROVED.',
)

const CreditView = z
  .object({
    currency,
    limitMinor: minor('The spending limit.', 60_000),
    holdMinor: minor('Authorised and not captured.', 0),
    outstandingMinor: minor('Captured and not paid.', 10_000),
    feesMinor: minor('Late fees not paid.', 0),
    availableMinor: minor('What can still be spent.', 50_000),
    blocked: z.boolean().openapi({ description: 'True while a payment is overdue: no new purchases.' }),
  })
  .openapi('Credit')

export const ConsumerView = z
  .object({
    consumerId,
    email: text('Lower case.', 'lena@example.com'),
    phone: text('International form.', '+14155550100').nullable(),
    givenName: text('Given name.', 'Lena'),
    familyName: text('Family name.', 'Example'),
    country: text('ISO 3166-1, two letters.', 'US'),
    language: text('Of notices: en or de.', 'en'),
    emailVerified: z.boolean().openapi({ description: 'True where a code that was sent there came back.' }),
    phoneVerified: z.boolean().openapi({ description: 'True where a code that was sent there came back.' }),
    kycStatus,
    kycReasons: z.array(z.string()).openapi({ description: 'Why the check ended as it did.' }),
    credit: CreditView.nullable().openapi({ description: 'Null until the credit report is in.' }),
  })
  .openapi('Consumer')

export const IdentityCheckView = z
  .object({
    checkId: id('idc', 'The check.'),
    status: kycStatus,
    final: z.boolean().openapi({ description: 'True where nothing can change the result any more.' }),
    reasons: z.array(z.string()).openapi({ description: 'Why it ended as it did.' }),
  })
  .openapi('IdentityCheck')

const merchantStatus = oneOf(['ACTIVE', 'SUSPENDED', 'CLOSED'], 'Only an ACTIVE merchant can offer checkouts.')

export const MerchantView = z
  .object({
    merchantId,
    name: merchantName,
    legalName: text('As in the register.', 'Kiosk Ltd'),
    country: text('ISO 3166-1, two letters.', 'US'),
    currency,
    status: merchantStatus,
    feeBps: whole('The fee on each capture, in hundredths of a percent.', 400),
    feeFixedMinor: minor('The fixed fee on each capture.', 30),
    settlementDays: whole('Days from the capture to its settlement.', 1),
    refundPolicy: text(
      'How refunds are taken off what is due later; null: as the product does.',
      'LAST_FIRST',
    ).nullable(),
    authorisationDays: whole('Days in which a purchase can be captured; null: 13.', 13).nullable(),
    monthly: z.array(MonthlyTermsView).openapi({ description: 'The monthly plans it offers.' }),
    ticketMinMinor: minor('The smallest checkout.', 1),
    ticketMaxMinor: minor('The largest checkout.', 200_000),
    tier: text('The risk tier, which limits tickets as well; null: none.', 'STANDARD').nullable(),
    termsVersion: whole('Of the terms in force.', 1),
  })
  .openapi('Merchant')

export const MerchantStatusView = z
  .object({ merchantId, status: merchantStatus, previous: merchantStatus, reason: text('As it was given.') })
  .openapi('MerchantStatus')

export const ApiKeyView = z
  .object({
    merchantId,
    apiKeyId: id('key', 'Names the key without giving it away.'),
    apiKey: text('The bearer token. Only its hash is kept; a repeat of the request gives the same one again.'),
  })
  .openapi('ApiKey')

const basketLine = {
  name: text('What it is.', 'Kettle'),
  quantity: whole('How many.', 1),
  unitAmountMinor: minor('Of one.'),
}

export const CheckoutView = z
  .object({
    checkoutId,
    merchantId,
    merchantName,
    amountMinor: minor('What is to be paid.'),
    currency,
    items: z.array(z.object(basketLine)),
    merchantReference,
    consumerId: consumerId.nullable().openapi({ description: 'Who has taken it; null while nobody has.' }),
    returnUrl: text('Where the shop wants the consumer back.', 'https://shop.example.com/done').nullable(),
    status: oneOf(['OPEN', 'CLAIMED', 'EXPIRED'], 'Whether it can still be taken and confirmed.'),
    expiresAt: instant('Until when it can be confirmed.'),
  })
  .openapi('Checkout')

const counterOfferMinor = minor('An amount that would be approved; null where none is offered.', 4_000).nullable()
const counterFirstPaymentMinor = minor(
  'A first payment with which the whole amount would be approved: accept it with `acceptsDecisionId`. Null: none.',
  6_000,
).nullable()
const policyVersion = text('The version of the rules that decided.', 'credit-policy-1')
const modelVersion = text('The version of the scorecard.', 'scorecard-1')

const DecisionView = z
  .object({
    decisionId,
    approved: z.boolean(),
    limitMinor: minor('The limit at that time.', 60_000),
    availableMinor: minor('What can still be spent after it.', 50_000),
    reasons: z.array(reason).openapi({ description: 'The principal reasons of a refusal, at most four.' }),
    counterOfferMinor,
    counterFirstPaymentMinor,
    policyVersion,
    modelVersion,
  })
  .openapi('Decision')

export const ConfirmationView = z
  .object({
    purchaseId,
    checkoutId,
    status: z.enum(['AUTHORISED', 'DECLINED', 'PAYMENT_FAILED', 'PENDING']).openapi({
      description:
        'AUTHORISED: the shop can capture. DECLINED: by the decision. PAYMENT_FAILED: approved, but the first ' +
        'payment failed. PENDING: approved, the first payment is still on its way; repeat with the same key.',
      example: 'AUTHORISED',
    }),
    amountMinor: minor('Of the purchase.'),
    currency,
    decision: DecisionView,
    reasons: z.array(reason).openapi({ description: 'Why it is DECLINED or PAYMENT_FAILED.' }),
  })
  .openapi('Confirmation')

const totals = {
  capturedMinor: minor('Captured in all.'),
  releasedMinor: minor('Given back in all, of what was not captured.', 0),
  authorisedMinor: minor('What was authorised.'),
}

export const CaptureView = z
  .object({
    captureId: id('cap', 'The capture.'),
    purchaseId,
    amountMinor: minor('Captured by this.'),
    currency,
    ...totals,
  })
  .openapi('Capture')

export const ReleaseView = z
  .object({
    releaseId: id('rel', 'The release.'),
    purchaseId,
    cause: oneOf(['RELEASED', 'VOIDED', 'EXPIRED'], 'VOIDED: nothing had been captured, and all was given back.'),
    amountMinor: minor('Given back by this.'),
    currency,
    ...totals,
  })
  .openapi('Release')

export const ExtensionView = z
  .object({ purchaseId, expiresAt: instant('When what is not captured is released.') })
  .openapi('Extension')

export const RefundView = z
  .object({
    refundId: id('ref', 'The refund.'),
    purchaseId,
    captureId: id('cap', 'The capture it is of; null where it is of the purchase as a whole.').nullable(),
    amountMinor: minor('Refunded by this.'),
    currency,
    items: z
      .array(z.object({ line: whole('Its place in the basket, from 1.', 1), quantity: whole('How many of it.', 1) }))
      .openapi({ description: 'The lines it is of; empty where it is of an amount.' }),
    refundedMinor: minor('Refunded in all.'),
    capturedMinor: minor('Captured in all.'),
  })
  .openapi('Refund')

export const PaymentMethodView = z
  .object({
    paymentMethodId: id('pm', 'Names the card.'),
    brand: text('As the gateway says.', 'visa'),
    last4: text('The last four digits.', '4242'),
    expiryMonth: whole('1 to 12.', 12),
    expiryYear: whole('Four digits.', 2030),
  })
  .openapi('PaymentMethod')

/** A page of any list. */
export function pageOf<T extends z.ZodType>(item: T) {
  const nextCursor = text('For `cursor` of the next page; null on the last one.').nullable()
  return z.object({ items: z.array(item), nextCursor })
}

export const PurchaseView = z
  .object({
    purchaseId,
    checkoutId,
    consumerId,
    merchantId,
    merchantName,
    merchantReference,
    planId: planId.nullable().openapi({ description: 'Its plan; null before it is authorised.' }),
    product: productOf,
    status: oneOf(
      ['PENDING', 'AUTHORISED', 'PARTLY_CAPTURED', 'CAPTURED', 'COMPLETED', 'REJECTED', 'VOIDED', 'EXPIRED'],
      'Where it stands. COMPLETED: everything is paid.',
    ),
    currency,
    amountMinor: minor('Authorised.'),
    capturedMinor: minor('Captured.'),
    releasedMinor: minor('Given back, of what was not captured.', 0),
    refundedMinor: minor('Refunded, of what was captured.', 0),
    requestedOn: date('When it was asked for.'),
    expiresAt: instant('When what is not captured is released; null before it is authorised.').nullable(),
    items: z
      .array(z.object({ ...basketLine, refundedQuantity: whole('How many of it were refunded by line.', 0) }))
      .openapi({ description: 'The basket; empty where the checkout named no items.' }),
  })
  .openapi('Purchase')

export const SettlementView = z
  .object({
    settlementId: id('set', 'The settlement.'),
    merchantId,
    settledOn: date('When it was closed.'),
    currency,
    salesMinor: minor('Captures.'),
    returnsMinor: minor('Refunds.', 0),
    feesMinor: minor('Our fees.', 259),
    taxMinor: minor('Tax on our fees.', 0),
    holdbackMinor: minor('Held back: reserves and disputed amounts.', 0),
    releaseMinor: minor('Paid of what was held back.', 0),
    correctionsMinor: z
      .int()
      .openapi({ description: 'Charges, credits, corrections; signed. Minor units.', example: 0 }),
    debtRepaidMinor: minor('Taken for what an earlier settlement was short of.', 0),
    payoutMinor: minor('Paid out.', 5_468),
    carriedMinor: minor('What this one is short of; the next one repays it first.', 0),
    payoutStatus: oneOf(
      ['NONE', 'REQUESTED', 'PAID', 'FAILED', 'HELD'],
      'NONE: there was nothing to pay out. HELD: the merchant is suspended.',
    ),
  })
  .openapi('Settlement')

export const SettlementLineView = z
  .object({
    lineId: text('The line.'),
    kind: text('SALE, FEE, RETURN and so on.', 'SALE'),
    currency,
    amountMinor: z.int().openapi({ description: 'Signed: what it adds to the payout. Minor units.', example: 5727 }),
    purchaseId: purchaseId.nullable().openapi({ description: 'Null for a correction of the account as a whole.' }),
    captureId: id('cap', 'The capture it is of.').nullable(),
    refundId: id('ref', 'The refund it is of.').nullable(),
    disputeId: id('dis', 'The dispute it is for.').nullable(),
    note: text('Of a correction: why.').nullable(),
    settleOn: date('When it is settled.'),
  })
  .openapi('SettlementLine')

export const DecisionRowView = z
  .object({
    decisionId,
    purchaseId,
    consumerId,
    merchantId,
    merchantName,
    product: productOf,
    approved: z.boolean(),
    currency,
    amountMinor: minor('What was asked for.'),
    limitMinor: minor('The limit at that time.', 60_000),
    score: whole('By the scorecard; null without a report.', 640).nullable(),
    policyVersion,
    modelVersion,
    reasons: z.array(reason).openapi({ description: 'The principal reasons of a refusal, at most four.' }),
    counterOfferMinor,
    counterFirstPaymentMinor,
    decidedAt: instant('When.'),
  })
  .openapi('DecisionRow')

export const MerchantDayView = z
  .object({
    day: date('The business date.'),
    currency,
    decisions: whole('Purchases decided.', 12),
    approved: whole('Of these approved.', 11),
    volumeMinor: minor('What was authorised.', 68_724),
    refundedMinor: minor('Refunded.', 0),
    interestMinor: minor('Interest that consumers were charged on its plans, less what was reversed.', 0),
  })
  .openapi('MerchantDay')

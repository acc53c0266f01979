import { z } from '@hono/zod-openapi'
import { CreditCostView, MonthlyTermsView } from './monthly-views.ts'
import { currency, date, id, minor, oneOf, text, whole } from './view-fields.ts'

/** What callers get of plans and their payments. */

const productOf = oneOf(['PAY_IN_4', 'PAY_IN_30', 'PAY_MONTHLY'], 'How it is paid back.')
const planId = id('pln', 'The plan.')
const paymentId = id('pay', 'The payment.')
const declineCode = text('Why the gateway declined; null where it did not.', 'card_declined').nullable()

export const PaymentView = z
  .object({
    paymentId,
    planId,
    instalmentNo: whole('The instalment it is for, from 1.', 2),
    status: oneOf(['SUCCEEDED', 'FAILED'], 'How the charge ended.'),
    amountMinor: minor('Charged.'),
    currency,
    declineCode,
  })
  .openapi('Payment')

export const PlansPaymentView = z
  .object({
    paymentId,
    status: oneOf(['SUCCEEDED', 'FAILED'], 'How the charge ended.'),
    amountMinor: minor('Charged.'),
    currency,
    declineCode,
    parts: z
      .array(
        z.object({
          paymentId,
          planId,
          instalmentNo: whole('The instalment that it pays first.', 2),
          amountMinor: minor('What the plan gets of it.'),
        }),
      )
      .openapi({ description: 'What each plan gets, in the order they are paid.' }),
  })
  .openapi('PlansPaymentResult')

export const InstalmentView = z
  .object({
    no: whole('From 1.', 1),
    dueDate: date('When it is due.'),
    amountMinor: minor('Principal of the instalment.', 1_432),
    paidMinor: minor('Paid of it.', 0),
    interestMinor: minor('Interest of the instalment: as charged, or as it will be as things stand.', 0),
    interestChargedMinor: minor('Of the interest, what was charged.', 0),
    interestPaidMinor: minor('Paid of the interest.', 0),
    interestFrom: date('When the period of its interest begins; null where it bears none.').nullable(),
    interestTo: date('When that period ends.').nullable(),
    feesMinor: minor('Late fees on it.', 0),
    feesPaidMinor: minor('Paid of the fees.', 0),
    status: oneOf(['SCHEDULED', 'DUE', 'OVERDUE', 'PAID'], 'Where it stands.'),
    delinquency: text('Range of days late, without days of pauses; null where it is not late.', '4-30').nullable(),
  })
  .openapi('Instalment')

export const PlanView = z
  .object({
    planId,
    purchaseId: id('pur', 'The purchase.'),
    consumerId: id('con', 'The consumer.'),
    merchantId: id('mer', 'The merchant.'),
    product: productOf,
    status: oneOf(
      ['PROPOSED', 'AUTHORISED', 'ACTIVE', 'COMPLETED', 'CANCELLED', 'CHARGED_OFF', 'WRITTEN_OFF'],
      'ACTIVE: captured, and being paid. CANCELLED: nothing was or will be captured. CHARGED_OFF: nothing more is ' +
        'expected, and what is paid is a recovery. WRITTEN_OFF: given up for good.',
    ),
    currency,
    amountMinor: minor('Of the purchase.'),
    holdMinor: minor('Authorised and not captured.', 0),
    outstandingMinor: minor('Captured and not paid.', 4_295),
    feesMinor: minor('Late fees not paid.', 0),
    interestMinor: minor('Interest charged and not paid.', 0),
    paidMinor: minor('Paid.', 1_432),
    payoffMinor: minor('What pays the whole plan off today: principal, fees, and interest to today.', 4_295),
    monthly: MonthlyTermsView.nullable().openapi({ description: 'With PAY_MONTHLY: the terms agreed on.' }),
    cost: CreditCostView.nullable().openapi({
      description: 'With PAY_MONTHLY: what was told before it was agreed on.',
    }),
    depositMinor: minor('Paid before the capture, and not yet applied.', 0),
    pausedUntil: date('The day a pause ends or ended on; null where there was none.').nullable(),
    instalments: z.array(InstalmentView),
  })
  .openapi('Plan')

const PaymentAttemptView = z
  .object({
    attempt: whole('From 1; an attempt may go to more than one gateway, one after the other.', 1),
    gateway: text('The gateway that was asked.', 'primary'),
    outcome: oneOf(
      ['SUCCEEDED', 'FAILED', 'REROUTED'],
      'REROUTED: the gateway certainly took nothing, and the next one was asked.',
    ),
    declineCode,
    network: text('VISA, MASTERCARD or ACH, where the gateway told who declined.', 'VISA').nullable(),
    networkCode: text('Visa’s category, Mastercard’s advice, ACH’s return reason.', '2').nullable(),
    businessDate: date('When.'),
  })
  .openapi('PaymentAttempt')

export const PaymentRowView = z
  .object({
    paymentId,
    planId,
    instalmentNo: whole('The instalment it is for, from 1.', 2),
    status: oneOf(['SUCCEEDED', 'RETRYING', 'FAILED'], 'RETRYING: it failed, and is tried again.'),
    currency,
    amountMinor: minor('Charged.'),
    attempt: whole('Which attempt this was, from 1; 0 where none was made, or the card network gave it back.', 1),
    gatewayRef: text('The gateway’s name of the charge; null where it did not come in.').nullable(),
    gateway: text('The payment gateway that it went to last; what is sent back goes there.', 'primary'),
    declineCode,
    nextAttemptOn: date('When it is tried again; null where it is not.').nullable(),
    nextAction: oneOf(
      ['RETRY', 'PAY_BY_HAND', 'USE_ANOTHER_CARD', 'NONE'],
      'What comes next: RETRY on that date; else what the consumer can do. NONE at a checkout, which can be begun ' +
        'again. Null where the payment came in.',
    ).nullable(),
    groupId: id('pay', 'The payment over several plans that this is a part of; null where it is none.').nullable(),
    returnedMinor: minor('Sent back to the card.', 0),
    businessDate: date('When it was last attempted.'),
    attempts: z.array(PaymentAttemptView).openapi({ description: 'Where each attempt went, oldest first.' }),
  })
  .openapi('PaymentRow')

/** What a command about a plan came to. */
export const PlanChangeView = z
  .object({
    planId,
    change: text('What happened to the plan.', 'InstalmentMoved'),
    outstandingMinor: minor('Captured and not paid.', 4_295),
    feesMinor: minor('Late fees not paid.', 0),
    interestMinor: minor('Interest charged and not paid.', 0),
    instalments: z.array(InstalmentView).openapi({ description: 'As they are now; none where they did not change.' }),
  })
  .openapi('PlanChange')

export const PauseView = z
  .object({
    planId,
    pauseId: id('pau', 'The pause.'),
    reason: oneOf(['RETURN', 'PROBLEM'], 'Why.'),
    from: date('Its first day.'),
    until: date('The day on which the plan goes on.'),
  })
  .openapi('Pause')

export const ReAgeView = PlanChangeView.extend({
  hardshipId: id('har', 'Names the re-age, to undo it.'),
  amountMinor: minor('What was past due.', 75_000),
}).openapi('ReAge')

export const LateFeeView = z
  .object({
    feeId: id('fee', 'The fee.'),
    instalmentNo: whole('The instalment it was charged on.', 2),
    amountMinor: minor('Charged.', 1_000),
    reversedMinor: minor('Taken back of it.', 0),
    currency,
    scheme: text('The table of fees it is from.', 'AFTERPAY_AU'),
    rule: oneOf(['FIRST', 'SECOND', 'ONCE'], 'Which fee of the instalment.'),
    chargedOn: date('When.'),
  })
  .openapi('LateFee')

import { z } from '@hono/zod-openapi'
import { currency, date, id, oneOf, text, whole } from './view-fields.ts'

const signed = (description: string, example: number) =>
  z.int().openapi({ description: `${description} Signed: above 0 is owed more. Minor units.`, example })

const figures = {
  statementId: id('stm', 'The statement.'),
  currency,
  month: text('YYYY-MM.', '2026-03'),
  fromDate: date('The first day of the month, in the consumer’s time zone.'),
  toDate: date('Its last day.'),
  openingMinor: signed('Owed at the beginning: what the statement before closed with.', 0),
  purchasesMinor: signed('What was shipped.', 10_000),
  paymentsMinor: signed(
    'What was paid, less what was taken back; payments at the checkout count as goods are shipped.',
    -5_000,
  ),
  refundsMinor: signed('What refunds took off.', 0),
  feesMinor: signed('Late fees, less those taken back.', 0),
  interestMinor: signed('Interest.', 0),
  chargedOffMinor: signed('What is not expected any more, or again.', 0),
  adjustmentsMinor: signed('All else.', 0),
  closingMinor: signed('Owed at the end: the sum of the eight before it, and what all plans together owe.', 5_000),
  dueUntil: date('The end of the month after it: until then `nextDue` counts.'),
  templateVersion: whole('Which rendering the document has, for ever.', 1),
}

/** A month of a consumer, in figures. */
export const StatementView = z.object(figures).openapi('Statement')

/** With its lines. */
export const StatementDocumentView = z
  .object({
    ...figures,
    timeZone: text('In which the month began and ended.', 'Europe/Berlin'),
    language: text('Of the document; BCP 47.', 'en'),
    lines: z.array(
      z.object({
        date: date('In that time zone.'),
        kind: oneOf(
          ['PURCHASE', 'PAYMENT', 'REFUND', 'FEE', 'INTEREST', 'CHARGE_OFF', 'ADJUSTMENT'],
          'What moved what is owed.',
        ),
        planId: id('pln', 'The plan.'),
        purchaseId: id('pur', 'The purchase.'),
        merchantName: text('The shop.', 'Shop'),
        amountMinor: signed('By how much.', -1_432),
      }),
    ),
    nextDue: z.array(
      z.object({
        dueDate: date('When.'),
        planId: id('pln', 'The plan.'),
        amountMinor: z
          .int()
          .openapi({ description: 'Principal, fees and interest still to be paid. Minor units.', example: 1_432 }),
      }),
    ),
  })
  .openapi('StatementDocument')

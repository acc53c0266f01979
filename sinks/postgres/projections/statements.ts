import { type Projection, put, timestamp } from '../projection.ts'

export const statements: Projection = {
  table: 'statements',
  key: ['statement_id'],
  rules: {
    StatementIssued: (event) =>
      put({
        statement_id: event.statementId,
        consumer_id: event.consumerId,
        currency: event.currency,
        month: event.month,
        from_date: event.from,
        to_date: event.to,
        time_zone: event.timeZone,
        language: event.language,
        opening_minor: event.openingMinor,
        purchases_minor: event.purchasesMinor,
        payments_minor: event.paymentsMinor,
        refunds_minor: event.refundsMinor,
        fees_minor: event.feesMinor,
        interest_minor: event.interestMinor,
        charged_off_minor: event.chargedOffMinor,
        adjustments_minor: event.adjustmentsMinor,
        closing_minor: event.closingMinor,
        lines: event.lines,
        due_until: event.dueUntil,
        next_due: event.nextDue,
        template_version: event.templateVersion,
        issued_at: timestamp(event.meta.occurredAt),
      }),
  },
}

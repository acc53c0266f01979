/** Who is told what, and when nobody is disturbed. */
import { notBefore } from '#domain/quiet-hours.ts'
import { sampleRecord } from '#schemas/sample-record.ts'
import { noticeOf, type Tellable } from '#topologies/notifications/notice.ts'
import { isLegal } from '#topologies/notifications/template.ts'
import { templates } from '#topologies/notifications/templates.ts'
import { type Row, vectors } from './text-table.ts'

const balance = {
  authorisedMinor: 100_00,
  capturedMinor: 100_00,
  releasedMinor: 0,
  refundedMinor: 0,
  depositMinor: 0,
  holdMinor: 0,
  outstandingMinor: 50_00,
  feesMinor: 0,
  paidMinor: 50_00,
  interestMinor: 0,
}
const charge = { instalmentNo: 2, amountMinor: 25_00 }

/** The events by the words that stand for them in the table. */
const events: Readonly<Record<string, Tellable>> = {
  'a purchase is approved': sampleRecord('PurchaseAuthorised', { amountMinor: 100_00 }),
  'a purchase is refused': sampleRecord('PurchaseDeclined', {
    reasons: [{ code: 'LIMIT_EXCEEDED', text: 'Limit', texts: {} }],
  }),
  'a charge fails, another follows': sampleRecord('PaymentAttemptFailed', { ...charge, nextAttemptOn: '2026-01-16' }),
  'a charge fails for good': sampleRecord('PaymentFailed', { ...charge, atCheckout: false }),
  'a charge fails at the checkout': sampleRecord('PaymentFailed', { ...charge, atCheckout: true }),
  'a payment is late': sampleRecord('InstalmentOverdue', { instalmentNo: 2, overdueMinor: 25_00 }),
  'a payment is late with nothing open on it': sampleRecord('InstalmentOverdue', { instalmentNo: 2, overdueMinor: 0 }),
  'a late fee is charged': sampleRecord('LateFeeCharged', { ...charge, balance }),
  'a payment covers an instalment': sampleRecord('InstalmentPaid', { ...charge, balance }),
  'a payment comes before the capture': sampleRecord('InstalmentPaid', {
    ...charge,
    balance: { ...balance, capturedMinor: 0 },
  }),
  'a refund makes a new schedule': sampleRecord('RefundAllocated', { amountMinor: 30_00, reducedMinor: 30_00 }),
  'a plan is complete': sampleRecord('PlanCompleted', { balance }),
  'a plan is complete of which all was refunded': sampleRecord('PlanCompleted', {
    balance: { ...balance, refundedMinor: 100_00 },
  }),
}

vectors(
  'what is told, and whether the law asks for it',
  `
  | event                                        | gives                      |
  | a purchase is approved                       | purchase-authorised        |
  | a purchase is refused                        | purchase-declined, legal   |
  | a charge fails, another follows              | payment-retry              |
  | a charge fails for good                      | payment-failed, legal      |
  | a charge fails at the checkout               | nothing                    |
  | a payment is late                            | instalment-overdue, legal  |
  | a payment is late with nothing open on it    | nothing                    |
  | a late fee is charged                        | late-fee, legal            |
  | a payment covers an instalment               | payment-received           |
  | a payment comes before the capture           | nothing                    |
  | a refund makes a new schedule                | refund                     |
  | a plan is complete                           | plan-completed             |
  | a plan is complete of which all was refunded | nothing                    |
  `,
  (row) => {
    const notice = noticeOf(eventOf(row))
    if (notice === null) return 'nothing'
    return notice.template + (isLegal(templates[notice.template]) ? ', legal' : '')
  },
)

vectors(
  'quiet hours from 21 to 8 in the time zone of the consumer',
  `
  | moment               | zone                | gives                |
  | 2026-01-15T12:00:00Z | Europe/Berlin       | 2026-01-15T12:00:00Z |
  | 2026-01-15T20:30:00Z | Europe/Berlin       | 2026-01-16T07:00:00Z |
  | 2026-01-15T06:59:00Z | Europe/Berlin       | 2026-01-15T07:00:00Z |
  | 2026-03-28T22:00:00Z | Europe/Berlin       | 2026-03-29T06:00:00Z |
  | 2026-01-15T06:00:00Z | America/New_York    | 2026-01-15T13:00:00Z |
  | 2026-01-15T17:00:00Z | Asia/Kolkata        | 2026-01-16T02:30:00Z |
  | 2026-01-15T14:00:00Z | Asia/Kolkata        | 2026-01-15T14:00:00Z |
  `,
  (row) => {
    const at = notBefore(Date.parse(row.text('moment')), row.text('zone'), { fromHour: 21, toHour: 8 })
    return `${new Date(at).toISOString().slice(0, 19)}Z`
  },
)

function eventOf(row: Row): Tellable {
  const event = events[row.text('event')]
  if (event === undefined) throw new Error(`There is no event ${row.text('event')}.`)
  return event
}

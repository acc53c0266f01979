import { describe, expect, test } from 'vitest'
import { sampleRecord } from '#schemas/sample-record.ts'
import { noticeOf, type Tellable } from './notice.ts'

const balance = {
  authorisedMinor: 100_00,
  capturedMinor: 100_00,
  releasedMinor: 0,
  refundedMinor: 0,
  depositMinor: 0,
  holdMinor: 0,
  outstandingMinor: 50_00,
  feesMinor: 10_00,
  paidMinor: 50_00,
}
const uncaptured = { ...balance, capturedMinor: 0, outstandingMinor: 0, feesMinor: 0 }
const no = { instalmentNo: 2, amountMinor: 25_00 }
const open = {
  no: 3,
  dueDate: '2026-02-12',
  amountMinor: 25_00,
  paidMinor: 0,
  feesMinor: 7_00,
  feesPaidMinor: 0,
  delinquency: null,
  status: 'SCHEDULED',
} as const

type Row = readonly [template: string, event: Tellable, facts: Readonly<Record<string, string>>]

const told: readonly Row[] = [
  ['identity-approved', sampleRecord('KycStatusChanged', { status: 'APPROVED' }), {}],
  ['identity-declined', sampleRecord('KycStatusChanged', { status: 'DECLINED' }), {}],
  ['identity-review', sampleRecord('KycStatusChanged', { status: 'NEEDS_REVIEW' }), {}],
  ['identity-expired', sampleRecord('KycStatusChanged', { status: 'EXPIRED' }), {}],
  ['limit-set', sampleRecord('LimitChanged', { limitMinor: 600_00 }), { limit: '600.00 EUR' }],
  ['limit-set', sampleRecord('LimitChanged', { limitMinor: 60_000, currency: 'JPY' }), { limit: '60000 JPY' }],
  [
    'purchase-authorised',
    sampleRecord('PurchaseAuthorised', { merchantName: 'Shop', amountMinor: 99_90 }),
    { merchant: 'Shop', amount: '99.90 EUR' },
  ],
  [
    'payment-received',
    sampleRecord('InstalmentPaid', { ...no, balance }),
    { instalment: '2', amount: '25.00 EUR', left: '60.00 EUR' },
  ],
  [
    'instalment-overdue',
    sampleRecord('InstalmentOverdue', { instalmentNo: 2, overdueMinor: 25_00, dueDate: '2026-01-15' }),
    { instalment: '2', amount: '25.00 EUR', date: '2026-01-15' },
  ],
  [
    'late-fee',
    sampleRecord('LateFeeCharged', { instalmentNo: 2, amountMinor: 10_00, balance }),
    { instalment: '2', amount: '10.00 EUR', left: '60.00 EUR' },
  ],
  [
    'payment-retry',
    sampleRecord('PaymentAttemptFailed', { ...no, nextAttemptOn: '2026-01-16' }),
    { instalment: '2', amount: '25.00 EUR', date: '2026-01-16' },
  ],
  ['payment-failed', sampleRecord('PaymentFailed', no), { instalment: '2', amount: '25.00 EUR' }],
  [
    'refund',
    sampleRecord('RefundAllocated', {
      amountMinor: 30_00,
      reducedMinor: 20_00,
      returnedMinor: 10_00,
      instalments: [{ ...open, no: 1, paidMinor: 25_00, feesMinor: 0, status: 'PAID' }, open],
    }),
    { amount: '30.00 EUR', reduced: '20.00 EUR', returned: '10.00 EUR', schedule: '2026-02-12: 32.00 EUR' },
  ],
  [
    'refund',
    sampleRecord('RefundAllocated', { amountMinor: 5 }),
    { amount: '0.05 EUR', reduced: '0.00 EUR', returned: '0.00 EUR', schedule: '-' },
  ],
  [
    'plan-completed',
    sampleRecord('PlanCompleted', { balance: { ...balance, refundedMinor: 30_00 } }),
    { amount: '70.00 EUR' },
  ],
]

const untold: readonly (readonly [why: string, event: Tellable])[] = [
  [
    'a deposit before anything is captured',
    sampleRecord('InstalmentPaid', { ...no, depositMinor: 25_00, balance: uncaptured }),
  ],
  [
    'a plan that was given back in full',
    sampleRecord('PlanCompleted', { balance: { ...balance, refundedMinor: 100_00 } }),
  ],
  ['a plan that ends without a capture', sampleRecord('PlanCompleted', { balance: uncaptured })],
  ['a first payment that failed at the checkout', sampleRecord('PaymentFailed', { ...no, atCheckout: true })],
  ['an instalment with nothing open', sampleRecord('InstalmentOverdue', { overdueMinor: 0 })],
  ['a fee of 0', sampleRecord('LateFeeCharged', { amountMinor: 0 })],
  ['an identity check that has only begun', sampleRecord('KycStatusChanged', { status: 'PENDING' })],
  ['a movement of the exposure', sampleRecord('ExposureChanged')],
]

describe('noticeOf', () => {
  test.each(told)('tells by %s', (template, event, facts) => {
    expect(noticeOf(event)).toEqual({ template, facts })
  })

  test.each(untold)('says nothing of %s', (_why, event) => {
    expect(noticeOf(event)).toBeNull()
  })

  test('gives the reasons of a refusal in every language, in English where a code has no text yet', () => {
    const reasons = [
      { code: 'LIMIT_EXCEEDED', text: 'It is above your limit.', texts: { de: 'Es liegt über Ihrem Rahmen.' } },
      { code: 'BRAND_NEW_CODE', text: 'A new reason.', texts: {} },
    ]
    expect(noticeOf(sampleRecord('PurchaseDeclined', { reasons }))?.facts).toMatchObject({
      'reasons.en': '- It is above your limit.\n- A new reason.',
      'reasons.de': '- Es liegt über Ihrem Rahmen.\n- A new reason.',
    })
  })
})

import { describe, expect, test } from 'vitest'
import { dateToMs } from '#domain/calendar.ts'
import { noticeCategories, noticeChannels } from '#domain/notice-preferences.ts'
import { sampleRecord } from '#schemas/sample-record.ts'
import { noticeOf, type Tellable } from './notice.ts'
import { messagesOf } from './render.ts'
import { languages } from './template.ts'
import { templates } from './templates.ts'

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
  interestMinor: 0,
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
  interest: null,
  status: 'SCHEDULED',
} as const

const interest = {
  ...{ amountMinor: 79, chargedMinor: 0, paidMinor: 0, from: '2026-01-12', to: '2026-02-12', series: 1 },
}
const reviewed = { merchantName: 'Shop', amountMinor: 99_90, reason: 'No.' }
const share = (instalmentNo: number) => ({ instalmentNo, feeMinor: 0, interestMinor: 0, principalMinor: 12_50 })

type Row = readonly [template: string, event: Tellable, facts: Readonly<Record<string, string>>]

const told: readonly Row[] = [
  ['code-registration', sampleRecord('RegistrationBegun', { codeId: 'cod_1' }), { codeId: 'cod_1' }],
  ['account-exists', sampleRecord('RegistrationRepeated', {}), {}],
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
    'limit-raised',
    sampleRecord('LimitChanged', { limitMinor: 600_00, previousMinor: 500_00 }),
    { limit: '600.00 EUR', before: '500.00 EUR' },
  ],
  ['limit-set', sampleRecord('LimitChanged', { limitMinor: 400_00, previousMinor: 500_00 }), { limit: '400.00 EUR' }],
  [
    'plan-scheduled',
    sampleRecord('PlanScheduled', { amountMinor: 100_00, balance, instalments: [open] }),
    { amount: '100.00 EUR', schedule: '2026-02-12: 32.00 EUR' },
  ],
  [
    'plan-scheduled-interest',
    sampleRecord('PlanScheduled', { amountMinor: 100_00, balance, instalments: [{ ...open, interest }] }),
    { amount: '100.00 EUR', interest: '0.79 EUR', schedule: '2026-02-12: 32.79 EUR' },
  ],
  [
    'payment-received',
    sampleRecord('InstalmentPaid', { ...no, balance, instalments: [{ ...open, interest }] }),
    { instalment: '2', amount: '25.00 EUR', left: '60.79 EUR' },
  ],
  ['review-upheld', sampleRecord('ReviewDecided', reviewed), { merchant: 'Shop', amount: '99.90 EUR', reason: 'No.' }],
  [
    'review-overturned',
    sampleRecord('ReviewDecided', { ...reviewed, overturned: true, validUntil: dateToMs('2026-02-01') }),
    { merchant: 'Shop', amount: '99.90 EUR', reason: 'No.', date: '2026-02-01' },
  ],
  [
    'review-requested',
    sampleRecord('ReviewRequested', { merchantName: 'Shop', dueAt: dateToMs('2026-02-01') }),
    { merchant: 'Shop', date: '2026-02-01' },
  ],
  [
    'dispute-opened',
    sampleRecord('DisputeOpened', { amountMinor: 40_00, evidenceDueAt: dateToMs('2026-02-01') }),
    { amount: '40.00 EUR', date: '2026-02-01' },
  ],
  [
    'dispute-refunded',
    sampleRecord('DisputeDecided', { outcome: 'LOST', amountMinor: 40_00 }),
    { amount: '40.00 EUR' },
  ],
  ['dispute-closed', sampleRecord('DisputeDecided', { outcome: 'WON', amountMinor: 40_00 }), { amount: '40.00 EUR' }],
  [
    'payment-moved',
    sampleRecord('InstalmentMoved', { instalmentNo: 3, dueDate: '2026-02-12', instalments: [open] }),
    { instalment: '3', date: '2026-02-12', schedule: '2026-02-12: 32.00 EUR' },
  ],
  ['plan-paused', sampleRecord('PlanPaused', { until: '2026-02-01' }), { date: '2026-02-01' }],
  ['hardship', sampleRecord('PlanReaged', { instalments: [open] }), { schedule: '2026-02-12: 32.00 EUR' }],
  [
    'hardship-ended',
    sampleRecord('PlanReworked', { cause: 'HARDSHIP_UNDONE', instalments: [open] }),
    { schedule: '2026-02-12: 32.00 EUR' },
  ],
  [
    'payment-undone',
    sampleRecord('PlanReworked', { cause: 'PAYMENT_UNDONE', amountMinor: 25_00, instalments: [open] }),
    { amount: '25.00 EUR', schedule: '2026-02-12: 32.00 EUR' },
  ],
  [
    'payment-undone',
    sampleRecord('PlanReworked', { cause: 'CHARGED_BACK', amountMinor: 25_00 }),
    { amount: '25.00 EUR', schedule: '-' },
  ],
  ['charged-off', sampleRecord('PlanChargedOff', { principalMinor: 50_00, feeMinor: 7_00 }), { amount: '57.00 EUR' }],
  [
    'charge-off-undone',
    sampleRecord('PlanChargeOffUndone', { instalments: [open] }),
    { schedule: '2026-02-12: 32.00 EUR' },
  ],
  ['written-off', sampleRecord('PlanWrittenOff'), {}],
  [
    'statement-ready',
    sampleRecord('StatementIssued', {
      ...{ month: '2026-01', closingMinor: 75_00, dueUntil: '2026-02-28' },
      nextDue: [{ dueDate: '2026-02-07', planId: 'pln_1', amountMinor: 25_00 }],
    }),
    { month: '2026-01', owed: '75.00 EUR', due: '25.00 EUR', date: '2026-02-28' },
  ],
  [
    'late-fee-back',
    sampleRecord('LateFeeReversed', { instalmentNo: 2, amountMinor: 10_00, balance }),
    { instalment: '2', amount: '10.00 EUR', left: '60.00 EUR' },
  ],
  ['code-email', sampleRecord('CodeIssued', { codeId: 'cod_1', purpose: 'EMAIL' }), { codeId: 'cod_1' }],
  ['code-phone', sampleRecord('CodeIssued', { codeId: 'cod_1', purpose: 'PHONE' }), { codeId: 'cod_1' }],
  ['code-password', sampleRecord('CodeIssued', { codeId: 'cod_1', purpose: 'PASSWORD_RESET' }), { codeId: 'cod_1' }],
  ['password-changed', sampleRecord('PasswordChanged'), {}],
  [
    'payment-received',
    sampleRecord('InstalmentPaid', { ...no, balance, shares: [share(3), share(2)] }),
    { instalment: '2, 3', amount: '25.00 EUR', left: '60.00 EUR' },
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
  [
    'payment-delayed',
    sampleRecord('PaymentDelayed', { ...no, nextAttemptOn: '2026-02-14' }),
    { instalment: '2', amount: '25.00 EUR', date: '2026-02-14' },
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
  ['goods that are paid as they ship', sampleRecord('PlanScheduled', { amountMinor: 25_00, balance: uncaptured })],
  ['a rework that moved no money', sampleRecord('PlanReworked', { cause: 'PAYMENT_UNDONE', amountMinor: 0 })],
  ['an instalment with nothing open', sampleRecord('InstalmentOverdue', { overdueMinor: 0 })],
  ['a fee of 0', sampleRecord('LateFeeCharged', { amountMinor: 0 })],
  ['an identity check that has only begun', sampleRecord('KycStatusChanged', { status: 'PENDING' })],
  ['a movement of the exposure', sampleRecord('ExposureChanged')],
]

describe('noticeOf', () => {
  test.each(told)('tells by %s', (template, event, facts) => {
    expect(noticeOf(event)).toEqual({ template, facts })
  })

  test.each(told)('says %s in whole sentences, in every language and on every channel', (template, event, facts) => {
    const contact = { email: 'a@example.com', phone: '+4915550100', country: 'DE', timeZone: 'UTC' }
    const choices = noticeCategories.flatMap((category) =>
      noticeChannels.map((channel) => ({ category, channel, wanted: true })),
    )
    const notice = { cause: event.meta, template, facts, planId: null, instalmentNo: null }
    const bodies = languages.map((language) => {
      const to = { consumerId: 'con_1', contact: { ...contact, language }, choices, undeliverable: null }
      const messages = messagesOf(notice, to)
      expect(messages.length).toBeGreaterThan(0)
      for (const { subject, body } of messages) expect(`${subject} ${body}`.replace('{code}', '')).not.toMatch(/[{}]/)
      return messages[0]?.body
    })
    expect(new Set(bodies).size).toBe(languages.length)
  })

  test.each(untold)('says nothing of %s', (_why, event) => {
    expect(noticeOf(event)).toBeNull()
  })

  test('has an event for every template, but for those that time alone sends', () => {
    const byEvent = new Set(told.map(([template]) => template))
    const missing = Object.keys(templates).filter((template) => !byEvent.has(template))
    expect(missing.sort()).toEqual(['plan-resumed', 'purchase-declined', 'reminder'])
  })

  test('says what would pass instead of a refused purchase, where something would', () => {
    const offered = sampleRecord('PurchaseDeclined', { counterOfferMinor: 80_00, counterFirstPaymentMinor: 40_00 })
    expect(noticeOf(offered)?.facts).toMatchObject({
      'offer.en': 'We could approve 80.00 EUR now.\nWe could approve all of it if you pay 40.00 EUR first.\n',
      'offer.de': expect.stringMatching(/^Bewilligen könnten wir jetzt 80.00 EUR.\n.* 40.00 EUR zahlen.\n$/),
    })
    expect(noticeOf(sampleRecord('PurchaseDeclined'))?.facts).toMatchObject({ 'offer.en': '', 'offer.de': '' })
    const reasons = [{ code: 'LIMIT_EXCEEDED', text: 'Above your limit.', texts: { de: 'Über Ihrem Rahmen.' } }]
    const event = sampleRecord('PurchaseDeclined', { ...offered, reasons, merchantName: 'Shop', amountMinor: 99_90 })
    const facts = noticeOf(event)?.facts ?? {}
    const notice = { cause: event.meta, template: 'purchase-declined', facts, planId: null, instalmentNo: null }
    const contact = { email: 'a@example.com', phone: null, language: 'de', country: 'DE', timeZone: 'UTC' }
    const [message] = messagesOf(notice, { consumerId: 'con_1', contact, choices: [], undeliverable: null })
    expect(message?.body).toBe(
      'Wir konnten Ihren Einkauf über 99.90 EUR bei Shop nicht bewilligen. Die wesentlichen Gründe:\n' +
        '- Über Ihrem Rahmen.\nBewilligen könnten wir jetzt 80.00 EUR.\nBewilligen könnten wir alles, wenn Sie ' +
        'zuerst 40.00 EUR zahlen.\nSie können verlangen, dass ein Mensch diese Entscheidung prüft.',
    )
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

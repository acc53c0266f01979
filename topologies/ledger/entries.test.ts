import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleRecord } from '#schemas/sample-record.ts'
import { isStreamsError } from '#streams'
import { entryOf, type LedgerInput } from './entries.ts'

const consumer = { consumerId: 'con_1' }
const merchant = { merchantId: 'mer_1' }
const receivable = 'assets:consumer-receivable:con_1'
const payable = 'liabilities:merchant-payable:mer_1'
const deposits = 'liabilities:consumer-deposits:con_1'
const consumerCredit = 'liabilities:consumer-credit:con_1'
const interestReceivable = 'assets:interest-receivable:con_1'
const feeReceivable = 'assets:fee-receivable:con_1'
const cash = 'assets:cash'

type Row = readonly [title: string, event: LedgerInput, kind: string, postings: Readonly<Record<string, number>>]

const rows: readonly Row[] = [
  [
    'a capture',
    sampleRecord('PurchaseCaptured', { ...consumer, ...merchant, amountMinor: 100_00 }),
    'CAPTURE',
    { [receivable]: 100_00, [payable]: -100_00 },
  ],
  [
    'a merchant fee',
    sampleRecord('SettlementLineAdded', { ...merchant, kind: 'FEE', amountMinor: -4_00 }),
    'MERCHANT_FEE',
    { [payable]: 4_00, 'income:merchant-fees': -4_00 },
  ],
  [
    'a deposit that a capture uses',
    sampleRecord('PlanScheduled', { ...consumer, amountMinor: 100_00, depositAppliedMinor: 25_00 }),
    'DEPOSIT_APPLIED',
    { [deposits]: 25_00, [receivable]: -25_00 },
  ],
  [
    'a payment at checkout',
    sampleRecord('InstalmentPaid', { ...consumer, amountMinor: 25_00, depositMinor: 25_00 }),
    'INSTALMENT_PAID',
    { [cash]: 25_00, [deposits]: -25_00 },
  ],
  [
    'an instalment',
    sampleRecord('InstalmentPaid', { ...consumer, amountMinor: 25_00, principalMinor: 25_00 }),
    'INSTALMENT_PAID',
    { [cash]: 25_00, [receivable]: -25_00 },
  ],
  [
    'a payment of principal, a late fee and too much',
    sampleRecord('InstalmentPaid', {
      ...consumer,
      amountMinor: 40_00,
      principalMinor: 25_00,
      feeMinor: 10_00,
      excessMinor: 5_00,
    }),
    'INSTALMENT_PAID',
    { [cash]: 40_00, [receivable]: -25_00, [feeReceivable]: -10_00, [consumerCredit]: -5_00 },
  ],
  [
    'interest that falls due',
    sampleRecord('InterestCharged', { ...consumer, amountMinor: 79 }),
    'INTEREST',
    { [interestReceivable]: 79, 'income:interest': -79 },
  ],
  [
    'an instalment of a monthly plan',
    sampleRecord('InstalmentPaid', { ...consumer, amountMinor: 17_13, principalMinor: 16_34, interestMinor: 79 }),
    'INSTALMENT_PAID',
    { [cash]: 17_13, [receivable]: -16_34, [interestReceivable]: -79 },
  ],
  [
    'a refund of all, with the interest that was owed and the interest that was paid',
    sampleRecord('RefundAllocated', {
      ...{ ...consumer, ...merchant, amountMinor: 100_00, reducedMinor: 83_66, returnedMinor: 17_13 },
      ...{ interestReducedMinor: 66, interestReversedMinor: 1_45 },
    }),
    'REFUND',
    {
      ...{ [payable]: 100_00, 'income:interest': 1_45 },
      ...{ [receivable]: -83_66, [interestReceivable]: -66, [consumerCredit]: -17_13 },
    },
  ],
  [
    'a charge-off with interest',
    sampleRecord('PlanChargedOff', { ...consumer, principalMinor: 65_00, interestMinor: 2_00, feeMinor: 10_00 }),
    'CHARGE_OFF',
    { 'expenses:bad-debt': 77_00, [receivable]: -65_00, [interestReceivable]: -2_00, [feeReceivable]: -10_00 },
  ],
  [
    'a charge-off with interest that is undone',
    sampleRecord('PlanChargeOffUndone', {
      ...{ ...consumer, principalMinor: 50_00, interestMinor: 2_00, recoveredMinor: 15_00, chargedOffMinor: 67_00 },
    }),
    'CHARGE_OFF_UNDONE',
    { [receivable]: 50_00, [interestReceivable]: 2_00, 'income:recoveries': 15_00, 'expenses:bad-debt': -67_00 },
  ],
  [
    'a payment of interest that is undone',
    sampleRecord('PlanReworked', {
      ...{ ...consumer, cause: 'PAYMENT_UNDONE', amountMinor: 17_13, principalMinor: 16_34, interestMinor: 79 },
    }),
    'REWORK',
    { [cash]: -17_13, [receivable]: 16_34, [interestReceivable]: 79 },
  ],
  [
    'a late fee',
    sampleRecord('LateFeeCharged', { ...consumer, amountMinor: 10_00 }),
    'LATE_FEE',
    { [feeReceivable]: 10_00, 'income:late-fees': -10_00 },
  ],
  [
    'a refund',
    sampleRecord('RefundAllocated', { ...consumer, ...merchant, amountMinor: 30_00, reducedMinor: 30_00 }),
    'REFUND',
    { [payable]: 30_00, [receivable]: -30_00 },
  ],
  [
    'a refund beyond what is owed',
    sampleRecord('RefundAllocated', {
      ...consumer,
      ...merchant,
      amountMinor: 30_00,
      reducedMinor: 20_00,
      returnedMinor: 10_00,
    }),
    'REFUND',
    { [payable]: 30_00, [receivable]: -20_00, [consumerCredit]: -10_00 },
  ],
  [
    'a deposit that goes back',
    sampleRecord('ReturnDue', { ...consumer, amountMinor: 25_00, cause: 'DEPOSIT' }),
    'DEPOSIT_RETURNED',
    { [deposits]: 25_00, [consumerCredit]: -25_00 },
  ],
  [
    'money back on the card',
    sampleRecord('PaymentReturned', { ...consumer, amountMinor: 25_00 }),
    'PAYMENT_RETURNED',
    { [consumerCredit]: 25_00, [cash]: -25_00 },
  ],
  [
    'a payout',
    sampleRecord('PayoutPaid', { ...merchant, amountMinor: 96_00 }),
    'PAYOUT',
    { [payable]: 96_00, [cash]: -96_00 },
  ],
]

const silent: readonly LedgerInput[] = [
  sampleRecord('PurchaseAuthorised', { amountMinor: 100_00 }),
  sampleRecord('PurchaseRefunded', { amountMinor: 30_00 }),
  sampleRecord('PlanScheduled', { amountMinor: 100_00, depositAppliedMinor: 0 }),
  sampleRecord('ReturnDue', { amountMinor: 10_00, cause: 'REFUND' }),
  sampleRecord('ReturnDue', { amountMinor: 10_00, cause: 'OVERPAYMENT' }),
  sampleRecord('SettlementLineAdded', { kind: 'SALE', amountMinor: 100_00 }),
  sampleRecord('SettlementLineAdded', { kind: 'RETURN', amountMinor: -30_00 }),
  sampleRecord('PaymentSucceeded', { amountMinor: 25_00 }),
]

const unbalanced: readonly LedgerInput[] = [
  sampleRecord('InstalmentPaid', { amountMinor: 25_00, principalMinor: 24_99 }),
  sampleRecord('RefundAllocated', { amountMinor: 30_00, reducedMinor: 20_00, returnedMinor: 9_99 }),
]

describe('entryOf', () => {
  test.each(rows)('posts %s', (_title, event, kind, postings) => {
    const entry = entryOf(event)
    expect(entry).toMatchObject({ type: 'LedgerEntryPosted', kind, currency: 'EUR' })
    expect(Object.fromEntries(entry?.postings.map((p) => [p.account, p.amountMinor]) ?? [])).toEqual(postings)
  })

  test.each(silent.map((event) => [event.type, event] as const))(
    'posts nothing for %s that moves no money',
    (_type, event) => {
      expect(entryOf(event)).toBeNull()
    },
  )

  test.each(unbalanced.map((event) => [event.type, event] as const))(
    'refuses a %s that does not balance',
    (_type, event) => {
      expect(() => entryOf(event)).toThrow(expect.toSatisfy((error) => isStreamsError(error, 'LEDGER_UNBALANCED')))
    },
  )

  test('gives the same event the same entry id', () => {
    const event = sampleRecord('PayoutPaid', { amountMinor: 1 })
    expect(entryOf(event)?.entryId).toBe(entryOf({ ...event })?.entryId)
  })

  test('every sequence of events balances, entry by entry and in all', () => {
    const amount = fc.integer({ min: 1, max: 1_000_000 })
    const parts = fc.tuple(amount, amount, amount, amount)
    const event: fc.Arbitrary<LedgerInput> = fc.oneof(
      amount.map((amountMinor) => sampleRecord('PurchaseCaptured', { amountMinor })),
      amount.map((amountMinor) => sampleRecord('SettlementLineAdded', { kind: 'FEE', amountMinor: -amountMinor })),
      amount.map((amountMinor) => sampleRecord('LateFeeCharged', { amountMinor })),
      amount.map((depositAppliedMinor) => sampleRecord('PlanScheduled', { depositAppliedMinor })),
      amount.map((amountMinor) => sampleRecord('ReturnDue', { amountMinor, cause: 'DEPOSIT' })),
      amount.map((amountMinor) => sampleRecord('PaymentReturned', { amountMinor })),
      amount.map((amountMinor) => sampleRecord('PayoutPaid', { amountMinor })),
      parts.map(([depositMinor, principalMinor, feeMinor, excessMinor]) => {
        const amountMinor = depositMinor + principalMinor + feeMinor + excessMinor
        return sampleRecord('InstalmentPaid', { amountMinor, depositMinor, principalMinor, feeMinor, excessMinor })
      }),
      parts.map(([reducedMinor, returnedMinor]) =>
        sampleRecord('RefundAllocated', { amountMinor: reducedMinor + returnedMinor, reducedMinor, returnedMinor }),
      ),
    )
    const property = fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const sums = events.map((each) => entryOf(each)?.postings.reduce((sum, p) => sum + p.amountMinor, 0))
      expect(sums.every((sum) => sum === 0)).toBe(true)
    })
    fc.assert(property)
  })
})

import { describe, expect, test } from 'vitest'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { captureFeeMinor, linesOf, settleOnOf } from './lines.ts'

describe('captureFeeMinor', () => {
  test.each([
    [100_00, 400, 0, 4_00],
    [100_00, 400, 30, 4_30],
    [33, 250, 0, 1], // 0.825 rounds up
    [10, 250, 0, 0], // 0.25 rounds down
    [20, 250, 0, 1], // 0.5 rounds half-up
    [100_00, 0, 0, 0],
  ])('of %i at %i bps + %i is %i', (capturedMinor, feeBps, feeFixedMinor, fee) => {
    expect(
      captureFeeMinor(capturedMinor, {
        feeBps,
        feeFixedMinor,
        settlementDays: 0,
        refundPolicy: null,
        authorisationDays: null,
        settlement: null,
        monthly: [],
      }),
    ).toBe(fee)
  })
})

describe('linesOf', () => {
  const terms = {
    feeBps: 400,
    feeFixedMinor: 30,
    settlementDays: 2,
    refundPolicy: null,
    authorisationDays: null,
    settlement: null,
    monthly: [],
  }

  test('gives a capture its sale and its fee', () => {
    const captured = sampleRecord('PurchaseCaptured', { amountMinor: 100_00, terms })
    expect(linesOf(captured)).toEqual([
      { kind: 'SALE', amountMinor: 100_00 },
      { kind: 'FEE', amountMinor: -4_30 },
    ])
  })

  test('writes no line for a fee of 0', () => {
    const captured = sampleRecord('PurchaseCaptured', {
      amountMinor: 100,
      terms: { ...terms, feeBps: 0, feeFixedMinor: 0 },
    })
    expect(linesOf(captured)).toEqual([{ kind: 'SALE', amountMinor: 100 }])
  })

  test('takes a refund back in full and keeps the fee', () => {
    const refunded = sampleRecord('PurchaseRefunded', { amountMinor: 30_00, terms })
    expect(linesOf(refunded)).toEqual([{ kind: 'RETURN', amountMinor: -30_00 }])
  })
})

describe('settleOnOf', () => {
  test.each([
    ['2026-01-30', 2, null, '2026-02-01'],
    ['2026-01-30', 0, null, '2026-01-30'],
    ['2026-01-30', 2, '2026-01-31', '2026-02-01'],
    ['2026-01-30', 2, '2026-02-01', '2026-02-02'],
    ['2026-01-30', 2, '2026-03-01', '2026-03-02'],
  ])('of %s T+%i with %s settled is %s', (businessDate, settlementDays, closedThrough, settleOn) => {
    const terms = {
      feeBps: 0,
      feeFixedMinor: 0,
      settlementDays,
      refundPolicy: null,
      authorisationDays: null,
      settlement: null,
      monthly: [],
    }
    const captured = sampleRecord('PurchaseCaptured', { meta: sampleMeta('evt_1', businessDate), terms })
    expect(settleOnOf(captured, closedThrough)).toBe(settleOn)
  })
})

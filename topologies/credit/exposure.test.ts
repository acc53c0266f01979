import { describe, expect, test } from 'vitest'
import type { PlanEvent } from '#schemas'
import { given } from '#streams/testing'
import { credit } from './credit.ts'
import * as sample from './credit-samples.ts'
import { cancelled, completed, lateFee, overdue, paid, released, request, scheduled } from './credit-samples.ts'
import { availableMinor, exposureMinor } from './exposure.ts'

const limit600 = given(credit, 'con_1').after(sample.registered(), sample.kyc('APPROVED'), sample.report(550))
const authorised400 = limit600.after(request(1, 40_000))

describe('what is available', () => {
  test.each([
    ['a limit of 2500, 2000 owed, an own cap of 800', 250_000, 80_000, 200_000, 0],
    ['a limit of 2500, 500 owed, an own cap of 800', 250_000, 80_000, 50_000, 30_000],
    ['a limit of 2500, 2000 owed', 250_000, null, 200_000, 50_000],
    ['an own cap above the limit', 60_000, 80_000, 0, 60_000],
    ['more owed than the limit', 60_000, null, 70_000, 0],
    ['no limit', 0, null, 0, 0],
  ])('of %s', (_what, limitMinor, ownCapMinor, exposure, expected) => {
    expect(availableMinor(limitMinor, ownCapMinor, exposure)).toBe(expected)
  })

  test('follows the own cap in a decision', () => {
    const { state } = limit600
    const capped = {
      ...credit,
      initial: () => ({ ...state, ownCapMinor: 5_000, exposure: { ...state.exposure, availableMinor: 5_000 } }),
    }
    given(capped, 'con_1')
      .when(request(1, 5_001))
      .gives({ type: 'PurchaseDeclined', availableMinor: 5_000, reasons: [{ code: 'LIMIT_EXCEEDED' }] })
  })
})

describe('the exposure of a purchase of 400 (DOMAIN §3)', () => {
  test.each<[string, readonly PlanEvent[], { hold: number; outstanding: number; fees: number }]>([
    ['is a hold of 400 when it is authorised', [], { hold: 40_000, outstanding: 0, fees: 0 }],
    [
      'falls to 300 when the first 100 are paid',
      [paid(1, { holdMinor: 30_000 }, 'PAID')],
      { hold: 30_000, outstanding: 0, fees: 0 },
    ],
    [
      'moves from hold to outstanding when it is captured, and keeps its sum',
      [paid(1, { holdMinor: 30_000 }, 'PAID'), scheduled(1, { outstandingMinor: 30_000 }, 'PAID', 'SCHEDULED')],
      { hold: 0, outstanding: 30_000, fees: 0 },
    ],
    ['falls with a release', [released(1, { holdMinor: 10_000 })], { hold: 10_000, outstanding: 0, fees: 0 }],
    [
      'rises with a late fee',
      [lateFee(1, { outstandingMinor: 30_000, feesMinor: 1_000 }, 'PAID')],
      { hold: 0, outstanding: 30_000, fees: 1_000 },
    ],
    [
      'rises again when a payment is undone',
      [paid(1, { outstandingMinor: 10_000 }, 'PAID'), paid(1, { outstandingMinor: 20_000 }, 'DUE')],
      { hold: 0, outstanding: 20_000, fees: 0 },
    ],
    ['is gone when its plan is complete', [completed(1)], { hold: 0, outstanding: 0, fees: 0 }],
    ['is gone when its plan is cancelled', [cancelled(1)], { hold: 0, outstanding: 0, fees: 0 }],
  ])('%s', (_what, events, expected) => {
    const after = authorised400.after(...events)
    const { exposure, purchases } = after.state
    const sum = expected.hold + expected.outstanding + expected.fees
    expect(exposure).toMatchObject({
      holdMinor: expected.hold,
      outstandingMinor: expected.outstanding,
      feesMinor: expected.fees,
      availableMinor: 60_000 - sum,
    })
    expect(exposureMinor(purchases)).toBe(sum)
    expect(purchases).toHaveLength(sum === 0 ? 0 : 1)
  })
})

describe('a change of exposure', () => {
  test('is told once, and only where something changed', () => {
    authorised400
      .when(paid(1, { holdMinor: 30_000 }, 'PAID'))
      .gives(
        { type: 'InstalmentPaid' },
        { type: 'ExposureChanged', limitMinor: 60_000, holdMinor: 30_000, availableMinor: 30_000 },
      )
    const unmoved = authorised400.when(released(1, { holdMinor: 40_000 })).gives({ type: 'PlanReleased' })
    expect(unmoved.state).toBe(authorised400.state)
    authorised400.after(completed(1)).when(completed(1)).gives({ type: 'PlanCompleted' })
  })

  test('of a plan that was closed brings it back', () => {
    authorised400
      .after(completed(1))
      .when(paid(1, { outstandingMinor: 10_000 }, 'DUE'))
      .leaves({ purchases: [{ purchaseId: 'pur_1', outstandingMinor: 10_000 }] })
  })

  test('of one purchase leaves the others', () => {
    const two = authorised400.after(request(2, 10_000)).when(completed(1))
    two.gives({ type: 'PlanCompleted' }, { type: 'ExposureChanged', holdMinor: 10_000, availableMinor: 50_000 })
    two.leaves({ purchases: [{ purchaseId: 'pur_2', holdMinor: 10_000 }] })
  })
})

describe('an overdue payment', () => {
  const late = authorised400.after(overdue(1, 2, { outstandingMinor: 30_000 }))

  test('stops new purchases at once', () => {
    authorised400
      .when(overdue(1, 2, { outstandingMinor: 30_000 }))
      .gives({ type: 'InstalmentOverdue' }, { type: 'ExposureChanged', blocked: true })
      .leaves({ purchases: [{ overdue: [2] }] })
    late
      .when(request(2, 100))
      .gives({ type: 'PurchaseDeclined', reasons: [{ code: 'PAYMENT_OVERDUE' }], counterOfferMinor: null })
    late
      .when(request(2, 50_000))
      .gives({ type: 'PurchaseDeclined', reasons: [{ code: 'PAYMENT_OVERDUE' }, { code: 'LIMIT_EXCEEDED' }] })
  })

  test.each([
    ['it is paid', late.after(paid(1, { outstandingMinor: 20_000 }, 'PAID', 'PAID', 'SCHEDULED')), false],
    ['the plan is complete', late.after(completed(1)), false],
    [
      'only the fee for it is charged',
      late.after(lateFee(1, { outstandingMinor: 30_000, feesMinor: 1_000 }, 'PAID', 'OVERDUE')),
      true,
    ],
    ['another instalment is paid', late.after(paid(1, { outstandingMinor: 20_000 }, 'PAID', 'OVERDUE', 'PAID')), true],
    ['the same is told twice', late.after(overdue(1, 2, { outstandingMinor: 30_000 })), true],
    [
      'another plan is late too, and the first is paid',
      late.after(overdue(2, 1, { outstandingMinor: 100 }), paid(1, { outstandingMinor: 100 }, 'PAID', 'PAID')),
      true,
    ],
  ])('blocks until nothing is overdue: %s', (_what, state, blocked) => {
    expect(state.state.exposure.blocked).toBe(blocked)
    const [answer] = state.when(request(9, 100)).events
    expect(answer?.type).toBe(blocked ? 'PurchaseDeclined' : 'PurchaseApproved')
  })
})

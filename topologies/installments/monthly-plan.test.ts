/** Monthly plans: 100.00 in 6 at 9.4822 % (30/360) is 17.13 x 6, of it 0.79, 0.66, 0.53, 0.40, 0.27, 0.13. */
import { describe, expect, test } from 'vitest'
import { sumMinor } from '#domain/money.ts'
import { given } from '#streams/testing'
import { owedMinor } from './balance.ts'
import { defaultPolicy, planDecider } from './plan.ts'
import {
  approved,
  approvedMonthly,
  captured,
  day,
  fraud,
  hardship,
  moveDate,
  PLAN_ID,
  paid,
  pause,
  refunded,
  released,
  tick,
  undoChargeOff,
  undoHardship,
} from './plan-samples.ts'

const unknown = given(planDecider(), PLAN_ID)
const authorised = unknown.after(approvedMonthly(100_00))
/** Captured on 1 January: due on 1 February (day 31), 1 March (59), 1 April (90), 1 May (120) ... */
const running = authorised.after(captured('cap_1', 100_00))
const late = running.after(tick(31), tick(33))

type State = typeof running.state
const interest = ({ instalments }: State) => instalments.map((row) => row.interest?.amountMinor ?? 0)
const charges = ({ instalments }: State) => sumMinor(instalments.map((row) => row.interest?.chargedMinor ?? 0))
const principal = ({ instalments }: State) => instalments.map((row) => row.amountMinor)
const owed = ({ instalments }: State) => instalments.map(owedMinor)

test('is authorised at once, and says what it costs', () => {
  unknown.when(approvedMonthly(100_00)).gives(
    { type: 'PlanOpened' },
    {
      type: 'PlanProposed',
      monthly: { instalments: 6, interest: 'DECLINING', ratePpm: 94_822 },
      cost: { interestMinor: 2_78, totalMinor: 102_78, rateMethod: 'EFFECTIVE' },
      balance: { holdMinor: 100_00, outstandingMinor: 0, interestMinor: 0 },
    },
    { type: 'PlanAuthorised', amountMinor: 100_00 },
  )
})

test('owes principal from the capture on, and interest as its days come', () => {
  authorised.when(captured('cap_1', 100_00)).gives({
    ...{ type: 'PlanScheduled', amountMinor: 100_00 },
    balance: { holdMinor: 0, outstandingMinor: 100_00, interestMinor: 0 },
  })
  running.when(tick(31)).gives(
    {
      type: 'InterestCharged',
      amountMinor: 79,
      cause: 'DUE',
      balance: { interestMinor: 79, outstandingMinor: 100_00 },
    },
    { type: 'InstalmentDue', instalmentNo: 1, amountMinor: 17_13, dueDate: day(31) },
  )
  running
    .after(tick(31))
    .when(paid('pay_1', 17_13, 31))
    .gives({
      ...{ type: 'InstalmentPaid', principalMinor: 16_34, interestMinor: 79, feeMinor: 0, excessMinor: 0 },
      ...{ shares: [{ instalmentNo: 1, principalMinor: 16_34, interestMinor: 79 }] },
      balance: { interestMinor: 0, outstandingMinor: 83_66 },
    })
})

test('paid on its days, it comes to its end and has cost what was told', () => {
  const days = [31, 59, 90, 120, 151, 181]
  const done = days.reduce((plan, on, index) => plan.after(tick(on), paid(`pay_${on}`, 17_13, on, index + 1)), running)
  expect(done.state.status).toBe('COMPLETED')
  expect(charges(done.state)).toBe(2_78)
})

describe('captures', () => {
  test('each has its own schedule; principal is what was captured, whatever is released', () => {
    const plan = authorised.after(captured('cap_1', 60_00), released('rel_1', 10_00, 3), captured('cap_2', 30_00, 5))
    expect(plan.state.instalments).toHaveLength(12)
    expect(sumMinor(principal(plan.state).slice(0, 6))).toBe(60_00)
    expect(sumMinor(principal(plan.state).slice(6))).toBe(30_00)
    expect(plan.state.instalments.map(({ dueDate }) => dueDate).slice(5, 7)).toEqual(['2026-07-01', '2026-02-06'])
    expect(plan.state.instalments.map((row) => row.interest?.series)).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2])
  })

  test('what was paid before the capture lowers the interest from the first day', () => {
    const ahead = authorised.after(paid('pay_1', 50_00), captured('cap_1', 100_00, 2))
    expect(sumMinor(owed(ahead.state)) - sumMinor(interest(ahead.state))).toBe(50_00)
    expect(interest(ahead.state)[0]).toBe(40)
    expect(sumMinor(interest(ahead.state))).toBeLessThan(2_78)
  })
})

describe('what is paid ahead', () => {
  test('pays the instalment of the period under way as told, and saves nothing of it', () => {
    running
      .when(paid('pay_1', 17_13, 26))
      .gives(
        { type: 'InterestCharged', amountMinor: 79, cause: 'PAID_EARLY' },
        { type: 'InstalmentPaid', principalMinor: 16_34, interestMinor: 79 },
      )
    const plan = running.after(paid('pay_1', 17_13, 26))
    expect(plan.state.instalments[0]?.status).toBe('PAID')
    plan.when(tick(31)).givesNothing()
  })

  test('saves the interest of the periods that have not begun, by what is left on the balance', () => {
    const plan = running.after(tick(31), paid('pay_1', 17_13 + 50_00, 31))
    // 83.66 - 50.00 is left: 33.66, on which the next period costs 0.27 instead of 0.66.
    expect(interest(plan.state)).toEqual([79, 27, 27, 27, 27, 13])
    const last = given(planDecider({ ...defaultPolicy, prepayment: 'LAST' }), PLAN_ID)
      .after(approvedMonthly(100_00), captured('cap_1', 100_00))
      .after(tick(31), paid('pay_1', 17_13 + 50_00, 31))
    expect(interest(last.state)).toEqual([79, 27, 14, 0, 0, 0])
  })

  test('flat interest is on the amount bought: paying ahead saves none of it', () => {
    const flat = unknown.after(approvedMonthly(1200_00, { instalments: 12, interest: 'FLAT', ratePpm: 100_000 }))
    const plan = flat.after(captured('cap_1', 1200_00), tick(31), paid('pay_1', 610_00, 31))
    expect(interest(plan.state)).toEqual(new Array(12).fill(10_00))
    expect(sumMinor(owed(plan.state))).toBe(1320_00 - 610_00)
  })

  test('who pays all back owes interest to that day, flat or not', () => {
    // 15 of the 31 days of January: 0.79 x 15 / 31 = 0.38.
    running
      .when(paid('pay_1', 100_38, 15))
      .gives(
        { type: 'InterestCharged', amountMinor: 38, cause: 'PAID_OFF' },
        { type: 'InstalmentPaid', principalMinor: 100_00, interestMinor: 38, excessMinor: 0 },
        { type: 'PlanCompleted' },
      )
    const flat = unknown.after(approvedMonthly(1200_00, { instalments: 12, interest: 'FLAT', ratePpm: 100_000 }))
    flat
      .after(captured('cap_1', 1200_00))
      .when(paid('pay_1', 1220_00, 31, 1))
      .gives(
        { type: 'InterestCharged', amountMinor: 10_00, cause: 'PAID_OFF' },
        { type: 'InstalmentPaid', principalMinor: 1200_00, interestMinor: 10_00, excessMinor: 10_00 },
        { type: 'ReturnDue', amountMinor: 10_00, cause: 'OVERPAYMENT' },
        { type: 'PlanCompleted' },
      )
  })

  test('interest that was paid ahead for days that will not come pays principal', () => {
    const ahead = running.after(paid('pay_1', 17_13, 10))
    ahead
      .when(paid('pay_2', 83_25, 15))
      .gives(
        { type: 'InterestCharged', amountMinor: -41, cause: 'PAID_OFF' },
        { type: 'InstalmentPaid', principalMinor: 83_66, interestMinor: -41, excessMinor: 0 },
        { type: 'PlanCompleted', balance: { paidMinor: 100_38, interestMinor: 0 } },
      )
  })
})

describe('refunds', () => {
  test.each([
    ['LAST_FIRST', [16_34, 16_47, 16_60, 16_73, 3_86, 0], [79, 42, 29, 16, 3, 0]],
    ['NEXT_FIRST', [0, 2_81, 16_60, 16_73, 16_86, 17_00], [79, 55, 53, 40, 27, 13]],
    ['SPREAD', [11_34, 11_47, 11_60, 11_73, 11_86, 12_00], [79, 46, 37, 28, 19, 9]],
    // 12.03 a month: the payments are equal again, not their principal.
    ['RE_AMORTISE', [11_24, 11_57, 11_66, 11_75, 11_84, 11_94], [79, 46, 37, 28, 19, 9]],
  ] as const)('%s takes 30 off the principal, and interest follows from the next period on', (policy, parts, costs) => {
    const plan = given(planDecider({ ...defaultPolicy, refundPolicy: policy }), PLAN_ID)
      .after(approvedMonthly(100_00), captured('cap_1', 100_00))
      .after(refunded('ref_1', 30_00, 10))
    expect(principal(plan.state)).toEqual(parts)
    expect(interest(plan.state)).toEqual(costs)
  })

  test('of all that was captured reverses all interest: what is owed of it, and what was paid goes back', () => {
    const plan = running.after(tick(31), paid('pay_1', 17_13, 31), tick(59))
    plan.when(refunded('ref_1', 100_00, 60)).gives(
      {
        ...{ type: 'RefundAllocated', reducedMinor: 83_66, returnedMinor: 16_34 + 79 },
        ...{ interestReducedMinor: 66, interestReversedMinor: 79 + 66 },
        balance: { outstandingMinor: 0, interestMinor: 0 },
      },
      { type: 'ReturnDue', amountMinor: 17_13, cause: 'REFUND' },
      { type: 'PlanCompleted', balance: { paidMinor: 0 } },
    )
  })

  test('that leaves no principal ends interest on its day', () => {
    const plan = running.after(tick(31), paid('pay_1', 17_13, 31), refunded('ref_1', 83_66, 45))
    // 14 of the 28 days of February: half of 0.66. What was paid in January stays paid.
    expect(owed(plan.state)).toEqual([0, 33, 0, 0, 0, 0])
    plan.when(tick(59)).gives({ type: 'InterestCharged', amountMinor: 33 }, { type: 'InstalmentDue', amountMinor: 33 })
  })
})

describe('what is late', () => {
  test('pays fees, interest, principal, in this order', () => {
    late
      .when(paid('pay_1', 15_00, 34))
      .gives({ type: 'InstalmentPaid', feeMinor: 10_00, interestMinor: 79, principalMinor: 4_21, late: true })
  })

  test('costs late fees and no interest: the next period costs what was told', () => {
    late
      .when(tick(59))
      .gives(
        { type: 'InterestCharged', amountMinor: 66 },
        { type: 'InstalmentDue', instalmentNo: 2, amountMinor: 17_13 },
        { type: 'InstalmentDelinquent' },
        { type: 'LateFeeCharged' },
      )
  })

  test('a pause moves the asking and costs no interest', () => {
    const paused = running.after(pause('PROBLEM', 20), tick(31))
    expect(charges(paused.state)).toBe(0)
    paused.when(tick(41)).gives({ type: 'InterestCharged', amountMinor: 79 }, { type: 'InstalmentDue' })
  })

  test('another date moves the payment, not the interest', () => {
    const moved = running.after(tick(31), paid('pay_1', 17_13, 31), moveDate(2, 70, 40))
    expect(moved.state.instalments[1]?.dueDate).toBe(day(70))
    moved.when(tick(59)).givesNothing()
    moved.when(tick(70)).gives({ type: 'InterestCharged', amountMinor: 66 }, { type: 'InstalmentDue' })
  })

  test('a re-age takes principal, fees and interest along, bears no interest of its own, and can be undone', () => {
    const today = late.after(tick(40))
    const aged = today.after(hardship('har_1', 2, 65, 40))
    expect(aged.state.instalments[0]).toMatchObject({ amountMinor: 0, status: 'PAID', interest: { chargedMinor: 0 } })
    expect(aged.state.instalments.slice(6)).toMatchObject([
      { no: 7, amountMinor: 8_17, feesMinor: 17_00, interest: { amountMinor: 79, chargedMinor: 79 } },
      { no: 8, amountMinor: 8_17, feesMinor: 0, interest: null },
    ])
    expect(interest(aged.state).slice(1, 6)).toEqual([66, 53, 40, 27, 13])
    expect(sumMinor(owed(aged.state))).toBe(sumMinor(owed(today.state)))
    const undone = aged.after(undoHardship('har_1', 41))
    expect(undone.state.instalments.slice(0, 6)).toEqual(today.state.instalments)
    expect(charges(undone.state)).toBe(79)
  })
})

describe('a debt that is given up', () => {
  const bad = late.after(fraud(34), tick(124))

  test('takes the interest that was charged along, and no more of it comes', () => {
    late
      .after(fraud(34), tick(59), tick(90), tick(120), tick(123))
      .when(tick(124))
      .gives(
        { type: 'InstalmentDelinquent' },
        {
          ...{ type: 'PlanChargedOff', principalMinor: 100_00, interestMinor: 79 + 66 + 53 + 40 },
          balance: { outstandingMinor: 0, interestMinor: 0, feesMinor: 0 },
        },
      )
    expect(bad.state.status).toBe('CHARGED_OFF')
    expect(interest(bad.state).slice(4)).toEqual([0, 0])
    expect(bad.state.chargedOffMinor).toBe(sumMinor(owed(bad.state)))
  })

  test('is recovered with its interest, and undoing it lets interest run from the next period on', () => {
    const all = sumMinor(owed(bad.state))
    bad
      .when(paid('pay_1', all, 130))
      .gives({ type: 'InstalmentPaid', recoveryMinor: all, interestMinor: 0 }, { type: 'PlanCompleted' })
    const open = bad.after(undoChargeOff(130))
    // The fifth period began on day 120, while nothing was owed; the sixth begins on day 151.
    expect(interest(open.state).slice(4)).toEqual([0, 13])
    expect(open.state.status).toBe('AUTHORISED')
  })
})

describe('amounts that cannot be counted', () => {
  const HUGE = Number.MAX_SAFE_INTEGER

  test.each([
    ['a purchase in monthly instalments', approvedMonthly(HUGE)],
    ['a purchase in 4', approved(HUGE - 1)],
    [
      'one whose interest would pass them',
      approvedMonthly(Math.floor(HUGE / 9), { instalments: 36, ratePpm: 360_000 }),
    ],
  ])('%s is refused with its reason, and nothing is owed', (_what, purchase) => {
    const refused = unknown.when(purchase)
    refused.gives(
      { type: 'PlanOpened' },
      { type: 'PlanCancelled', cause: 'AMOUNT_OVERFLOW', balance: { holdMinor: 0, outstandingMinor: 0 } },
    )
    expect(refused.state).toMatchObject({ status: 'CANCELLED', instalments: [], payments: [] })
  })

  test('the largest that can be counted is scheduled to the cent', () => {
    const most = Math.floor(HUGE / 16)
    const plan = unknown.after(approvedMonthly(most, { instalments: 36, ratePpm: 300_000 }), captured('cap_1', most))
    expect(sumMinor(principal(plan.state))).toBe(most)
  })

  test.each([
    ['a payment', () => running.after(paid('pay_1', HUGE, 1)).when(paid('pay_2', HUGE, 2)), /MONEY_OVERFLOW/],
    ['a capture', () => running.when(captured('cap_2', HUGE, 2)), /moves .* of at most 0.00 AUD/],
    ['a refund', () => running.when(refunded('ref_1', HUGE, 2)), /moves .* of at most 100.00 AUD/],
  ])('%s of such an amount is parked with its reason and changes nothing', (_what, given, reason) => {
    const before = structuredClone(running.state)
    expect(given).toThrow(reason)
    expect(running.state).toEqual(before)
  })
})

import { expect, test } from 'vitest'
import { isStreamsError } from '#streams'
import { given } from '#streams/testing'
import { defaultPolicy, planDecider } from './plan.ts'
import { approved, captured, day, failed, PLAN_ID, paid, refunded, released, row, tick } from './plan-samples.ts'

const withCode = (code: string) => expect.toSatisfy((error) => isStreamsError(error, code))
const unknown = given(planDecider(), PLAN_ID)
const proposed = unknown.after(approved(100_00))
const authorised = proposed.after(paid('pay_1', 25_00))
const running = authorised.after(captured('cap_1', 100_00))
/** The second instalment was asked for on its day, and not paid. */
const late = running.after(tick(14), tick(16))

test('proposes pay in 4 and asks for its first quarter at checkout', () => {
  unknown.when(approved(100_00)).gives(
    { type: 'PlanOpened' },
    {
      type: 'PlanProposed',
      planId: PLAN_ID,
      instalments: [row(1, 25_00), row(2, 25_00), row(3, 25_00), row(4, 25_00)],
      balance: { authorisedMinor: 100_00, holdMinor: 100_00, outstandingMinor: 0, depositMinor: 0 },
    },
    { type: 'InstalmentDue', instalmentNo: 1, amountMinor: 25_00, atCheckout: true, dueDate: day(0) },
  )
})

test('authorises pay in 30 at once', () => {
  const balance = { holdMinor: 40_00, outstandingMinor: 0 }
  unknown
    .when(approved(40_00, 'PAY_IN_30'))
    .gives({ type: 'PlanOpened' }, { type: 'PlanProposed' }, { type: 'PlanAuthorised', amountMinor: 40_00, balance })
})

test('needs no first payment where a quarter is less than a minor unit', () => {
  unknown.when(approved(1)).gives({ type: 'PlanOpened' }, { type: 'PlanProposed' }, { type: 'PlanAuthorised' })
})

test('proposes once', () => {
  proposed.when(approved(100_00)).givesNothing()
})

test('authorises pay in 4 once the first payment is in, and keeps that as deposit', () => {
  proposed.when(paid('pay_1', 25_00)).gives(
    {
      type: 'InstalmentPaid',
      paymentId: 'pay_1',
      amountMinor: 25_00,
      depositMinor: 25_00,
      principalMinor: 0,
      feeMinor: 0,
      excessMinor: 0,
      instalments: [],
      balance: { depositMinor: 25_00, holdMinor: 75_00, outstandingMinor: 0, paidMinor: 25_00 },
    },
    { type: 'PlanAuthorised', amountMinor: 100_00 },
  )
})

test('cancels where the first payment fails, and holds nothing', () => {
  proposed.when(failed('pay_1')).gives({
    type: 'PlanCancelled',
    cause: 'FIRST_PAYMENT_FAILED',
    declineCode: 'card_declined',
    balance: { holdMinor: 0, outstandingMinor: 0 },
  })
})

test('a payment that fails later changes nothing: the days decide', () => {
  running.when(failed('pay_2', 14, false)).givesNothing()
})

test('sends back what comes in for a cancelled plan', () => {
  proposed
    .after(failed('pay_1'))
    .when(paid('pay_x', 25_00))
    .gives(
      { type: 'InstalmentPaid', excessMinor: 25_00, depositMinor: 0, balance: { paidMinor: 25_00 } },
      { type: 'ReturnDue', paymentId: 'pay_x', amountMinor: 25_00, cause: 'OVERPAYMENT', balance: { paidMinor: 0 } },
    )
})

test('takes a payment in once', () => {
  running.when(paid('pay_1', 25_00)).givesNothing()
})

test('works a capture, a release and a refund in once', () => {
  running.when(captured('cap_1', 100_00)).givesNothing()
  const part = authorised.after(captured('cap_1', 60_00), released('rel_1', 40_00), refunded('ref_1', 10_00))
  part.when(released('rel_1', 40_00)).givesNothing()
  part.when(refunded('ref_1', 10_00)).givesNothing()
})

test('a release before any capture returns the deposit and ends the plan', () => {
  authorised.when(released('rel_1', 100_00, 1)).gives(
    {
      type: 'PlanReleased',
      amountMinor: 100_00,
      balance: { releasedMinor: 100_00, holdMinor: 0, depositMinor: 25_00 },
    },
    { type: 'ReturnDue', paymentId: 'pay_1', amountMinor: 25_00, cause: 'DEPOSIT', balance: { depositMinor: 0 } },
    { type: 'PlanCancelled', cause: 'RELEASED', declineCode: null, balance: { paidMinor: 0, holdMinor: 0 } },
  )
})

test('a release of the rest lowers the hold: 15 x 4, the last one 5', () => {
  const plan = authorised.after(captured('cap_1', 60_00))
  const decided = plan.when(released('rel_1', 40_00))
  decided.gives({ type: 'PlanReleased', balance: { holdMinor: 0, outstandingMinor: 35_00 } })
  expect(decided.state.instalments.map((it) => it.amountMinor - it.paidMinor)).toEqual([0, 15_00, 15_00, 5_00])
})

test('a release that leaves less open than the deposit returns the surplus', () => {
  authorised
    .when(released('rel_1', 90_00))
    .gives(
      { type: 'PlanReleased' },
      { type: 'ReturnDue', cause: 'DEPOSIT', amountMinor: 15_00, balance: { depositMinor: 10_00 } },
    )
})

test('asks for an instalment once, on its day', () => {
  expect(running.dueAt).toBe(Date.parse(`${day(14)}T00:00:00Z`))
  running.when(tick(13)).givesNothing()
  const fields = { instalmentNo: 2, dueDate: day(14), amountMinor: 25_00, atCheckout: false }
  running.when(tick(14)).gives({ type: 'InstalmentDue', ...fields })
  running.after(tick(14)).when(tick(15)).gives({ type: 'InstalmentDelinquent', instalmentNo: 2, range: '1-3' })
  running.after(tick(14), tick(15)).when(tick(15, 1)).givesNothing()
})

test('asks for what a day that never ticked has left behind, and gives it the days of grace', () => {
  const jumped = running.after(tick(40))
  expect(jumped.state.instalments.map((it) => it.status)).toEqual(['PAID', 'DUE', 'DUE', 'SCHEDULED'])
  const delinquent = { type: 'InstalmentDelinquent', range: '1-3' } as const
  jumped.when(tick(41)).gives({ ...delinquent, instalmentNo: 2 }, { ...delinquent, instalmentNo: 3 })
})

test('an instalment unpaid two days after its day is overdue and costs the first fee', () => {
  running
    .after(tick(14))
    .when(tick(16))
    .gives(
      { type: 'InstalmentOverdue', instalmentNo: 2, overdueMinor: 25_00, daysLate: 2, dueDate: day(14) },
      { type: 'InstalmentDelinquent', instalmentNo: 2, overdueMinor: 25_00, daysLate: 2, range: '1-3' },
      {
        type: 'LateFeeCharged',
        instalmentNo: 2,
        amountMinor: 10_00,
        rule: 'FIRST',
        scheme: 'AFTERPAY_AU',
        balance: { feesMinor: 10_00, outstandingMinor: 75_00 },
      },
    )
})

test('an order of 100 that is never paid again costs 10, 7, 8, and then nothing', () => {
  const days = Array.from({ length: 80 }, (_, index) => tick(index + 1))
  const events = days.reduce<{ plan: typeof running; fees: [number, number][] }>(
    ({ plan, fees }, at, index) => ({
      plan: plan.after(at),
      fees: [
        ...fees,
        ...plan
          .when(at)
          .events.flatMap((it): [number, number][] =>
            it.type === 'LateFeeCharged' ? [[index + 1, it.amountMinor]] : [],
          ),
      ],
    }),
    { plan: running, fees: [] },
  )
  expect(events.fees).toEqual([
    [16, 10_00],
    [23, 7_00],
    [30, 8_00],
  ])
  expect(events.plan.state.instalments.map((it) => it.delinquency)).toEqual([null, '61-90', '31-60', '31-60'])
  expect(events.plan.state.instalments.map((it) => it.status)).toEqual(['PAID', 'OVERDUE', 'OVERDUE', 'OVERDUE'])
})

test('a late payment pays the fee before the principal', () => {
  late.when(paid('pay_2', 30_00, 17, 2)).gives({
    type: 'InstalmentPaid',
    feeMinor: 10_00,
    principalMinor: 20_00,
    late: true,
    balance: { feesMinor: 0, outstandingMinor: 55_00 },
  })
  late
    .after(paid('pay_2', 30_00, 17, 2))
    .when(paid('pay_3', 5_00, 17, 2))
    .leaves({
      instalments: [{ status: 'PAID' }, { status: 'PAID', feesPaidMinor: 10_00 }, {}, {}],
    })
})

test('150 on a due of 100 pays 50 of the next', () => {
  const plan = unknown.after(approved(400_00), paid('pay_1', 100_00), captured('cap_1', 400_00), tick(14))
  const { state } = plan.when(paid('pay_2', 150_00, 14, 2))
  expect(state.instalments.map((it) => it.paidMinor)).toEqual([100_00, 100_00, 50_00, 0])
})

test('a payment of more than all that is owed sends the rest back and completes the plan', () => {
  running
    .when(paid('pay_2', 80_00, 3, 2))
    .gives(
      { type: 'InstalmentPaid', amountMinor: 80_00, principalMinor: 75_00, excessMinor: 5_00 },
      { type: 'ReturnDue', paymentId: 'pay_2', amountMinor: 5_00, cause: 'OVERPAYMENT' },
      { type: 'PlanCompleted', balance: { outstandingMinor: 0, paidMinor: 100_00 } },
    )
})

test('a full refund of 500 with 125 paid closes the plan with 375, and 125 go back', () => {
  const plan = unknown.after(approved(500_00), paid('pay_1', 125_00), captured('cap_1', 500_00))
  plan.when(refunded('ref_1', 500_00, 7)).gives(
    {
      type: 'RefundAllocated',
      amountMinor: 500_00,
      reducedMinor: 375_00,
      returnedMinor: 125_00,
      policy: 'LAST_FIRST',
      balance: { refundedMinor: 500_00, outstandingMinor: 0, paidMinor: 125_00 },
    },
    { type: 'ReturnDue', paymentId: 'pay_1', amountMinor: 125_00, cause: 'REFUND', balance: { paidMinor: 0 } },
    { type: 'PlanCompleted' },
  )
})

test('a refund on a completed plan all goes back, to the last payment first', () => {
  const done = running.after(paid('pay_2', 25_00, 14, 2), paid('pay_3', 50_00, 15, 3))
  expect(done.state.status).toBe('COMPLETED')
  done.when(refunded('ref_1', 60_00, 20)).gives(
    {
      type: 'RefundAllocated',
      reducedMinor: 0,
      returnedMinor: 60_00,
      balance: { outstandingMinor: 0, paidMinor: 100_00 },
    },
    { type: 'ReturnDue', paymentId: 'pay_3', amountMinor: 50_00, cause: 'REFUND' },
    { type: 'ReturnDue', paymentId: 'pay_2', amountMinor: 10_00, cause: 'REFUND', balance: { paidMinor: 40_00 } },
  )
})

test('a refund before the rest is captured leaves the plan open', () => {
  const plan = authorised.after(captured('cap_1', 60_00))
  const refund = plan.when(refunded('ref_1', 60_00, 1))
  refund.gives(
    { type: 'RefundAllocated', reducedMinor: 35_00, returnedMinor: 25_00 },
    { type: 'ReturnDue', amountMinor: 25_00, balance: { holdMinor: 40_00, outstandingMinor: 0 } },
  )
  plan
    .after(refunded('ref_1', 60_00, 1))
    .when(released('rel_1', 40_00, 2))
    .gives({ type: 'PlanReleased' }, { type: 'PlanCompleted' })
})

test('a charge in flight while the plan is refunded comes back as overpayment', () => {
  const plan = running.after(tick(14), refunded('ref_1', 100_00, 14))
  plan
    .when(paid('pay_2', 25_00, 14, 2))
    .gives(
      { type: 'InstalmentPaid', excessMinor: 25_00, principalMinor: 0 },
      { type: 'ReturnDue', paymentId: 'pay_2', amountMinor: 25_00, cause: 'OVERPAYMENT' },
    )
})

test('money for a plan nobody knows is refused loudly, a failed payment is not', () => {
  expect(() => unknown.when(paid('pay_1', 25_00))).toThrow(withCode('PLAN_UNKNOWN'))
  expect(() => unknown.when(captured('cap_1', 25_00))).toThrow(withCode('PLAN_UNKNOWN'))
  unknown.when(failed('pay_1')).givesNothing()
})

test('a movement beyond what there is is refused loudly', () => {
  expect(() => running.when(captured('cap_2', 1))).toThrow(/capture cap_2 moves 0.01 of at most 0.00 AUD/)
  expect(() => running.when(released('rel_1', 1))).toThrow(withCode('PLAN_OUT_OF_STEP'))
  expect(() => running.when(refunded('ref_1', 100_01))).toThrow(withCode('PLAN_OUT_OF_STEP'))
})

test('a later capture that makes a paid instalment owe again asks for it again', () => {
  const plan = authorised.after(captured('cap_1', 60_00), tick(14), paid('pay_2', 15_00, 14, 2))
  const decided = plan.when(captured('cap_2', 40_00, 15))
  decided.gives(
    { type: 'PlanScheduled' },
    { type: 'InstalmentDue', instalmentNo: 2, amountMinor: 10_00, dueDate: day(15) },
  )
  const again = plan.after(captured('cap_2', 40_00, 15))
  again.when(tick(16)).gives({ type: 'InstalmentDelinquent', instalmentNo: 2, daysLate: 1, range: '1-3' })
  again
    .after(tick(16))
    .when(tick(17))
    .gives({ type: 'InstalmentOverdue', instalmentNo: 2 }, { type: 'LateFeeCharged', rule: 'FIRST' })
})

test('an instalment that owes a fee only is not overdue, and costs no other fee', () => {
  const clearpay = given(planDecider({ ...defaultPolicy, lateFeeScheme: 'CLEARPAY_UK' }), PLAN_ID)
  const plan = clearpay.after(approved(100_00), paid('pay_1', 25_00), captured('cap_1', 100_00), tick(14), tick(15, 23))
  expect(plan.state.instalments[1]).toMatchObject({ feesMinor: 6_00, status: 'DUE' })
  const reduced = plan.after(refunded('ref_1', 25_00, 15))
  expect(reduced.state.instalments[1]).toMatchObject({ amountMinor: 0, status: 'DUE' })
  for (const days of [16, 17, 23, 27]) reduced.when(tick(days)).givesNothing()
})

test('a second refund goes back to the payment before, where the last one is returned', () => {
  const done = running.after(paid('pay_2', 75_00, 14, 2), refunded('ref_1', 60_00, 20))
  done
    .when(refunded('ref_2', 30_00, 21))
    .gives(
      { type: 'RefundAllocated', returnedMinor: 30_00 },
      { type: 'ReturnDue', paymentId: 'pay_2', amountMinor: 15_00 },
      { type: 'ReturnDue', paymentId: 'pay_1', amountMinor: 15_00 },
    )
})

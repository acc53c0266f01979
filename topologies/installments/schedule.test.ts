import { expect, test } from 'vitest'
import { given } from '#streams/testing'
import { defaultPolicy, planDecider } from './plan.ts'
import { approved, captured, day, PLAN_ID, paid, refunded, row } from './plan-samples.ts'
import { proposedSchedule } from './schedule.ts'

test.each([
  [57_27, [14_32, 14_32, 14_32, 14_31]],
  [100_01, [25_00, 25_00, 25_00, 25_01]],
  [100_02, [25_01, 25_01, 25_01, 24_99]],
  [5, [1, 1, 1, 2]],
  [2, [0, 0, 0, 2]],
])('pay in 4 of %i is %j on days 0, 14, 28 and 42', (amountMinor, amounts) => {
  const instalments = proposedSchedule('PAY_IN_4', amountMinor, '2026-01-20')
  expect(instalments.map((it) => it.amountMinor)).toEqual(amounts)
  expect(instalments.map((it) => it.dueDate)).toEqual(['2026-01-20', '2026-02-03', '2026-02-17', '2026-03-03'])
})

test('pay in 30 is one payment', () => {
  expect(proposedSchedule('PAY_IN_30', 50_00, '2026-01-31')).toMatchObject([
    { no: 1, dueDate: '2026-03-02', amountMinor: 50_00 },
  ])
})

const payIn4 = given(planDecider(), PLAN_ID).after(approved(100_00), paid('pay_1', 25_00))

test('a capture in full makes the schedule real, its first instalment paid by the deposit', () => {
  payIn4.when(captured('cap_1', 100_00, 2)).gives({
    type: 'PlanScheduled',
    captureId: 'cap_1',
    amountMinor: 100_00,
    depositAppliedMinor: 25_00,
    instalments: [row(1, 25_00, { paidMinor: 25_00, status: 'PAID' }), row(2, 25_00), row(3, 25_00), row(4, 25_00)],
    balance: { capturedMinor: 100_00, holdMinor: 0, outstandingMinor: 75_00, depositMinor: 0, paidMinor: 25_00 },
  })
})

test('a capture of 60 is 15 x 4, and the 10 collected too much pays the last instalment down', () => {
  payIn4.when(captured('cap_1', 60_00, 2)).gives({
    type: 'PlanScheduled',
    depositAppliedMinor: 25_00,
    instalments: [
      row(1, 15_00, { paidMinor: 15_00, status: 'PAID' }),
      row(2, 15_00),
      row(3, 15_00),
      row(4, 15_00, { paidMinor: 10_00 }),
    ],
    balance: { holdMinor: 40_00, outstandingMinor: 35_00, depositMinor: 0 },
  })
})

test('the 10 collected too much wait to go back to the card where the product says so', () => {
  const decider = planDecider({ ...defaultPolicy, depositSurplus: 'BACK_TO_CARD' })
  const plan = given(decider, PLAN_ID).after(approved(100_00), paid('pay_1', 25_00), captured('cap_1', 60_00, 2))
  expect(plan.state).toMatchObject({ depositMinor: 10_00, depositAppliedMinor: 15_00 })
  expect(plan.state.instalments.map((it) => it.paidMinor)).toEqual([15_00, 0, 0, 0])
})

test('a small capture uses no more of the deposit than it is', () => {
  payIn4.when(captured('cap_1', 10_00, 2)).gives({
    type: 'PlanScheduled',
    depositAppliedMinor: 10_00,
    instalments: [1, 2, 3, 4].map((no) => row(no, 2_50, { paidMinor: 2_50, status: 'PAID' })),
    balance: { depositMinor: 15_00, holdMinor: 75_00, outstandingMinor: 0 },
  })
})

test('a second capture splits the total anew, and brings the deposit back to the first instalment', () => {
  payIn4
    .after(captured('cap_1', 60_00, 2))
    .when(captured('cap_2', 40_00, 5))
    .gives({
      type: 'PlanScheduled',
      amountMinor: 40_00,
      depositAppliedMinor: 0,
      instalments: [row(1, 25_00, { paidMinor: 25_00, status: 'PAID' }), row(2, 25_00), row(3, 25_00), row(4, 25_00)],
      balance: { capturedMinor: 100_00, holdMinor: 0, outstandingMinor: 75_00 },
    })
})

test('a second capture leaves off what a refund took off', () => {
  const plan = payIn4.after(captured('cap_1', 60_00, 2), refunded('ref_1', 20_00, 3))
  expect(plan.state.instalments.map((it) => it.amountMinor)).toEqual([15_00, 15_00, 0, 10_00])
  const { state } = plan.when(captured('cap_2', 40_00, 5))
  expect(state.instalments.map((it) => it.amountMinor)).toEqual([25_00, 25_00, 10_00, 20_00])
  expect(state.instalments.map((it) => it.paidMinor)).toEqual([25_00, 0, 0, 0])
})

test('instalments whose day has gone by at a late capture are due at once', () => {
  payIn4.when(captured('cap_1', 100_00, 30)).gives(
    {
      type: 'PlanScheduled',
      instalments: [
        row(1, 25_00, { paidMinor: 25_00, status: 'PAID' }),
        row(2, 25_00, { dueDate: day(30) }),
        row(3, 25_00, { dueDate: day(30) }),
        row(4, 25_00),
      ],
    },
    { type: 'InstalmentDue', instalmentNo: 2, dueDate: day(30), amountMinor: 25_00, atCheckout: false },
    { type: 'InstalmentDue', instalmentNo: 3, dueDate: day(30), amountMinor: 25_00, atCheckout: false },
  )
})

test('each capture of pay in 30 has a due date of its own', () => {
  const plan = given(planDecider(), PLAN_ID).after(approved(100_00, 'PAY_IN_30'), captured('cap_1', 60_00, 2))
  const { state } = plan.when(captured('cap_2', 40_00, 5))
  expect(state.instalments).toMatchObject([
    { no: 1, amountMinor: 60_00, dueDate: day(32), status: 'SCHEDULED' },
    { no: 2, amountMinor: 40_00, dueDate: day(35), status: 'SCHEDULED' },
  ])
})

test('two captures of a minor unit never leave a negative part', () => {
  const plan = given(planDecider(), PLAN_ID).after(approved(6, 'PAY_IN_4'), paid('pay_1', 2))
  const { state } = plan.after(captured('cap_1', 5), refunded('ref_1', 3)).when(captured('cap_2', 1))
  expect(state.instalments.every((it) => it.amountMinor >= it.paidMinor && it.paidMinor >= 0)).toBe(true)
  expect(state.instalments.reduce((sum, it) => sum + it.amountMinor, 0)).toBe(3)
})

test.each([
  [100_00, 40_00, [40_00, 20_00, 20_00, 20_00]],
  [100_00, 25_00, [25_00, 25_00, 25_00, 25_00]],
  [100_00, 39_99, [39_99, 20_00, 20_00, 20_01]],
  [57_27, 30_00, [30_00, 9_09, 9_09, 9_09]],
])('of %i, a first payment of %i leaves the rest in three', (amountMinor, first, parts) => {
  const instalments = proposedSchedule('PAY_IN_4', amountMinor, '2026-01-20', first)
  expect(instalments.map((row) => row.amountMinor)).toEqual(parts)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sumMinor } from '#domain/money.ts'
import { type RefundPolicyName, refundPolicies } from '#domain/refund.ts'
import { given } from '#streams/testing'
import { defaultPolicy, planDecider } from './plan.ts'
import { approved, day, PLAN_ID, row } from './plan-samples.ts'
import { allocateRefund } from './refunds.ts'

const policies = Object.keys(refundPolicies) as RefundPolicyName[]
/** Without interest. */
const plain = { terms: null, isFull: false }
/** 500 in 4 on day 7: the first is past due, or paid. */
const firstIsDue = [1, 2, 3, 4].map((no) => row(no, 125_00))
const firstIsPaid = [row(1, 125_00, { paidMinor: 125_00, status: 'PAID' }), ...firstIsDue.slice(1)]

test.each([
  ['RE_AMORTISE', 'due', 300_00, [0, 66_67, 66_67, 66_66], 0],
  ['RE_AMORTISE', 'due', 400_00, [0, 33_33, 33_33, 33_34], 0],
  ['RE_AMORTISE', 'paid', 300_00, [125_00, 25_00, 25_00, 25_00], 0],
  ['SPREAD', 'due', 300_00, [0, 66_67, 66_67, 66_66], 0],
  ['SPREAD', 'paid', 100_00, [125_00, 91_67, 91_67, 91_66], 0],
  ['LAST_FIRST', 'paid', 200_00, [125_00, 125_00, 50_00, 0], 0],
  ['NEXT_FIRST', 'paid', 200_00, [125_00, 0, 50_00, 125_00], 0],
  ['LAST_FIRST', 'due', 200_00, [0, 125_00, 125_00, 50_00], 0],
  ['LAST_FIRST', 'paid', 500_00, [0, 0, 0, 0], 125_00],
  ['LAST_FIRST', 'paid', 400_00, [100_00, 0, 0, 0], 25_00],
] as const)(
  '%s, the first of 500 in 4 %s: a refund of %i leaves %j, %i goes back',
  (...[policy, first, amountMinor, left, returned]) => {
    const instalments = first === 'due' ? firstIsDue : firstIsPaid
    const allocation = allocateRefund(instalments, { ...plain, amountMinor, today: day(7), policy })
    expect(allocation.instalments.map((instalment) => instalment.amountMinor)).toEqual(left)
    expect(allocation).toMatchObject({ reducedMinor: amountMinor - returned, returnedMinor: returned })
  },
)

test('a spread that one instalment cannot take goes to the others', () => {
  const uneven = [row(2, 100_00), row(3, 100_00), row(4, 15_00, { paidMinor: 10_00 })]
  const { instalments } = allocateRefund(uneven, { ...plain, amountMinor: 90_00, today: day(7), policy: 'SPREAD' })
  expect(instalments.map((instalment) => instalment.amountMinor)).toEqual([57_50, 57_50, 10_00])
})

test('what is overdue is paid before what is due later, oldest first', () => {
  const late = [row(1, 25_00, { status: 'OVERDUE' }), row(2, 25_00, { status: 'DUE' }), row(3, 25_00)]
  const { instalments } = allocateRefund(late, { ...plain, amountMinor: 30_00, today: day(20), policy: 'LAST_FIRST' })
  expect(instalments.map((instalment) => [instalment.amountMinor, instalment.status])).toEqual([
    [0, 'PAID'],
    [20_00, 'DUE'],
    [25_00, 'SCHEDULED'],
  ])
})

test('what was asked for is due, even where the refund is of a day before', () => {
  const asked = [row(2, 25_00, { status: 'DUE' }), row(3, 25_00)]
  const { instalments } = allocateRefund(asked, { ...plain, amountMinor: 25_00, today: day(13), policy: 'LAST_FIRST' })
  expect(instalments.map((it) => it.amountMinor)).toEqual([0, 25_00])
})

test('late fees stay owed after a full refund', () => {
  const late = [row(1, 25_00, { feesMinor: 10_00, status: 'OVERDUE' })]
  const { instalments } = allocateRefund(late, { ...plain, amountMinor: 25_00, today: day(20), policy: 'LAST_FIRST' })
  expect(instalments[0]).toMatchObject({ amountMinor: 0, feesMinor: 10_00, status: 'OVERDUE' })
})

test('whatever is refunded by whatever policy, nothing is lost and nothing goes below 0', () => {
  const rows = fc
    .array(fc.record({ amountMinor: fc.nat(100_000), paidMinor: fc.nat(100_000) }), { maxLength: 6 })
    .map((all) => all.map((it, index) => row(index + 1, Math.max(it.amountMinor, it.paidMinor), it)))
    .map((all) => all.map((it) => ({ ...it, amountMinor: Math.max(it.amountMinor, it.paidMinor) })))
  const refunds = fc.record({ share: fc.nat(100), days: fc.nat(60), policy: fc.constantFrom(...policies) })
  const property = fc.property(rows, refunds, (before, { share, days, policy }) => {
    const total = sumMinor(before.map((it) => it.amountMinor))
    const amountMinor = Math.floor((total * share) / 100)
    const { instalments, reducedMinor, returnedMinor } = allocateRefund(before, {
      ...plain,
      amountMinor,
      today: day(days),
      policy,
    })
    expect(reducedMinor + returnedMinor).toBe(amountMinor)
    expect(sumMinor(instalments.map((it) => it.amountMinor))).toBe(total - amountMinor)
    expect(sumMinor(before.map((it) => it.paidMinor)) - sumMinor(instalments.map((it) => it.paidMinor))).toBe(
      returnedMinor,
    )
    for (const it of instalments) {
      expect(it.paidMinor).toBeGreaterThanOrEqual(0)
      expect(it.amountMinor).toBeGreaterThanOrEqual(it.paidMinor)
    }
  })
  fc.assert(property)
})

test.each([
  ['RE_AMORTISE', 'LAST_FIRST', 'RE_AMORTISE'],
  [null, 'SPREAD', 'SPREAD'],
] as const)('the policy of the merchant (%s) comes before that of the product (%s)', (chosen, product, policy) => {
  const purchase = approved(100_00)
  const decider = planDecider({ ...defaultPolicy, refundPolicy: product })
  const plan = given(decider, PLAN_ID).after({ ...purchase, terms: { ...purchase.terms, refundPolicy: chosen } })
  expect(plan.state.rules.refundPolicy).toBe(policy)
})

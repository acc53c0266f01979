import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Prepayment } from '#domain/allocation.ts'
import { sumMinor } from '#domain/money.ts'
import { allocatePayment } from './allocation.ts'
import { owedMinor } from './balance.ts'
import { day, row } from './plan-samples.ts'

const four = [1, 2, 3, 4].map((no) => row(no, 100_00))
const incoming = { terms: null, instalmentNo: 1, today: day(0), prepayment: 'NEXT' as Prepayment }

test.each([
  ['what is due', 100_00, 'NEXT', [100_00, 0, 0, 0], 0],
  ['a part', 40_00, 'NEXT', [40_00, 0, 0, 0], 0],
  ['50 too much, to the next', 150_00, 'NEXT', [100_00, 50_00, 0, 0], 0],
  ['50 too much, to the last', 150_00, 'LAST', [100_00, 0, 0, 50_00], 0],
  ['more than the plan', 450_00, 'NEXT', [100_00, 100_00, 100_00, 100_00], 50_00],
] as const)('a payment of %s is placed', (_title, amountMinor, prepayment, paid, excessMinor) => {
  const allocation = allocatePayment(four, { ...incoming, amountMinor, prepayment })
  expect(allocation.instalments.map((it) => it.paidMinor)).toEqual(paid)
  expect(allocation).toMatchObject({ principalMinor: amountMinor - excessMinor, feeMinor: 0, excessMinor, late: false })
})

test('inside an instalment fees come before principal', () => {
  const late = [row(1, 25_00, { feesMinor: 17_00, feesPaidMinor: 10_00, status: 'OVERDUE' })]
  const allocation = allocatePayment(late, { ...incoming, amountMinor: 20_00 })
  expect(allocation).toMatchObject({ feeMinor: 7_00, principalMinor: 13_00, late: true })
  expect(allocation.instalments[0]).toMatchObject({ feesPaidMinor: 17_00, paidMinor: 13_00, status: 'OVERDUE' })
})

test('a payment that reaches from an overdue instalment to a future one is late', () => {
  const rows = [row(1, 25_00, { status: 'OVERDUE' }), row(2, 25_00)]
  expect(allocatePayment(rows, { ...incoming, amountMinor: 40_00 }).late).toBe(true)
  expect(allocatePayment(rows, { ...incoming, amountMinor: 20_00, instalmentNo: 2 }).late).toBe(false)
})

test('the instalment named comes first, then due, overdue without a fee, overdue with one, future', () => {
  const rows = [
    row(1, 10_00, { status: 'OVERDUE', feesMinor: 1_00 }),
    row(2, 10_00, { status: 'OVERDUE' }),
    row(3, 10_00, { status: 'DUE' }),
    row(4, 10_00),
    row(5, 10_00),
    row(6, 10_00, { paidMinor: 10_00, status: 'PAID' }),
  ]
  /** Which instalment gets the next cent, until nothing is owed. */
  const order = (instalmentNo: number, prepayment: Prepayment) => {
    const step = { terms: null, amountMinor: 10_00, instalmentNo, today: day(30), prepayment }
    const paid: number[] = []
    for (let left = rows; left.some((it) => owedMinor(it) > 0); ) {
      const after = allocatePayment(left, step).instalments
      paid.push(
        ...after.filter((it, index) => it.status === 'PAID' && left[index]?.status !== 'PAID').map((it) => it.no),
      )
      left = after
    }
    return paid
  }
  expect(order(4, 'NEXT')).toEqual([4, 3, 2, 1, 5])
  expect(order(9, 'LAST')).toEqual([3, 2, 1, 5, 4])
})

test('whatever comes in, it is all accounted for and nothing is paid twice', () => {
  const rows = fc
    .array(
      fc.record({ amountMinor: fc.nat(10_000), feesMinor: fc.nat(2_000), status: fc.constantFrom('DUE', 'OVERDUE') }),
    )
    .map((all) => all.map((it, index) => row(index + 1, it.amountMinor, it as Parameters<typeof row>[2])))
  const payments = fc.record({
    amountMinor: fc.nat(50_000),
    instalmentNo: fc.nat(8),
    prepayment: fc.constantFrom('NEXT', 'LAST'),
  })
  const property = fc.property(rows, payments, (before, payment) => {
    const prepayment = payment.prepayment as Prepayment
    const after = allocatePayment(before, { ...payment, prepayment, today: day(20), terms: null })
    expect(after.principalMinor + after.feeMinor + after.excessMinor).toBe(payment.amountMinor)
    const owedBefore = sumMinor(before.map(owedMinor))
    expect(owedBefore - sumMinor(after.instalments.map(owedMinor))).toBe(after.principalMinor + after.feeMinor)
    expect(after.excessMinor === 0 || sumMinor(after.instalments.map(owedMinor)) === 0).toBe(true)
    for (const it of after.instalments) {
      expect(it.paidMinor).toBeLessThanOrEqual(it.amountMinor)
      expect(it.feesPaidMinor).toBeLessThanOrEqual(it.feesMinor)
      expect(it.status === 'PAID').toBe(owedMinor(it) === 0 && before.some((b) => b.no === it.no && owedMinor(b) > 0))
    }
  })
  fc.assert(property)
})

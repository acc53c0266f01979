/**
 * What always holds of money, over ten thousand random cases each. The title of a test has the seed of the run:
 * TEST_SEED=<seed> makes the same cases again.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Debt, placePayment } from '#domain/allocation.ts'
import { addDays, addMonths } from '#domain/calendar.ts'
import { type ChargedFee, feeWithin, roomUnder } from '#domain/fee-cap.ts'
import { reAge } from '#domain/hardship.ts'
import { splitMinor, sumMinor } from '#domain/money.ts'
import { type MonthlyTerms, monthlySchedule } from '#domain/monthly-schedule.ts'
import { type RefundPolicyName, refundPolicies } from '#domain/refund.ts'
import { type Movement, type PlanRow, workOut } from '#domain/rework.ts'
import { testSeed } from '#streams/testing'
import { type LateFeeSchemeName, lateFeeSchemes, nextLateFee } from '#topologies/installments/late-fees.ts'

const seed = testSeed()
const T0 = '2026-01-01'

/** A property over ten thousand cases. */
function always(title: string, property: fc.IProperty<unknown>): void {
  test(`${title} (TEST_SEED=${seed})`, () => fc.assert(property, { numRuns: 10_000, seed }), 240_000)
}

const amount = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 500_000 }))
const days = fc.integer({ min: 0, max: 400 })
const prepayment = fc.constantFrom('NEXT' as const, 'LAST' as const)
const policy = fc.constantFrom(...(Object.keys(refundPolicies) as RefundPolicyName[]))

always(
  'the instalments of a plan sum to the purchase, and none is below 0',
  fc.property(
    fc.record<MonthlyTerms>({
      principalMinor: amount,
      instalments: fc.integer({ min: 1, max: 36 }),
      seedDate: days.map((day) => addDays(T0, day)),
      interest: fc.constantFrom('NONE', 'FLAT', 'DECLINING'),
      ratePpm: fc.integer({ min: 0, max: 600_000 }),
      dayCount: fc.constantFrom('THIRTY_360', 'ACTUAL_365'),
    }),
    (terms) => {
      const schedule = monthlySchedule(terms)
      expect(sumMinor(schedule.map((it) => it.principalMinor))).toBe(terms.principalMinor)
      for (const it of schedule) {
        expect(it.principalMinor).toBeGreaterThanOrEqual(0)
        expect(it.interestMinor).toBeGreaterThanOrEqual(0)
        expect(it.amountMinor).toBe(it.principalMinor + it.interestMinor)
        expect(it.dueDate).toBe(addMonths(terms.seedDate, it.no))
      }
      if (terms.interest === 'NONE') expect(sumMinor(schedule.map((it) => it.interestMinor))).toBe(0)
    },
  ),
)

always(
  'a split sums to the amount, and its parts differ by the remainder on the last alone',
  fc.property(amount, fc.integer({ min: 1, max: 60 }), (minor, count) => {
    const parts = splitMinor(minor, count)
    expect(sumMinor(parts)).toBe(minor)
    expect(new Set(parts.slice(0, -1)).size).toBeLessThanOrEqual(1)
    expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
  }),
)

const debt = fc.record<Debt>({
  dueDate: days.map((day) => addDays(T0, day)),
  overdue: fc.boolean(),
  feesMinor: amount,
  interestMinor: amount,
  principalMinor: amount,
})

always(
  'a payment over many plans is all placed: nothing negative, nothing too much, nothing left while some is owed',
  fc.property(fc.array(debt, { maxLength: 12 }), amount, days, prepayment, (debts, amountMinor, day, beyond) => {
    const { shares, excessMinor } = placePayment(debts, { amountMinor, today: addDays(T0, day), prepayment: beyond })
    const placed = shares.map((share) => share.feesMinor + share.interestMinor + share.principalMinor)
    expect(sumMinor(placed) + excessMinor).toBe(amountMinor)
    for (const { debt: owed, ...share } of shares) {
      expect(share.feesMinor <= owed.feesMinor && share.interestMinor <= owed.interestMinor).toBe(true)
      expect(share.principalMinor <= owed.principalMinor && Math.min(share.feesMinor, excessMinor) >= 0).toBe(true)
      // Inside an instalment the next part gets something only where the one before it is paid.
      if (share.interestMinor > 0) expect(share.feesMinor).toBe(owed.feesMinor)
      if (share.principalMinor > 0) expect(share.interestMinor).toBe(owed.interestMinor)
    }
    const owed = sumMinor(debts.map((one) => one.feesMinor + one.interestMinor + one.principalMinor))
    expect(excessMinor).toBe(Math.max(0, amountMinor - owed))
  }),
)

/** A plan and what happened to it, in the order it arrived. */
type Story = { readonly schedule: readonly PlanRow[]; readonly movements: readonly Movement[] }

const story: fc.Arbitrary<Story> = fc
  .record({
    parts: fc.integer({ min: 1, max: 6 }),
    lent: amount,
    moves: fc.array(fc.tuple(fc.nat(9), days, amount, prepayment, policy), { maxLength: 10 }),
  })
  .map(({ parts, lent, moves }) => ({
    schedule: splitMinor(lent, parts).map((amountMinor, index) => {
      const dueDate = addDays(T0, 14 * index)
      return { no: index + 1, dueDate, amountMinor, paidMinor: 0, feesMinor: 0, feesPaidMinor: 0 }
    }),
    movements: moves.map(([kind, day, amountMinor, beyond, how], index): Movement => {
      const move = { id: `m${index}`, on: addDays(T0, day), amountMinor }
      if (kind < 5) return { ...move, kind: 'PAYMENT', prepayment: beyond }
      if (kind < 7) return { ...move, kind: 'REFUND', policy: how, amountMinor: amountMinor % (lent + 1) }
      if (kind < 9) return { ...move, kind: 'LATE_FEE', no: 1 + (day % parts) }
      return { ...move, kind: 'CHARGE_BACK', paymentId: `m${day % (index + 1)}` }
    }),
  }))

always(
  'a payment or refund that is undone and done again leaves no trace',
  fc.property(story, fc.nat(9), ({ schedule, movements }, place) => {
    const undone = movements[place]
    const before = workOut(schedule, movements)
    const without = movements.filter((one) => one !== undone)
    const again = undone === undefined ? without : [...without, undone]
    expect(workOut(schedule, again)).toEqual(before)
    expect(workOut(schedule, without)).toEqual(workOut(schedule, [...without].reverse()))
  }),
)

always(
  'payments and refunds of the same dates give the same balances in whatever order they arrive',
  fc.property(
    story.chain((told) =>
      fc.tuple(fc.constant(told), fc.shuffledSubarray([...told.movements], { minLength: told.movements.length })),
    ),
    ([{ schedule, movements }, arrived]) => {
      expect(workOut(schedule, arrived)).toEqual(workOut(schedule, movements))
    },
  ),
)

always(
  'whatever happens to a plan, its money is all there: paid = applied + back, and no amount is below 0',
  fc.property(story, ({ schedule, movements }) => {
    const { rows, excessMinor } = workOut(schedule, movements)
    const backOf = (id: string) =>
      sumMinor(movements.flatMap((it) => (it.kind === 'CHARGE_BACK' && it.paymentId === id ? [it.amountMinor] : [])))
    const came = movements.map((it) => (it.kind === 'PAYMENT' ? Math.max(0, it.amountMinor - backOf(it.id)) : 0))
    const applied = sumMinor(rows.map((row) => row.paidMinor + row.feesPaidMinor))
    expect(applied + excessMinor).toBe(sumMinor(came))
    for (const row of rows) {
      expect(row.paidMinor).toBeGreaterThanOrEqual(0)
      expect(row.amountMinor).toBeGreaterThanOrEqual(row.paidMinor)
      expect(row.feesMinor).toBeGreaterThanOrEqual(row.feesPaidMinor)
    }
  }),
)

always(
  're-age moves what is past due to new dates and loses nothing',
  fc.property(
    fc.array(fc.tuple(days, amount, amount), { minLength: 1, maxLength: 8 }),
    days,
    fc.integer({ min: 1, max: 24 }),
    (raw, day, instalments) => {
      const rows = raw.map(([due, one, other], index) => {
        const dueDate = addDays(T0, due)
        return {
          no: index + 1,
          dueDate,
          amountMinor: Math.max(one, other),
          paidMinor: Math.min(one, other),
          closedOn: null,
        }
      })
      const on = addDays(T0, day)
      const after = reAge(rows, { on, firstDue: addDays(on, 10), instalments })
      const owed = (all: typeof after) => sumMinor(all.map((row) => row.amountMinor - row.paidMinor))
      expect(owed(after)).toBe(owed(rows))
      expect(after.every((row) => row.paidMinor === row.amountMinor || row.dueDate >= on)).toBe(true)
      expect(sumMinor(after.map((row) => row.paidMinor))).toBe(sumMinor(rows.map((row) => row.paidMinor)))
    },
  ),
)

/** Contracts of one consumer, each with instalments that are late on some days. */
const contracts = fc.array(
  fc.record({
    scheme: fc.constantFrom(...(Object.keys(lateFeeSchemes) as LateFeeSchemeName[])),
    orderMinor: fc.integer({ min: 1, max: 60_000 }),
    late: fc.array(days, { maxLength: 6 }),
  }),
  { maxLength: 8 },
)

always(
  'late fees hold the cap of each order, and the cap of the law over all contracts in any twelve months',
  fc.property(contracts, (all) => {
    const cap = { totalMinor: 120_00, months: 12 }
    const charged: ChargedFee[] = []
    const ofOrder = all.map(() => 0)
    const lateDays = all.flatMap(({ late }, contract) => late.map((day) => ({ day, contract })))
    for (const { day, contract } of lateDays.sort((a, b) => a.day - b.day)) {
      const { scheme, orderMinor } = all[contract] ?? { scheme: 'KLARNA_UK', orderMinor: 0 }
      const on = addDays(T0, day)
      const order = { scheme, orderMinor, currency: 'AUD', feesCharged: 0, feeSteps: 0, feeOn: null, dueOn: on }
      const fee = nextLateFee({ ...order, feesMinor: ofOrder[contract] ?? 0 })
      const amountMinor = feeWithin(fee?.amountMinor ?? 0, [roomUnder(cap, charged, on)])
      if (amountMinor > 0) charged.push({ on, amountMinor, reversedMinor: 0 })
      ofOrder[contract] = (ofOrder[contract] ?? 0) + amountMinor
    }
    for (const [index, { orderMinor, scheme }] of all.entries()) {
      const isSmall = scheme === 'CLEARPAY_UK' && orderMinor < 24_00
      expect(ofOrder[index] ?? 0).toBeLessThanOrEqual(isSmall ? 6_00 : orderMinor / 4)
    }
    for (const { on } of charged) {
      const year = charged.filter((fee) => fee.on <= on && fee.on > addMonths(on, -12))
      expect(sumMinor(year.map((fee) => fee.amountMinor))).toBeLessThanOrEqual(cap.totalMinor)
    }
  }),
)

/** Monthly plans by any terms: principal is what was captured, and what is undone or comes in another order. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sumMinor } from '#domain/money.ts'
import { type RefundPolicyName, refundPolicies } from '#domain/refund.ts'
import type { MonthlyTerms, PlanState } from '#schemas'
import { given, testSeed } from '#streams/testing'
import { owedBackMinor, owedMinor } from './balance.ts'
import { defaultPolicy, type PlanInput, type PlanPolicy, planDecider } from './plan.ts'
import { approvedMonthly, captured, PLAN_ID, paid, refunded, tick, undoPayment } from './plan-samples.ts'

const seed = testSeed()
const terms: fc.Arbitrary<MonthlyTerms> = fc.record({
  instalments: fc.integer({ min: 2, max: 12 }),
  interest: fc.constantFrom('NONE', 'FLAT', 'DECLINING'),
  ratePpm: fc.integer({ min: 1, max: 360_000 }),
  dayCount: fc.constantFrom('THIRTY_360', 'ACTUAL_365'),
})
const policies = fc.record({
  refundPolicy: fc.constantFrom(...(Object.keys(refundPolicies) as RefundPolicyName[])),
  prepayment: fc.constantFrom<PlanPolicy['prepayment']>('NEXT', 'LAST'),
})
/** Payments and refunds of 1,000.00, from its capture to the day after its first instalment is due. */
const stories = fc
  .array(fc.tuple(fc.constantFrom('pay', 'pay', 'refund'), fc.integer({ min: 1, max: 160_00 }), fc.nat(32)), {
    minLength: 1,
    maxLength: 6,
  })
  .map((steps) => steps.toSorted((a, b) => a[2] - b[2]))
type Story = typeof stories extends fc.Arbitrary<infer S> ? S : never

function begun(offered: MonthlyTerms, policy: Partial<PlanPolicy>) {
  const decider = planDecider({ ...defaultPolicy, ...policy })
  return given(decider, PLAN_ID).after(approvedMonthly(1000_00, offered), captured('cap_1', 1000_00))
}

/** The inputs of a story, with the tick of the first due date where it belongs; without the step that is left out. */
function inputsOf(story: Story, without: number | null): PlanInput[] {
  const steps = story.flatMap(([what, amountMinor, days], index) => {
    if (index === without) return []
    // No instalment is named: the rules alone say where it goes.
    const input =
      what === 'pay' ? paid(`pay_${index}`, amountMinor, days, 99) : refunded(`ref_${index}`, amountMinor, days)
    return [{ days, input }]
  })
  const of = (from: number, to: number) => steps.filter(({ days }) => days >= from && days < to).map((one) => one.input)
  return [...of(0, 31), tick(31), ...of(31, 33)]
}

/** Principal and interest, with what of them is paid. */
const money = ({ instalments }: PlanState) =>
  instalments.map(({ no, amountMinor, paidMinor, interest }) => {
    const { amountMinor: costMinor = 0, chargedMinor = 0, paidMinor: costPaidMinor = 0 } = interest ?? {}
    return { no, amountMinor, paidMinor, costMinor, chargedMinor, costPaidMinor }
  })

test(`a monthly plan with a payment undone is the plan that never had it (TEST_SEED=${seed})`, () => {
  const property = fc.property(terms, policies, stories, fc.nat(5), (offered, policy, story, which) => {
    const undone = which % story.length
    const plan = begun(offered, policy)
    const all = plan.after(...inputsOf(story, null))
    if (story[undone]?.[0] !== 'pay' || all.state.status !== 'AUTHORISED') return
    const without = all.after(undoPayment(`pay_${undone}`, 32))
    expect(money(without.state)).toEqual(money(plan.after(...inputsOf(story, undone)).state))
    expect(owedBackMinor(without.state)).toBe(0)
  })
  fc.assert(property, { numRuns: 1_500, seed })
})

test(`undone and made again on the same day, a payment leaves the plan as it was (TEST_SEED=${seed})`, () => {
  const property = fc.property(
    terms,
    policies,
    fc.integer({ min: 1, max: 999_99 }),
    fc.nat(32),
    (offered, policy, amount, on) => {
      const plan = begun(offered, policy).after(...(on >= 31 ? [tick(31)] : []), paid('pay_1', amount, on, 99))
      const again = plan.after(undoPayment('pay_1', on), paid('pay_2', amount, on, 99))
      expect(money(again.state)).toEqual(money(plan.state))
      expect(again.state.status).toBe(plan.state.status)
    },
  )
  fc.assert(property, { numRuns: 1_000, seed })
})

test(`payments of one day come to the same in any order (TEST_SEED=${seed})`, () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 700_00 }), { minLength: 2, maxLength: 4 })
  const property = fc.property(terms, policies, amounts, fc.nat(58), (offered, policy, all, on) => {
    const plan = begun(offered, policy).after(...(on >= 31 ? [tick(31)] : []))
    const inputs = all.map((amountMinor, index) => paid(`pay_${index}`, amountMinor, on, 99))
    const [one, other] = [plan.after(...inputs), plan.after(...inputs.toReversed())]
    expect(money(other.state)).toEqual(money(one.state))
    expect(other.state.status).toBe(one.state.status)
  })
  fc.assert(property, { numRuns: 1_500, seed })
})

test(`principal is what was captured less refunds, and interest never more than was told (TEST_SEED=${seed})`, () => {
  const property = fc.property(
    terms,
    policies,
    stories,
    fc.integer({ min: 1, max: 999_99 }),
    (offered, policy, story, part) => {
      const decider = planDecider({ ...defaultPolicy, ...policy })
      const whole = given(decider, PLAN_ID).after(approvedMonthly(1000_00, offered), captured('cap_1', part))
      const told = sumMinor(whole.state.instalments.map((row) => owedMinor(row))) - part
      const plan = whole.after(
        ...inputsOf(
          story
            .map(([what, amount, on]) => [what, Math.min(amount, part >> 3), on] as const)
            .filter(([, amount]) => amount > 0) as unknown as Story,
          null,
        ),
      )
      const rows = plan.state.instalments
      expect(sumMinor(rows.map((row) => row.amountMinor))).toBe(part - plan.state.refundedMinor)
      expect(sumMinor(rows.map((row) => row.interest?.amountMinor ?? 0))).toBeLessThanOrEqual(told)
    },
  )
  fc.assert(property, { numRuns: 1_000, seed })
})

test(`a refund that re-amortises makes the payments to come equal again (TEST_SEED=${seed})`, () => {
  const property = fc.property(terms, fc.integer({ min: 1, max: 500_00 }), fc.nat(30), (offered, amountMinor, on) => {
    // Flat interest is the same whatever is owed: there the principal is equal.
    if (offered.interest === 'FLAT') return
    const plan = begun(offered, { refundPolicy: 'RE_AMORTISE' }).after(refunded('ref_1', amountMinor, on))
    const payments = plan.state.instalments.map(owedMinor)
    const [last = 0, ...others] = payments.toReversed()
    // Interest to come never rises, not by a cent of rounding either.
    expect(Math.max(...others) - Math.min(...others)).toBeLessThanOrEqual(1)
    expect(Math.abs(last - (others[0] ?? last))).toBeLessThanOrEqual(offered.instalments)
    expect(sumMinor(plan.state.instalments.map((row) => row.amountMinor))).toBe(1000_00 - amountMinor)
  })
  fc.assert(property, { numRuns: 1_000, seed })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type RefundPolicyName, refundPolicies } from '#domain/refund.ts'
import { type Movement, workOut } from '#domain/rework.ts'
import { given, testSeed } from '#streams/testing'
import { defaultPolicy, type PlanInput, planDecider } from './plan.ts'
import { approved, captured, chargedBack, day, PLAN_ID, paid, refunded, row, undoPayment } from './plan-samples.ts'

const seed = testSeed()
const plan = given(planDecider(), PLAN_ID).after(approved(100_00), paid('pay_1', 25_00), captured('cap_1', 100_00))

describe('undoing a payment', () => {
  test('owes again what it paid, and later payments move up to where they would have gone', () => {
    const paidUp = plan.after(paid('pay_2', 25_00, 14, 2), paid('pay_3', 25_00, 28, 3))
    const undone = paidUp.after(undoPayment('pay_2', 30))
    expect(undone.state.instalments.map((it) => [it.paidMinor, it.status])).toEqual([
      [25_00, 'PAID'],
      [0, 'DUE'],
      [25_00, 'PAID'],
      [0, 'SCHEDULED'],
    ])
    paidUp.when(undoPayment('pay_2', 30)).gives({
      ...{ type: 'PlanReworked', cause: 'PAYMENT_UNDONE', amountMinor: 25_00, principalMinor: 25_00 },
      balance: { outstandingMinor: 50_00, paidMinor: 50_00 },
    })
  })

  test('opens a plan that was done, once, and what is left of it can be paid again', () => {
    const done = plan.after(paid('pay_2', 75_00, 14, 2))
    expect(done.state.status).toBe('COMPLETED')
    const open = done.after(undoPayment('pay_2', 15))
    expect(open.state.status).toBe('AUTHORISED')
    open.when(undoPayment('pay_2', 16)).gives({ type: 'PlanCommandRefused', code: 'PAYMENT_GONE' })
    open.when(undoPayment('pay_9', 16)).gives({ type: 'PlanCommandRefused', code: 'PAYMENT_UNKNOWN' })
    open.when(paid('pay_3', 75_00, 17, 2)).gives({ type: 'InstalmentPaid' }, { type: 'PlanCompleted' })
  })

  test('of what a refund sent back already takes only what is left', () => {
    const back = plan.after(paid('pay_2', 75_00, 14, 2), refunded('ref_1', 60_00, 20))
    back.when(undoPayment('pay_2', 21)).gives({
      ...{ type: 'PlanReworked', amountMinor: 15_00, principalMinor: 15_00 },
      balance: { outstandingMinor: 15_00, paidMinor: 25_00 },
    })
  })

  test('a charge-back of a part leaves the rest, and the same one again changes nothing', () => {
    const part = plan.after(paid('pay_2', 75_00, 14, 2), chargedBack('pay_2', 30_00, 20))
    expect(part.state.instalments.map((it) => it.paidMinor)).toEqual([25_00, 25_00, 20_00, 0])
    part.when(chargedBack('pay_2', 30_00, 21)).givesNothing()
    part.when(chargedBack('pay_2', 60_00, 21, 'cb_2')).gives({
      ...{ type: 'PlanReworked', amountMinor: 60_00, principalMinor: 45_00, lossMinor: 15_00 },
    })
    expect(() => plan.when(chargedBack('pay_9', 1, 20))).toThrow(/PLAN_OUT_OF_STEP|never took/)
  })
})

type Story = readonly (readonly ['pay' | 'refund', amountMinor: number, days: number])[]

/** The inputs of a story, each on its day; without the one that is left out. */
function inputsOf(story: Story, without: number | null): PlanInput[] {
  return story.flatMap(([what, amountMinor, days], index): PlanInput[] => {
    if (index === without) return []
    // No instalment is named: the rules alone say where it goes.
    return [what === 'pay' ? paid(`pay_${index}`, amountMinor, days, 99) : refunded(`ref_${index}`, amountMinor, days)]
  })
}

/** Movements of small amounts on the days before anything is late, so that no fee makes the stories differ. */
const stories = fc
  .array(fc.tuple(fc.constantFrom('pay', 'pay', 'refund'), fc.integer({ min: 1, max: 900 }), fc.nat(13)), {
    minLength: 1,
    maxLength: 7,
  })
  .map((steps) => steps.toSorted((a, b) => a[2] - b[2]) as unknown as Story)
const policies = fc.constantFrom(...(Object.keys(refundPolicies) as RefundPolicyName[]))

test(`a plan with a payment undone is the plan that never had it (TEST_SEED=${seed})`, () => {
  const property = fc.property(stories, policies, fc.nat(6), (story, refundPolicy, which) => {
    const undone = which % story.length
    if (story[undone]?.[0] !== 'pay') return
    const decider = planDecider({ ...defaultPolicy, refundPolicy })
    const begun = given(decider, PLAN_ID).after(approved(100_00), paid('pay_a', 25_00), captured('cap_1', 100_00))
    const withIt = begun.after(...inputsOf(story, null), undoPayment(`pay_${undone}`, 13))
    const never = begun.after(...inputsOf(story, undone))
    const money = (state: typeof never.state) => state.instalments.map((it) => [it.no, it.amountMinor, it.paidMinor])
    expect(money(withIt.state)).toEqual(money(never.state))
    // And as the rule of the domain has it, which knows nothing of topologies.
    const schedule = [1, 2, 3, 4].map((no) => row(no, 25_00))
    const movements = [['pay', 25_00, 0] as const, ...story].flatMap(([what, amountMinor, days], index): Movement[] => {
      if (index === undone + 1) return []
      const move = { id: String(index).padStart(3, '0'), on: day(days), amountMinor }
      if (what === 'pay') return [{ ...move, kind: 'PAYMENT', prepayment: 'NEXT' }]
      return [{ ...move, kind: 'REFUND', policy: refundPolicy }]
    })
    const rule = workOut(schedule, movements)
    expect(money(withIt.state)).toEqual(rule.rows.map((it) => [it.no, it.amountMinor, it.paidMinor]))
  })
  fc.assert(property, { numRuns: 2_000, seed })
})

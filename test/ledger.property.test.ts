/**
 * The books of random plans: after every event all accounts of a currency sum to zero, and what the books say a
 * consumer owes is what the plan says. Ten thousand plans; TEST_SEED=<seed> makes the same ones again.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sumMinor } from '#domain/money.ts'
import { type RefundPolicyName, refundPolicies } from '#domain/refund.ts'
import type { PlanState, Product } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSeed } from '#streams/testing'
import { balanceOf, openMinor, owedMinor } from '#topologies/installments/balance.ts'
import { defaultPolicy, type PlanInput, planDecider } from '#topologies/installments/plan.ts'
import {
  approved,
  approvedMonthly,
  captured,
  chargedBack,
  fraud,
  hardship,
  PLAN_ID,
  paid,
  refunded,
  released,
  reverse,
  tick,
  undoChargeOff,
  undoHardship,
  undoPayment,
  waive,
  writeOff,
} from '#topologies/installments/plan-samples.ts'
import { evolvePlan, isPlanEvent } from '#topologies/installments/plan-state.ts'
import { entriesOf, type LedgerInput } from '#topologies/ledger/entries.ts'

const seed = testSeed()

/** The balances of accounts by name, without the name of whose they are. */
class Books {
  readonly balances = new Map<string, number>()

  post(event: LedgerInput): void {
    for (const entry of entriesOf(event)) {
      for (const { account, amountMinor } of entry.postings) {
        const name = account.split(':')[1] ?? ''
        this.balances.set(name, this.of(name) + amountMinor)
      }
    }
    expect(sumMinor(this.balances.values())).toBe(0)
  }

  of(name: string): number {
    return this.balances.get(name) ?? 0
  }
}

type Step = readonly [what: number, share: number, days: number]

/** The next thing that may happen to a plan; nothing where the step has no room. */
function inputFor(plan: PlanState, [what, share]: Step, day: number, id: string): PlanInput | null {
  const part = (room: number) => Math.floor((room * share) / 100)
  const isAlive = plan.status === 'AUTHORISED'
  const capture = isAlive ? part(openMinor(plan)) : 0
  const refund = part(plan.capturedMinor - plan.refundedMinor)
  switch (what) {
    case 0:
      return capture > 0 ? captured(id, capture, day) : null
    case 1:
      return capture > 0 ? released(id, capture, day) : null
    case 2:
      return refund > 0 ? refunded(id, refund, day) : null
    case 3:
      return share > 0 && plan.status !== 'NEW' ? paid(id, part(plan.order.amountMinor), day, 1 + (share % 4)) : null
    case 4:
      return hardshipStep(plan, share, day, id)
    case 5:
      return badDebtStep(plan, share, day)
    case 7: {
      const fee = plan.fees[share % Math.max(1, plan.fees.length)]
      if (fee === undefined) return null
      return share < 50 ? waive(fee.feeId, share < 25 ? null : 1, day) : reverse(fee.feeId, day)
    }
    case 6:
      return chargeBackStep(plan, share, day, id)
    default:
      return tick(day)
  }
}

/** Re-ages what is past due, or undoes the last re-age. */
function hardshipStep(plan: PlanState, share: number, day: number, id: string): PlanInput {
  const last = plan.history.findLast(({ kind }) => kind === 'RE_AGE')
  return last !== undefined && share < 50 ? undoHardship(last.id, day) : hardship(id, 1 + (share % 6), day + 30, day)
}

function badDebtStep(plan: PlanState, share: number, day: number): PlanInput {
  if (plan.status === 'CHARGED_OFF') return share < 60 ? undoChargeOff(day) : writeOff(day)
  return share < 90 ? fraud(day) : writeOff(day)
}

/** The bank takes back a payment, or a part of one; more than is kept of it too. */
function chargeBackStep(plan: PlanState, share: number, day: number, id: string): PlanInput | null {
  const payment = plan.payments[share % Math.max(1, plan.payments.length)]
  if (payment === undefined) return null
  if (share % 3 === 0) return undoPayment(payment.paymentId, day)
  const amountMinor = share < 50 ? payment.collectedMinor : Math.ceil(payment.collectedMinor / 3)
  return amountMinor === 0 ? null : chargedBack(payment.paymentId, amountMinor, day, id)
}

/** What few plans come to by chance: nobody pays for so long that it is charged off, and then something is done. */
const neglect = fc
  .tuple(fc.nat(100), fc.nat(100))
  .map((shares): Step[] => [...[125, 125].map((days): Step => [8, 0, days]), ...shares.map((one): Step => [5, one, 1])])

const worlds = fc.record({
  amountMinor: fc.integer({ min: 100, max: 100_000 }),
  product: fc.oneof(
    fc.constantFrom<Product>('PAY_IN_4', 'PAY_IN_30'),
    fc.record({
      instalments: fc.integer({ min: 2, max: 5 }),
      interest: fc.constantFrom('NONE', 'FLAT', 'DECLINING'),
      ratePpm: fc.integer({ min: 1, max: 900_000 }),
      dayCount: fc.constantFrom('THIRTY_360', 'ACTUAL_365'),
    }),
  ),
  refundPolicy: fc.constantFrom(...(Object.keys(refundPolicies) as RefundPolicyName[])),
  steps: fc.array(
    fc.tuple(fc.nat(9), fc.nat(100), fc.oneof(fc.nat(12), fc.nat(70), fc.constant(125))) as fc.Arbitrary<Step>,
    {
      maxLength: 14,
      size: 'max',
    },
  ),
  ending: fc.oneof(fc.constant<Step[]>([]), neglect),
})

test(`the ledger balances after every event, and agrees with the plan (TEST_SEED=${seed})`, () => {
  const kinds = new Set<string>()
  const property = fc.property(worlds, ({ amountMinor, product, refundPolicy, steps, ending }) => {
    const decider = planDecider({ ...defaultPolicy, refundPolicy })
    const books = new Books()
    let plan = decider.initial(PLAN_ID)
    const give = (input: PlanInput) => {
      if (input.type === 'PurchaseCaptured') books.post(input)
      for (const fact of decider.decide(plan, input, PLAN_ID)) {
        plan = evolvePlan(plan, fact)
        if (!isPlanEvent(fact)) continue
        books.post(fact)
        kinds.add(fact.type)
        if (fact.type !== 'ReturnDue') continue
        const { amountMinor: back, consumerId, currency } = fact
        books.post(sampleRecord('PaymentReturned', { amountMinor: back, consumerId, currency }))
      }
      const { outstandingMinor, feesMinor, depositMinor, interestMinor } = balanceOf(plan)
      expect(books.of('interest-receivable')).toBe(interestMinor)
      expect(books.of('interest') + sumMinor(plan.instalments.map((it) => it.interest?.chargedMinor ?? 0))).toBe(0)
      expect(books.of('consumer-receivable')).toBe(outstandingMinor)
      expect(books.of('fee-receivable')).toBe(feesMinor)
      expect(books.of('consumer-deposits') + depositMinor).toBe(0)
      expect(books.of('consumer-credit')).toBe(0)
      if (plan.status === 'CHARGED_OFF') {
        const leftMinor = plan.chargedOffMinor - plan.recoveredMinor
        expect(sumMinor(plan.instalments.map(owedMinor))).toBe(leftMinor)
      }
      for (const row of plan.instalments)
        expect(Math.min(row.paidMinor, row.feesPaidMinor, owedMinor(row))).toBeGreaterThanOrEqual(0)
      expect(books.of('merchant-payable')).toBe(plan.refundedMinor - plan.capturedMinor)
    }
    give(typeof product === 'string' ? approved(amountMinor, product) : approvedMonthly(amountMinor, product))
    if (product === 'PAY_IN_4') give(paid('pay_first', Math.max(1, Math.round(amountMinor / 4))))
    let day = 0
    for (const [index, step] of [...steps, ...ending].entries()) {
      day += step[2]
      const input = inputFor(plan, step, day, `id_${index}`)
      if (input !== null && !(input.type === 'PaymentSucceeded' && input.amountMinor === 0)) give(input)
    }
  })
  fc.assert(property, { numRuns: 10_000, seed })
  // Books in which nothing ever happens would balance for nothing.
  for (const kind of [
    'PlanScheduled',
    'InstalmentPaid',
    'RefundAllocated',
    'LateFeeCharged',
    'InterestCharged',
    'ReturnDue',
    'PlanCompleted',
    'PlanReaged',
    'PlanReworked',
    'PlanChargedOff',
    'PlanChargeOffUndone',
    'PlanWrittenOff',
    'LateFeeReversed',
  ])
    expect(kinds).toContain(kind)
}, 120_000)

/**
 * Any order of what can happen to a plan: a merchant, payments in flight, manual payments and days, delivered topic by
 * topic in any interleaving.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inTurn } from '#domain/in-turn.ts'
import { sumMinor } from '#domain/money.ts'
import { refundPolicies } from '#domain/refund.ts'
import type { MonthlyTerms, PlanState, Product } from '#schemas'
import { balanceOf, openMinor, owedBackMinor, owedMinor } from './balance.ts'
import { lateFeeSchemes } from './late-fees.ts'
import { defaultPolicy, type PlanInput, type PlanPolicy, planDecider } from './plan.ts'
import { approved, approvedMonthly, captured, failed, PLAN_ID, paid, refunded, released, tick } from './plan-samples.ts'
import { evolvePlan, type PlanFact } from './plan-state.ts'

/** Without interest, or on monthly terms. */
type BoughtAs = Product | MonthlyTerms
type Step = readonly [action: number, share: number]
type Charge = { readonly paymentId: string; readonly no: number; readonly amountMinor: number; readonly first: boolean }

/** The world around a plan: what is on its way to it, topic by topic, and what has come of it. */
class World {
  readonly decider
  plan: PlanState
  readonly inputs: PlanInput[] = []
  readonly facts: PlanFact[] = []
  private readonly topics: { purchase: PlanInput[]; payment: PlanInput[]; clock: PlanInput[] }
  private readonly charges: Charge[] = []
  private readonly merchant = { openMinor: 0, refundableMinor: 0 }
  private days = 0
  private count = 0
  private collectedMinor = 0

  constructor(policy: PlanPolicy, amountMinor: number, product: BoughtAs) {
    this.decider = planDecider(policy)
    this.plan = this.decider.initial(PLAN_ID)
    this.topics = { purchase: [], payment: [], clock: [] }
    this.give(typeof product === 'string' ? approved(amountMinor, product) : approvedMonthly(amountMinor, product))
  }

  act([action, share]: Step): void {
    const actions = [
      () => this.capture(share),
      () => this.release(share >> 1),
      () => this.refund(share >> 1),
      () => this.charge(share),
      () => this.payByHand(share >> 1),
      // A clock never ticks twice at one moment: the second tick would have the id of the first.
      () => this.pass(1 + (share % 9)),
      () => this.deliver(share),
      () => this.deliver(share),
      () => this.deliver(share),
    ]
    actions[action % actions.length]?.()
  }

  /** Pays at checkout, and mostly captures something, so that there is a plan to quarrel over. */
  begin(share: number): void {
    this.charge(1)
    this.drain()
    this.capture(share)
    this.drain()
  }

  /** Delivers all that is on its way, pays all that is asked for, and gives up what is open. */
  settle(): void {
    for (let round = 0; round < 90; round += 1) {
      this.release(100)
      while (this.charges.length > 0) this.charge(1)
      this.drain()
      this.pass(7)
    }
    // Of a plan that was charged off too: all of it is recovered.
    const owed = sumMinor(this.plan.instalments.map(owedMinor))
    if (owed > 0) this.give(paid('pay_last', this.collect(owed), this.days))
  }

  check(): void {
    const { plan } = this
    const { instalments } = plan
    const amounts = sumMinor(instalments.map((it) => it.amountMinor))
    expect(amounts).toBe(plan.capturedMinor - plan.refundedMinor)
    for (const it of instalments) {
      expect(it.paidMinor).toBeGreaterThanOrEqual(0)
      expect(it.amountMinor).toBeGreaterThanOrEqual(it.paidMinor)
      expect(it.feesMinor).toBeGreaterThanOrEqual(it.feesPaidMinor)
      const { amountMinor = 0, chargedMinor = 0, paidMinor = 0 } = it.interest ?? {}
      expect(paidMinor).toBeGreaterThanOrEqual(0)
      expect(chargedMinor).toBeGreaterThanOrEqual(paidMinor)
      expect(amountMinor).toBeGreaterThanOrEqual(chargedMinor)
      expect(it.status === 'PAID').toBe(owedMinor(it) === 0)
    }
    const returned = sumMinor(plan.payments.map((it) => it.returnedMinor))
    const applied = sumMinor(instalments.map((it) => it.paidMinor + it.feesPaidMinor + (it.interest?.paidMinor ?? 0)))
    expect(owedBackMinor(plan)).toBe(0)
    expect(sumMinor(plan.payments.map((it) => it.collectedMinor))).toBe(applied + returned + plan.depositMinor)
    expect(plan.payments.every((it) => it.returnedMinor <= it.collectedMinor)).toBe(true)
    expect(plan.depositMinor).toBeGreaterThanOrEqual(0)
    expect(plan.depositMinor).toBeLessThanOrEqual(Math.max(0, openMinor(plan)))
    const fees = sumMinor(instalments.map((it) => it.feesMinor))
    const isSmall = plan.rules.lateFeeScheme === 'CLEARPAY_UK' && plan.capturedMinor < 24_00
    expect(fees).toBeLessThanOrEqual(isSmall ? 6_00 : plan.capturedMinor / 4)
  }

  get collected(): number {
    return this.collectedMinor
  }

  private give(input: PlanInput): void {
    this.inputs.push(input)
    const facts = this.decider.decide(this.plan, input, PLAN_ID)
    for (const fact of facts) this.hear(fact)
    this.plan = facts.reduce(evolvePlan, this.plan)
    this.facts.push(...facts)
    this.check()
  }

  private hear(fact: PlanFact): void {
    if (fact.type === 'PlanAuthorised') this.merchant.openMinor = fact.amountMinor
    if (fact.type !== 'InstalmentDue') return
    const { instalmentNo: no, amountMinor, atCheckout: first } = fact
    this.charges.push({ paymentId: this.next('pay'), no, amountMinor, first })
  }

  private capture(share: number): void {
    const amountMinor = part(this.merchant.openMinor, share)
    if (amountMinor === 0) return
    this.merchant.openMinor -= amountMinor
    this.merchant.refundableMinor += amountMinor
    this.topics.purchase.push(captured(this.next('cap'), amountMinor, this.days))
  }

  private release(share: number): void {
    const amountMinor = part(this.merchant.openMinor, share)
    if (amountMinor === 0) return
    this.merchant.openMinor -= amountMinor
    this.topics.purchase.push(released(this.next('rel'), amountMinor, this.days))
  }

  private refund(share: number): void {
    const amountMinor = part(this.merchant.refundableMinor, share)
    if (amountMinor === 0) return
    this.merchant.refundableMinor -= amountMinor
    this.topics.purchase.push(refunded(this.next('ref'), amountMinor, this.days))
  }

  private charge(share: number): void {
    const charge = this.charges.shift()
    if (charge === undefined) return
    const { paymentId, no, amountMinor, first } = charge
    const succeeds = share % 4 !== 0
    const result = succeeds
      ? paid(paymentId, this.collect(amountMinor), this.days, no)
      : failed(paymentId, this.days, first)
    if (amountMinor > 0) this.topics.payment.push(result)
  }

  private payByHand(share: number): void {
    if (this.plan.status !== 'AUTHORISED') return
    const amountMinor = part(this.plan.order.amountMinor, share)
    if (amountMinor > 0)
      this.topics.payment.push(paid(this.next('man'), this.collect(amountMinor), this.days, 1 + (share % 4)))
  }

  private pass(days: number): void {
    this.days += days
    this.topics.clock.push(tick(this.days))
  }

  /** One record of one topic that has some. */
  private deliver(share: number): boolean {
    const topics = Object.values(this.topics).filter((topic) => topic.length > 0)
    const input = topics[share % Math.max(1, topics.length)]?.shift()
    if (input !== undefined) this.give(input)
    return input !== undefined
  }

  private drain(): void {
    while (this.deliver(0));
  }

  private collect(amountMinor: number): number {
    this.collectedMinor += amountMinor
    return amountMinor
  }

  private next(prefix: string): string {
    this.count += 1
    return `${prefix}_${this.count}`
  }
}

function part(amountMinor: number, share: number): number {
  return Math.floor((amountMinor * Math.min(share, 100)) / 100)
}

const worlds = fc.record({
  amountMinor: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 100_000 })),
  product: fc.oneof(
    fc.constantFrom<BoughtAs>('PAY_IN_4', 'PAY_IN_4', 'PAY_IN_30'),
    fc.record({
      instalments: fc.integer({ min: 2, max: 6 }),
      interest: fc.constantFrom('NONE', 'FLAT', 'DECLINING'),
      ratePpm: fc.integer({ min: 1, max: 400_000 }),
      dayCount: fc.constantFrom('THIRTY_360', 'ACTUAL_365'),
    }),
  ),
  policy: fc.record({
    lateFeeScheme: fc.constantFrom(...(Object.keys(lateFeeSchemes) as PlanPolicy['lateFeeScheme'][])),
    refundPolicy: fc.constantFrom(...(Object.keys(refundPolicies) as PlanPolicy['refundPolicy'][])),
    prepayment: fc.constantFrom('NEXT', 'LAST') as fc.Arbitrary<PlanPolicy['prepayment']>,
    depositSurplus: fc.constantFrom('LAST_INSTALMENT', 'BACK_TO_CARD') as fc.Arbitrary<PlanPolicy['depositSurplus']>,
  }),
  captured: fc.nat(100),
  steps: fc.array(fc.tuple(fc.nat(8), fc.nat(100)) as fc.Arbitrary<Step>, { maxLength: 80, size: 'max' }),
})

test('whatever happens in whatever order, the money of a plan adds up', () => {
  const property = fc.property(worlds, ({ amountMinor, product, policy, captured: share, steps }) => {
    const world = new World(policy, amountMinor, product)
    world.begin(share)
    for (const step of steps) world.act(step)
    let givenUp = false
    for (const fact of world.facts) {
      givenUp ||= fact.type === 'PlanChargedOff'
      if (fact.type === 'PlanOpened' || fact.type === 'PlanProposed' || !('instalments' in fact)) continue
      const owed = sumMinor(fact.instalments.map((it) => it.amountMinor - it.paidMinor))
      expect(fact.balance.outstandingMinor).toBe(givenUp ? 0 : owed)
    }
    const ids = world.facts.flatMap((fact) => (fact.type === 'PlanOpened' ? [] : [fact.meta.id]))
    expect(new Set(ids).size).toBe(ids.length)
  })
  fc.assert(property, { numRuns: 400 })
})

test('every plan comes to an end, and the consumer has paid what was captured, less refunds, and the fees', () => {
  const property = fc.property(worlds, ({ amountMinor, product, policy, captured: share, steps }) => {
    const world = new World(policy, amountMinor, product)
    world.begin(share)
    for (const step of steps) world.act(step)
    world.settle()
    const { plan } = world
    expect(['CANCELLED', 'COMPLETED']).toContain(plan.status)
    const { outstandingMinor: owed, feesMinor, holdMinor, depositMinor, paidMinor } = balanceOf(plan)
    expect({ owed, feesMinor, holdMinor, depositMinor }).toEqual({
      owed: 0,
      feesMinor: 0,
      holdMinor: 0,
      depositMinor: 0,
    })
    const fees = sumMinor(plan.instalments.map((it) => it.feesMinor))
    const interest = sumMinor(plan.instalments.map((it) => it.interest?.chargedMinor ?? 0))
    expect(paidMinor).toBe(plan.capturedMinor - plan.refundedMinor + fees + interest)
    expect(world.collected).toBe(paidMinor + sumMinor(plan.payments.map((it) => it.returnedMinor)))
    expect(world.decider.dueAt?.(plan)).toBeNull()
  })
  fc.assert(property, { numRuns: 200 })
})

test('the same inputs give the same events and the same state', () => {
  const property = fc.property(worlds, ({ amountMinor, product, captured: share, steps }) => {
    const world = new World(defaultPolicy, amountMinor, product)
    world.begin(share)
    for (const step of steps) world.act(step)
    const { decider } = world
    const rules = world.inputs.map((input) => (plan: PlanState) => decider.decide(plan, input, PLAN_ID))
    expect(inTurn(decider.initial(PLAN_ID), evolvePlan, rules)).toEqual(world.facts)
  })
  fc.assert(property, { numRuns: 50 })
})

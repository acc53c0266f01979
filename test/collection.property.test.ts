/**
 * Plans and their payments against each other: what a plan asks for is charged, what the gateway says comes back, the
 * merchant and the consumer do as they like, and every topic is read at its own pace.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, dateToMs } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import { interestToCome } from '#domain/instalment-interest.ts'
import { sumMinor } from '#domain/money.ts'
import type { ChargeRequested, MonthlyTerms, PaymentRequest, Product, ReturnRequested } from '#schemas'
import { type PaymentMethodState, type PlanEvent, type PlanPayments, type PlanState, rootMeta } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { balanceOf } from '#topologies/installments/balance.ts'
import { type PlanInput, planDecider } from '#topologies/installments/plan.ts'
import { isPlanEvent } from '#topologies/installments/plan-state.ts'
import { isPaymentEvent, isPaymentRequest } from '#topologies/payments/payments-state.ts'
import { type PaymentInput, planPayments } from '#topologies/payments/plan-payments.ts'

const PURCHASE_ID = 'pur_1'
const PLAN_ID = deriveId('pln', PURCHASE_ID)
const WHO = { consumerId: 'con_1', merchantId: 'mer_1', purchaseId: PURCHASE_ID, planId: PLAN_ID, currency: 'EUR' }
const CARD: PaymentMethodState = {
  ...{ paymentMethodId: 'paymentMethodId', token: 'tok_1', brand: 'visa', last4: '4242' },
  ...{ expiryMonth: 1, expiryYear: 2030 },
}

const NO_NETWORK = { network: null, networkCode: null }

/** The product, and the terms where it is paid back monthly. */
type BoughtAs = { readonly product: Product; readonly monthly: MonthlyTerms | null }
type Step = readonly [action: number, luck: number]
type Queue<T> = T[]

/** Four topics that the plan reads and four that payments read. */
const QUEUES = 8

class World {
  plan: PlanState = planDecider().initial(PLAN_ID)
  payments: PlanPayments = planPayments.initial(PLAN_ID)
  readonly told: PlanEvent[] = []
  readonly requests: PaymentRequest[] = []
  readonly gateway = { collectedMinor: 0, returnedMinor: 0 }
  private readonly toPlan = {
    credit: [] as Queue<PlanInput>,
    purchase: [] as Queue<PlanInput>,
    payment: [] as Queue<PlanInput>,
    clock: [] as Queue<PlanInput>,
  }
  private readonly toPayments = {
    plan: [] as Queue<PaymentInput>,
    command: [] as Queue<PaymentInput>,
    result: [] as Queue<PaymentInput>,
    clock: [] as Queue<PaymentInput>,
  }
  private readonly atGateway: PaymentRequest[] = []
  private readonly merchant = { openMinor: 0, refundableMinor: 0 }
  private readonly refunds: boolean
  private days = 0
  private count = 0

  constructor(amountMinor: number, bought: BoughtAs, refunds: boolean) {
    this.refunds = refunds
    this.toPlan.credit.push(sampleRecord('PurchaseApproved', { ...this.head(), amountMinor, ...bought }))
  }

  act([action, luck]: Step): void {
    const actions = [
      () => this.capture(luck),
      () => this.refund(luck),
      () => this.payByHand(luck),
      () => this.pass(1 + (luck % 8)),
      () => this.answer(luck),
      () => this.answer(luck),
      () => this.deliverOne(luck),
      () => this.deliverOne(luck),
      () => this.deliverOne(luck),
      () => this.deliverOne(luck),
    ]
    actions[action % actions.length]?.()
  }

  /** Brings the purchase to its first capture, so that there is a plan to quarrel over. */
  begin(): void {
    this.drain()
    this.capture(40)
    this.drain()
  }

  /** Lets everything come to its end, with a card that works. */
  settle(): void {
    for (let round = 0; round < 130; round += 1) {
      this.capture(100)
      this.drain()
      this.pass(1)
    }
  }

  private drain(): void {
    for (let moves = true; moves; ) {
      moves = this.atGateway.length > 0
      while (this.atGateway.length > 0) this.answer(99)
      for (let index = 0; index < QUEUES; index += 1) while (this.deliver(index)) moves = true
    }
  }

  /** One record of one topic that has some. */
  private deliverOne(luck: number): void {
    for (let index = 0; index < QUEUES; index += 1) if (this.deliver((luck + index) % QUEUES)) return
  }

  private deliver(index: number): boolean {
    const toPlan = Object.values(this.toPlan)
    if (index < toPlan.length) {
      const input = toPlan[index]?.shift()
      if (input !== undefined) this.tellPlan(input)
      return input !== undefined
    }
    const input = Object.values(this.toPayments)[index - toPlan.length]?.shift()
    if (input !== undefined) this.tellPayments(input)
    return input !== undefined
  }

  private tellPlan(input: PlanInput): void {
    const decider = planDecider()
    for (const fact of decider.decide(this.plan, input, PLAN_ID)) {
      this.plan = decider.evolve(this.plan, fact)
      if (!isPlanEvent(fact)) continue
      if (fact.type === 'PlanAuthorised') this.merchant.openMinor = fact.amountMinor
      this.told.push(fact)
      this.toPayments.plan.push(fact.type === 'InstalmentDue' ? { ...fact, method: CARD } : fact)
    }
  }

  private tellPayments(input: PaymentInput): void {
    for (const fact of planPayments.decide(this.payments, input, PLAN_ID)) {
      this.payments = planPayments.evolve(this.payments, fact)
      if (isPaymentRequest(fact)) {
        this.requests.push(fact)
        this.atGateway.push(fact)
      } else if (isPaymentEvent(fact)) this.toPlan.payment.push(fact)
    }
    const onItsWay = this.payments.payments.filter(({ status }) => status === 'IN_FLIGHT')
    const numbers = onItsWay.map(({ instalmentNo }) => instalmentNo)
    expect(new Set(numbers).size).toBe(numbers.length)
  }

  private answer(luck: number): void {
    const request = this.atGateway.splice(luck % Math.max(1, this.atGateway.length), 1)[0]
    if (request === undefined) return
    const result =
      request.type === 'ChargeRequested' ? this.chargeResult(request, luck) : this.returnResult(request, luck)
    this.toPayments.result.push(result)
    // The same result again, as a gateway's webhook would: harmless.
    if (luck % 5 === 0) this.toPayments.result.push(result)
  }

  private chargeResult(request: ChargeRequested, luck: number): PaymentInput {
    const { requestId, consumerId, paymentId, planId, amountMinor, currency } = request
    const base = {
      requestId,
      consumerId,
      paymentId,
      planId,
      amountMinor,
      currency,
      meta: this.now(`result ${requestId}`),
    }
    if (luck >= 60 || request.atCheckout) {
      this.gateway.collectedMinor += amountMinor
      return { type: 'ChargeSucceeded', ...base, gateway: null, gatewayRef: requestId, commandId: null }
    }
    const declineClass = luck < 10 ? 'HARD' : 'SOFT'
    return {
      type: 'ChargeFailed',
      ...base,
      gateway: null,
      technical: false,
      ...NO_NETWORK,
      declineCode: 'no',
      declineClass,
      commandId: null,
    }
  }

  private returnResult(request: ReturnRequested, luck: number): PaymentInput {
    const { requestId, consumerId, returnId, paymentId, planId, amountMinor, currency, gatewayRef } = request
    const base = {
      requestId,
      consumerId,
      returnId,
      paymentId,
      planId,
      amountMinor,
      currency,
      meta: this.now(`result ${requestId}`),
    }
    if (luck < 30) return { type: 'ReturnFailed', ...base, gateway: null, declineCode: 'no', declineClass: 'SOFT' }
    this.gateway.returnedMinor += amountMinor
    return { type: 'ReturnSucceeded', ...base, gateway: null, gatewayRef }
  }

  private capture(luck: number): void {
    const amountMinor = luck > 50 ? this.merchant.openMinor : Math.floor((this.merchant.openMinor * luck) / 100)
    if (amountMinor === 0) return
    this.merchant.openMinor -= amountMinor
    this.merchant.refundableMinor += amountMinor
    this.toPlan.purchase.push(
      sampleRecord('PurchaseCaptured', { ...this.head(), captureId: this.next('cap'), amountMinor }),
    )
  }

  private refund(luck: number): void {
    const amountMinor = Math.floor((this.merchant.refundableMinor * luck) / 100)
    if (!this.refunds || amountMinor === 0) return
    this.merchant.refundableMinor -= amountMinor
    this.toPlan.purchase.push(
      sampleRecord('PurchaseRefunded', { ...this.head(), refundId: this.next('ref'), amountMinor }),
    )
  }

  private payByHand(luck: number): void {
    const owed = this.payments.owed[luck % Math.max(1, this.payments.owed.length)]
    if (owed === undefined) return
    const amountMinor = Math.max(1, Math.floor((owed.owedMinor * (luck + 20)) / 50))
    const pay = {
      paymentId: this.next('pay'),
      instalmentNo: owed.no,
      amountMinor,
      paymentMethodId: CARD.paymentMethodId,
    }
    this.toPayments.command.push({ ...sampleRecord('PayInstalment', { ...this.head(), ...pay }), method: CARD })
  }

  private pass(days: number): void {
    this.days += days
    const { occurredAt: time, businessDate: date } = this.now('')
    const tick = { type: 'ClockTicked' as const, meta: this.now(`tick ${date}`), time, date }
    this.toPlan.clock.push(tick)
    this.toPayments.clock.push(tick)
  }

  private head() {
    return { ...WHO, meta: this.now(this.next('evt')) }
  }

  private now(id: string) {
    const businessDate = addDays('2026-01-01', this.days)
    return rootMeta({ source: 'test', id, occurredAt: dateToMs(businessDate), businessDate })
  }

  private next(prefix: string): string {
    this.count += 1
    return `${prefix}_${this.count}`
  }
}

const steps = fc.array(fc.tuple(fc.nat(9), fc.nat(100)) as fc.Arbitrary<Step>, {
  minLength: 20,
  maxLength: 150,
  size: 'max',
})
const in30or4 = fc
  .constantFrom<Product>('PAY_IN_4', 'PAY_IN_30')
  .map((product): BoughtAs => ({ product, monthly: null }))
const monthly = (interest: readonly string[]) =>
  fc
    .record({
      instalments: fc.integer({ min: 2, max: 3 }),
      interest: fc.constantFrom(...interest),
      ratePpm: fc.integer({ min: 1, max: 360_000 }),
      dayCount: fc.constantFrom('THIRTY_360', 'ACTUAL_365'),
    })
    .map((terms): BoughtAs => ({ product: 'PAY_MONTHLY', monthly: terms }))
const worldsOf = (bought: fc.Arbitrary<BoughtAs>) =>
  fc.record({ amountMinor: fc.integer({ min: 4, max: 90_000 }), bought, steps })
/** Who pays interest ahead gets back what does not fall due any more; without it nobody gets anything back. */
const free = worldsOf(fc.oneof(in30or4, monthly(['NONE'])))
const worlds = worldsOf(fc.oneof(in30or4, monthly(['FLAT', 'DECLINING'])))

test('without a refund nothing is ever collected that has to go back', () => {
  const property = fc.property(free, ({ amountMinor, bought, steps: all }) => {
    const world = new World(amountMinor, bought, false)
    world.begin()
    for (const step of all) world.act(step)
    world.settle()
    expect(world.told.filter((event) => event.type === 'ReturnDue')).toEqual([])
  })
  fc.assert(property, { numRuns: 150 })
})

test('what the gateway collected and gave back is what the plan has, and no attempt is made twice', () => {
  const property = fc.property(worlds, ({ amountMinor, bought, steps: all }) => {
    const world = new World(amountMinor, bought, true)
    world.begin()
    for (const step of all) world.act(step)
    world.settle()
    const { collectedMinor, returnedMinor } = world.gateway
    // What the gateway has refused to give back for good stays owed to the consumer, and a person sees to it.
    const unreturned = world.payments.returns.filter(({ status }) => status === 'FAILED')
    const unreturnedMinor = sumMinor(unreturned.map(({ amountMinor }) => amountMinor))
    expect(collectedMinor - returnedMinor).toBe(balanceOf(world.plan).paidMinor + unreturnedMinor)
    const ids = world.requests.map(({ requestId }) => requestId)
    expect(new Set(ids).size).toBe(ids.length)
    const open = [...world.payments.payments, ...world.payments.returns].filter(
      ({ status }) => status === 'IN_FLIGHT' || status === 'WAITING',
    )
    expect(open).toEqual([])
    const { outstandingMinor, feesMinor, interestMinor } = balanceOf(world.plan)
    const owes = outstandingMinor + feesMinor + interestMinor + sumMinor(world.plan.instalments.map(interestToCome))
    // What was charged off is no receivable any more, and is still taken where the consumer pays it.
    const { status, chargedOffMinor, recoveredMinor } = world.plan
    const recoverableMinor = status === 'CHARGED_OFF' ? chargedOffMinor - recoveredMinor : 0
    expect(sumMinor(world.payments.owed.map(({ owedMinor }) => owedMinor))).toBe(owes + recoverableMinor)
    // Only a payment that failed for good leaves something owed.
    if (world.payments.payments.every(({ status }) => status !== 'FAILED')) expect(owes).toBe(0)
  })
  fc.assert(property, { numRuns: 150 })
})

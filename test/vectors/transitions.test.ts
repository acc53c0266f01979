/**
 * The state machines of purchases and plans: every step that they do not have is tried in every state, and must be
 * refused with a reason and change nothing. The drawings in docs/state-machines.md are those of the tables.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { drawing, isLegal, type StateMachine } from '#domain/state-machine.ts'
import type { PlanState, PlanStatus, PurchaseState, PurchaseStatus } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { isStreamsError } from '#streams'
import { given } from '#streams/testing'
import { codeMachine } from '#topologies/consumers/code-machine.ts'
import { kycMachine } from '#topologies/consumers/kyc-machine.ts'
import { type PlanInput, planDecider } from '#topologies/installments/plan.ts'
import { isPlanCommand } from '#topologies/installments/plan-commands.ts'
import { checkedMove as checkedPlan, instalmentMachine, planMachine } from '#topologies/installments/plan-machine.ts'
import * as plans from '#topologies/installments/plan-samples.ts'
import { isPlanEvent, type PlanFact } from '#topologies/installments/plan-state.ts'
import { applicationMachine, merchantMachine } from '#topologies/merchants/merchant-machine.ts'
import { disputeAfter, disputeMachine } from '#topologies/purchases/dispute-machine.ts'
import type { PurchaseInput } from '#topologies/purchases/facts.ts'
import { purchase } from '#topologies/purchases/purchase.ts'
import { checkedMove as checkedPurchase, purchaseMachine } from '#topologies/purchases/purchase-machine.ts'
import * as purchases from '#topologies/purchases/purchase-samples.ts'

const statesOf = <S extends string>(machine: StateMachine<S, string>) => Object.keys(machine.transitions) as S[]
const movesOf = (machine: StateMachine<string, string>) => [
  ...new Set(Object.values(machine.transitions).flatMap((moves) => Object.keys(moves))),
]

/** Every step from a state by an event to a state that the machine does not have. */
function illegalSteps<S extends string>(machine: StateMachine<S, never>): [S, string, S][] {
  const any = machine as unknown as StateMachine<S, string>
  const states = statesOf(any)
  return states.flatMap((from) =>
    movesOf(any).flatMap((move) =>
      states.flatMap((to): [S, string, S][] => (isLegal(any, from, move, to) ? [] : [[from, move, to]])),
    ),
  )
}

/** The code of what it throws; `nothing thrown` where it throws nothing. */
function codeOf(work: () => unknown): string {
  try {
    work()
    return 'nothing thrown'
  } catch (error) {
    return isStreamsError(error) ? error.code : String(error)
  }
}

describe('every step that a machine does not have is refused before anything changes', () => {
  const bought: PurchaseState = given(purchase, 'pur_1').after(purchases.request(), purchases.authorised()).state
  const planned: PlanState = given(planDecider(), plans.PLAN_ID).after(
    plans.approved(100_00),
    plans.paid('p', 25_00),
  ).state

  test.each(illegalSteps(purchaseMachine))('purchase: %s by %s to %s', (from, move, to) => {
    const fact = sampleRecord(move as 'PurchaseCaptured')
    const before = { ...bought, status: from as PurchaseStatus }
    expect(codeOf(() => checkedPurchase(before, fact, { ...before, status: to as PurchaseStatus }))).toBe(
      'TRANSITION_ILLEGAL',
    )
  })

  test.each(illegalSteps(disputeMachine))('dispute: %s by %s to %s', (from, move, to) => {
    const fact = sampleRecord(move as 'DisputeOpened')
    expect(codeOf(() => disputeAfter(from, fact, to))).toBe('TRANSITION_ILLEGAL')
  })

  test.each(illegalSteps(planMachine))('plan: %s by %s to %s', (from, move, to) => {
    const fact = { type: move } as PlanFact
    const before = { ...planned, status: from as PlanStatus }
    expect(codeOf(() => checkedPlan(before, fact, { ...before, status: to as PlanStatus }))).toBe('TRANSITION_ILLEGAL')
  })
})

/** A purchase in each state. */
const at = (...inputs: readonly PurchaseInput[]) => given(purchase, 'pur_1').after(...inputs)
const authorisedPurchase = at(purchases.request(), purchases.authorised())
const inState: Readonly<Record<PurchaseStatus, ReturnType<typeof at>>> = {
  NEW: at(),
  PENDING: at(purchases.request()),
  AUTHORISED: authorisedPurchase,
  PARTLY_CAPTURED: authorisedPurchase.after(purchases.capture('cap_1', 6_000)),
  CAPTURED: authorisedPurchase.after(purchases.capture('cap_1', 10_000)),
  COMPLETED: authorisedPurchase.after(purchases.capture('cap_1', 10_000), purchases.completed()),
  REJECTED: at(purchases.request(), purchases.declined('LIMIT_EXCEEDED')),
  VOIDED: authorisedPurchase.after(purchases.release('rel_1', null)),
  EXPIRED: authorisedPurchase.after(purchases.tick(purchases.T0 + 13 * purchases.DAY)),
}

/** All that a purchase can hear. */
const heard: readonly PurchaseInput[] = [
  purchases.request(),
  purchases.authorised(),
  purchases.declined('LIMIT_EXCEEDED'),
  purchases.cancelled('FIRST_PAYMENT_FAILED'),
  purchases.completed(),
  purchases.capture('cap_9', 1),
  purchases.release('rel_9', 1),
  purchases.refund('ref_9', 1),
  purchases.dispute('dis_9', 1),
  purchases.evidence('dis_9'),
  purchases.decideDispute('dis_9', false),
  purchases.chargedBack('cb_9', 1),
  purchases.extend(purchases.T0 + 20 * purchases.DAY),
  purchases.tick(purchases.T0 + 13 * purchases.DAY),
]

describe('whatever a purchase hears in whatever state, it takes a legal step, refuses with a reason, or stays', () => {
  const cases = statesOf(purchaseMachine).flatMap((state) => heard.map((input) => [state, input.type, input] as const))
  test.each(cases)('%s hears %s', (state, _type, input) => {
    const before = inState[state]
    expect(before.state.status).toBe(state)
    const { events, state: after } = before.when(input)
    for (const event of events) {
      if (event.type !== 'PurchaseCommandRefused') continue
      expect(event.code).toMatch(/^[A-Z_]+$/)
      expect(event.detail.length).toBeGreaterThan(20)
      expect(after).toEqual(before.state)
    }
    if (input.type.endsWith('Purchase')) expect(events.length).toBeGreaterThan(0)
    if (events.length === 0) expect(after).toEqual(before.state)
  })
})

/** A plan in each state. */
const plan = (...inputs: readonly PlanInput[]) => given(planDecider(), plans.PLAN_ID).after(...inputs)
const authorisedPlan = plan(plans.approved(100_00), plans.paid('pay_1', 25_00))
const chargedOffPlan = authorisedPlan.after(plans.captured('cap_1', 100_00), plans.tick(14), plans.tick(134))
const planInState: Readonly<Record<PlanStatus, ReturnType<typeof plan>>> = {
  NEW: plan(),
  PROPOSED: plan(plans.approved(100_00)),
  AUTHORISED: authorisedPlan,
  CANCELLED: authorisedPlan.after(plans.released('rel_1', 100_00)),
  COMPLETED: authorisedPlan.after(plans.captured('cap_1', 100_00), plans.paid('pay_2', 75_00, 1, 2)),
  CHARGED_OFF: chargedOffPlan,
  WRITTEN_OFF: chargedOffPlan.after(plans.writeOff(140)),
}

/** All that a plan can hear, with what makes no sense in most states. */
const planHeard: readonly [what: string, input: PlanInput][] = [
  ['its approval', plans.approved(100_00)],
  ['a payment', plans.paid('pay_9', 25_00)],
  ['a failed first payment', plans.failed('pay_9')],
  ['a capture of all', plans.captured('cap_9', 100_00)],
  ['a capture of too much', plans.captured('cap_9', 100_01)],
  ['a release of all', plans.released('rel_9', 100_00)],
  ['a refund of too much', plans.refunded('ref_9', 100_01)],
  ['a day that goes by', plans.tick(20)],
  ['a date to move', plans.moveDate(2, 20, 5)],
  ['a pause', plans.pause('RETURN', 5)],
  ['hardship', plans.hardship('har_9', 6, 200, 150)],
  ['the end of a hardship plan there is not', plans.undoHardship('har_8', 150)],
  ['fraud', plans.fraud(150)],
  ['the end of a charge-off', plans.undoChargeOff(150)],
  ['a write-off', plans.writeOff(150)],
  ['a waiver of a fee there is not', plans.waive('fee_9', null, 150)],
  ['a reversal of a fee there is not', plans.reverse('fee_9', 150)],
  ['the undoing of its first payment', plans.undoPayment('pay_1', 150)],
  ['the undoing of a payment it never had', plans.undoPayment('pay_8', 150)],
  ['a charge-back of its first payment', plans.chargedBack('pay_1', 25_00, 150)],
  ['a charge-back of a payment it never had', plans.chargedBack('pay_8', 25_00, 150)],
]

describe('whatever a plan hears in whatever state, it takes a legal step, is parked with a reason, or stays', () => {
  const cases = statesOf(planMachine).flatMap((state) =>
    planHeard.map(([what, input]) => [state, what, input] as const),
  )
  test.each(cases)('%s hears of %s', (state, _what, input) => {
    const before = planInState[state]
    expect(before.state.status).toBe(state)
    const code = codeOf(() => before.when(input))
    if (code !== 'nothing thrown') {
      expect(['PLAN_UNKNOWN', 'PLAN_OUT_OF_STEP', 'TRANSITION_ILLEGAL']).toContain(code)
      return
    }
    const { events, state: after } = before.when(input)
    const told = events.filter(isPlanEvent)
    if (told.length === 0) expect(after).toEqual(before.state)
    if (isPlanCommand(input) && state !== 'NEW') expect(told.length).toBeGreaterThan(0)
    for (const event of told) {
      if (event.type !== 'PlanCommandRefused') continue
      expect(event.code).toMatch(/^[A-Z_]+$/)
      expect(event.detail.length).toBeGreaterThan(20)
      expect(after).toEqual(before.state)
    }
  })
})

test.each([
  purchaseMachine,
  disputeMachine,
  planMachine,
  instalmentMachine,
  kycMachine,
  codeMachine,
  merchantMachine,
  applicationMachine,
])('the drawing of the $name in the docs is that of its table', (machine) => {
  const page = readFileSync(new URL('../../docs/state-machines.md', import.meta.url), 'utf8')
  expect(page).toContain(drawing(machine as unknown as StateMachine<string, string>))
})

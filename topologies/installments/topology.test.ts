import { beforeEach, expect, test } from 'vitest'
import type { CommandAnswer, PlanState } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import type { Topic } from '#streams'
import { type DriverOptions, TopologyTestDriver } from '#streams/testing'
import type { PlanInput } from './plan.ts'
import { isPlanCommand } from './plan-commands.ts'
import {
  approved,
  approvedMonthly,
  captured,
  day,
  failed,
  hardship,
  PLAN_ID,
  paid,
  pause,
  refunded,
  released,
  tick,
} from './plan-samples.ts'
import { installmentsTopology } from './topology.ts'

const schemas = testSchemas()
const { topics } = schemas
let driver: TopologyTestDriver

beforeEach(async () => {
  driver = await open()
})

/** A pay in 4 with everything in it: late, refunded, paid too much. */
const LIFE: readonly PlanInput[] = [
  approved(100_00),
  paid('pay_1', 25_00),
  captured('cap_1', 60_00, 1),
  released('rel_1', 40_00, 2),
  tick(14),
  failed('pay_2', 14, false),
  tick(16),
  paid('pay_3', 25_00, 17, 2),
  refunded('ref_1', 10_00, 18),
  tick(23),
  tick(28),
  paid('pay_4', 15_00, 28, 3),
]

test('a purchase becomes a plan, and the plan says what is owed after each step', async () => {
  for (const input of LIFE) await pipe(driver, input)
  const told = driver.readValues(topics.planEvents)
  expect(told.map((event) => [event?.type, event?.balance.outstandingMinor, event?.balance.feesMinor])).toEqual([
    ['PlanProposed', 0, 0],
    ['InstalmentDue', 0, 0],
    ['InstalmentPaid', 0, 0],
    ['PlanAuthorised', 0, 0],
    ['PlanScheduled', 35_00, 0],
    ['PlanReleased', 35_00, 0],
    ['InstalmentDue', 35_00, 0],
    ['InstalmentOverdue', 35_00, 0],
    ['InstalmentDelinquent', 35_00, 0],
    ['LateFeeCharged', 35_00, 10_00],
    ['InstalmentPaid', 20_00, 0],
    ['RefundAllocated', 10_00, 0],
    ['InstalmentDue', 10_00, 0],
    ['InstalmentPaid', 0, 0],
    ['ReturnDue', 0, 0],
    ['PlanCompleted', 0, 0],
  ])
  expect(driver.deadLetters()).toEqual([])
})

test('the plan is kept under its id, and no day wakes it any more', async () => {
  for (const input of LIFE) await pipe(driver, input)
  const plan = await driver.store<PlanState>('plans').get(PLAN_ID)
  expect(plan).toMatchObject({ status: 'COMPLETED', capturedMinor: 60_00, releasedMinor: 40_00, refundedMinor: 10_00 })
  expect(plan?.payments).toEqual([
    { paymentId: 'pay_1', collectedMinor: 25_00, returnedMinor: 0, chargedBackMinor: 0 },
    { paymentId: 'pay_3', collectedMinor: 25_00, returnedMinor: 0, chargedBackMinor: 0 },
    { paymentId: 'pay_4', collectedMinor: 15_00, returnedMinor: 5_00, chargedBackMinor: 0 },
  ])
  expect(await driver.store('plans-due').entries()).toEqual([])
})

test('a command is answered by what it did, and not by the interest that it lets fall due', async () => {
  const reAge = hardship('har_1', 2, 70, 40)
  // The plan was paused on the day of its first instalment, which is past due without having been asked for.
  for (const input of [approvedMonthly(100_00), captured('cap_1', 100_00), pause('PROBLEM', 20), reAge]) {
    await pipe(driver, input)
  }
  const told = driver.readValues(topics.planEvents).map((event) => event?.type)
  expect(told.slice(-2)).toEqual(['InterestCharged', 'PlanReaged'])
  const answer = await driver.store<CommandAnswer>('answers').get(reAge.meta.id)
  expect(answer?.outcomeType).toBe('PlanReaged')
})

test('an event is of the chain and the day of what caused it, and under the consumer', async () => {
  const approval = approved(100_00)
  await pipe(driver, approval)
  for (const { key, value } of driver.read(topics.planEvents)) {
    const { correlationId, idempotencyKey, businessDate } = approval.meta
    const meta = { causationId: approval.meta.id, correlationId, idempotencyKey, businessDate, source: 'installments' }
    expect(key).toBe('con_1')
    expect(value?.meta).toMatchObject(meta)
  }
})

test('days wake each plan on its own day, whatever topic the rest came from', async () => {
  await driver.pipe(topics.creditEvents, approved(40_00, 'PAY_IN_30'))
  await driver.pipe(topics.purchaseEvents, captured('cap_1', 40_00, 3))
  driver.read(topics.planEvents)
  await driver.pipe(topics.clock, tick(32))
  expect(driver.readValues(topics.planEvents)).toEqual([])
  await driver.pipe(topics.clock, tick(33))
  expect(driver.readValues(topics.planEvents)).toMatchObject([
    { type: 'InstalmentDue', amountMinor: 40_00, dueDate: day(33), atCheckout: false },
  ])
})

test('what other topologies tell of their own passes by', async () => {
  await driver.pipe(topics.creditEvents, sampleRecord('LimitChanged'))
  await driver.pipe(topics.purchaseEvents, sampleRecord('PurchaseRequested'))
  await driver.pipe(topics.paymentEvents, sampleRecord('PaymentMethodAdded'))
  await driver.pipe(topics.paymentEvents, failed('pay_of_nobody'))
  expect(driver.readValues(topics.planEvents)).toEqual([])
  expect(await driver.store('plans').entries()).toEqual([])
})

test('money for a plan nobody knows is parked; what follows waits, and goes on once it is discarded', async () => {
  await pipe(driver, captured('cap_1', 40_00))
  await pipe(driver, approved(40_00, 'PAY_IN_30'))
  expect(await driver.parked()).toMatchObject([{ key: 'con_1', records: [{ cause: { code: 'PLAN_UNKNOWN' } }, {}] }])
  expect(driver.readValues(topics.planEvents)).toEqual([])
  await driver.control({ action: 'discard', key: 'con_1', records: 1 })
  await driver.control({ action: 'replay', key: 'con_1' })
  expect(driver.readValues(topics.planEvents)).toMatchObject([{ type: 'PlanProposed' }, { type: 'PlanAuthorised' }])
})

test('a crash before each commit changes nothing: the same events, the same state', async () => {
  for (const input of LIFE) await pipe(driver, input)
  const crashing = await open()
  for (const input of LIFE) {
    await crashing.pipeUncommitted(topicOf(input), input)
    await crashing.crash()
  }
  expect(crashing.records('plan.events')).toEqual(driver.records('plan.events'))
  for (const store of ['plans', 'plans-due']) {
    expect(await crashing.store(store).entries()).toEqual(await driver.store(store).entries())
  }
})

test('a replay with no state in memory gives the same bytes', async () => {
  for (const input of LIFE) await pipe(driver, input)
  const again = await open({ cacheBytesMax: 0 })
  for (const input of LIFE) await pipe(again, input)
  expect(again.records('plan.events')).toEqual(driver.records('plan.events'))
  expect(again.records('plan.events').length).toBeGreaterThan(0)
})

function open(options: DriverOptions = {}): Promise<TopologyTestDriver> {
  return TopologyTestDriver.create(installmentsTopology(schemas), options)
}

async function pipe(target: TopologyTestDriver, input: PlanInput): Promise<void> {
  await target.pipe(topicOf(input), input)
}

/** The topic an input of a plan comes from. */
function topicOf(input: PlanInput): Topic<PlanInput> {
  const { creditEvents, purchaseEvents, paymentEvents, planCommands, clock } = topics
  if (isPlanCommand(input)) return planCommands as Topic<PlanInput>
  const all = { PurchaseApproved: creditEvents, PaymentSucceeded: paymentEvents, PaymentFailed: paymentEvents }
  const found = input.type === 'ClockTicked' ? clock : (all[input.type as keyof typeof all] ?? purchaseEvents)
  return found as Topic<PlanInput>
}

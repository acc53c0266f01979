import { beforeEach, expect, test } from 'vitest'
import { dateToMs } from '#domain/calendar.ts'
import { deriveId } from '#domain/ids.ts'
import type { ChargeRequested, CommandAnswer, PlanPayments, WalletState } from '#schemas'
import { testSchemas } from '#schemas/testing.ts'
import type { Topic } from '#streams'
import { type DriverOptions, TopologyTestDriver } from '#streams/testing'
import type { Plain } from './look-up.ts'
import {
  addCard,
  applied,
  CARD,
  collected,
  day,
  declined,
  due,
  payNow,
  refundLeft,
  tick,
  WHO,
} from './payment-samples.ts'
import { paymentsTopology } from './topology.ts'
import type { WalletInput } from './wallet.ts'

type Input = Plain | WalletInput
const schemas = testSchemas()
const { topics } = schemas
const PAY = deriveId('pay', WHO.planId, 2)
let driver: TopologyTestDriver

beforeEach(async () => {
  driver = await open()
})

/** A card, an instalment that fails twice, a payment by hand, one that goes well. */
const LIFE: readonly Input[] = [
  addCard(),
  applied(0, 'pay_0', [
    [1, 0],
    [2, 25_00],
    [3, 25_00],
  ]),
  due(14, 2, 25_00),
  declined(14, deriveId('req', PAY, 1), 'SOFT'),
  tick(15),
  declined(15, deriveId('req', PAY, 2), 'SOFT'),
  payNow(16, 'pay_hand', 2, 25_00),
  tick(17),
  collected(17, deriveId('req', 'pay_hand', 1), 25_00),
  applied(17, 'pay_hand', [
    [2, 0],
    [3, 25_00],
  ]),
  refundLeft(18, 'ref_1', [
    [2, 0],
    [3, 20_00],
  ]),
  due(28, 3, 20_00),
]

test('a card is kept, its token is told to nobody, and its instalments are charged by it', async () => {
  await driver.pipe(topics.paymentCommands, addCard())
  expect(driver.read(topics.paymentEvents)).toMatchObject([{ key: 'con_1', value: { type: 'PaymentMethodAdded' } }])
  expect(JSON.stringify(driver.records('payment.events').map((it) => it.value?.toString('latin1')))).not.toContain(
    'tok_1',
  )
  expect((await driver.store<WalletState>('wallets').get('con_1'))?.methods).toEqual([CARD])
  await driver.pipe(topics.planEvents, due(0, 1, 25_00, { atCheckout: true }))
  expect(driver.read(topics.paymentRequests)).toMatchObject([
    { key: 'con_1', value: { type: 'ChargeRequested', token: 'tok_1', amountMinor: 25_00, atCheckout: true } },
  ])
})

test('a life of payments: requests and events go their ways, and notes stay inside', async () => {
  for (const input of LIFE) await pipe(driver, input)
  const requests = driver.readValues(topics.paymentRequests) as ChargeRequested[]
  expect(requests.map((it) => [it.meta.businessDate, it.instalmentNo, it.attempt, it.amountMinor])).toEqual([
    [day(14), 2, 1, 25_00],
    [day(15), 2, 2, 25_00],
    [day(16), 2, 1, 25_00],
    [day(28), 3, 1, 20_00],
  ])
  expect(driver.readValues(topics.paymentEvents).map((event) => event?.type)).toEqual([
    'PaymentMethodAdded',
    'PaymentAttemptFailed',
    'PaymentAttemptFailed',
    'PaymentSucceeded',
  ])
  const { payments } = (await driver.store<PlanPayments>('payments').get(WHO.planId)) as PlanPayments
  expect(payments.map((it) => [it.kind, it.status])).toEqual([
    ['AUTOPAY', 'CANCELLED'],
    ['MANUAL', 'APPLIED'],
    ['AUTOPAY', 'IN_FLIGHT'],
  ])
  expect(await driver.store('payments-due').entries()).toHaveLength(1)
})

test("an answer is stored with its outcome: a card's at once, a payment's with the charge's result", async () => {
  await pipe(driver, addCard(), applied(0, 'pay_0', [[2, 25_00]]), payNow(3, 'pay_hand', 2, 25_00))
  expect((await answer('cmd_add'))?.outcomeType).toBe('PaymentMethodAdded')
  expect(await answer('cmd_pay_hand')).toBeUndefined()
  await pipe(driver, collected(3, deriveId('req', 'pay_hand', 1), 25_00))
  const stored = await answer('cmd_pay_hand')
  expect(stored).toMatchObject({ outcomeType: 'PaymentSucceeded', answeredAt: dateToMs(day(3)) })
  const outcome = topics.paymentEvents.value.deserialize(stored?.outcome as Buffer)
  expect(outcome).toEqual(driver.readValues(topics.paymentEvents).at(-1))
})

test('a command that comes again changes nothing, on its way or answered', async () => {
  await pipe(driver, addCard(), addCard(), applied(0, 'pay_0', [[2, 25_00]]))
  const command = payNow(3, 'pay_hand', 2, 25_00)
  await pipe(driver, command, command, collected(3, deriveId('req', 'pay_hand', 1), 25_00), command)
  expect(driver.readValues(topics.paymentRequests)).toHaveLength(1)
  const told = driver.readValues(topics.paymentEvents).map((event) => event?.type)
  expect(told).toEqual(['PaymentMethodAdded', 'PaymentSucceeded'])
})

test('a refusal is an answer, and is kept for two days', async () => {
  await pipe(driver, payNow(3, 'pay_hand', 2, 25_00), addCard({ expiryYear: 2020 }))
  const told = driver.readValues(topics.paymentEvents)
  expect(told).toMatchObject([{ code: 'NOTHING_OWED' }, { code: 'CARD_EXPIRED' }])
  expect((await answer('cmd_pay_hand'))?.outcomeType).toBe('PaymentCommandRefused')
  await pipe(driver, tick(4))
  expect(await answer('cmd_pay_hand')).toBeDefined()
  await pipe(driver, tick(5))
  expect(await driver.store('answers').entries()).toEqual([])
})

test('an instalment without a card fails, and says so', async () => {
  await pipe(driver, due(0, 1, 25_00, { atCheckout: true }))
  expect(driver.readValues(topics.paymentEvents)).toMatchObject([
    { type: 'PaymentFailed', declineCode: 'payment_method_missing', declineClass: 'HARD', atCheckout: true },
  ])
  expect(driver.readValues(topics.paymentRequests)).toEqual([])
})

test('two plans that wake on one tick have requests of their own', async () => {
  await pipe(driver, addCard())
  for (const planId of ['pln_1', 'pln_2']) {
    await pipe(driver, due(14, 2, 25_00, { planId, meta: { ...due(14, 2, 25_00).meta, id: `due ${planId}` } }))
    await pipe(driver, { ...declined(14, deriveId('req', deriveId('pay', planId, 2), 1), 'SOFT'), planId })
  }
  driver.read(topics.paymentRequests)
  await pipe(driver, tick(15))
  const requests = driver.readValues(topics.paymentRequests)
  expect(requests.map((it) => it?.planId).sort()).toEqual(['pln_1', 'pln_2'])
  expect(new Set(requests.map((it) => it?.meta.id)).size).toBe(2)
})

test('a crash before each commit changes nothing: the same records, the same state', async () => {
  await pipe(driver, ...LIFE)
  const crashing = await open()
  for (const input of LIFE) {
    await crashing.pipeUncommitted(topicOf(input), input)
    await crashing.crash()
  }
  for (const topic of ['payment.events', 'payment.requests']) {
    expect(crashing.records(topic)).toEqual(driver.records(topic))
    expect(crashing.records(topic).length).toBeGreaterThan(0)
  }
  for (const store of ['wallets', 'payments', 'answers', 'payments-due', 'wallets-due']) {
    expect(await crashing.store(store).entries()).toEqual(await driver.store(store).entries())
  }
})

test('a replay with no state in memory gives the same bytes', async () => {
  await pipe(driver, ...LIFE)
  const again = await open({ cacheBytesMax: 0 })
  await pipe(again, ...LIFE)
  for (const topic of ['payment.events', 'payment.requests']) {
    expect(again.records(topic)).toEqual(driver.records(topic))
  }
})

function open(options: DriverOptions = {}): Promise<TopologyTestDriver> {
  return TopologyTestDriver.create(paymentsTopology(schemas), options)
}

async function pipe(target: TopologyTestDriver, ...inputs: readonly Input[]): Promise<void> {
  for (const input of inputs) await target.pipe(topicOf(input), input)
}

function answer(commandId: string): Promise<CommandAnswer | undefined> {
  return driver.store<CommandAnswer>('answers').get(commandId)
}

/** The topic an input comes from. */
function topicOf(input: Input): Topic<Input> {
  const { clock, paymentCommands, paymentResults, planEvents } = topics
  const { type } = input
  const isResult = type.startsWith('Charge') || type === 'ReturnSucceeded' || type === 'ReturnFailed'
  const isCommand = type === 'AddPaymentMethod' || type === 'PayInstalment'
  const found = type === 'ClockTicked' ? clock : isCommand ? paymentCommands : isResult ? paymentResults : planEvents
  return found as unknown as Topic<Input>
}

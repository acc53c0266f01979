/** What card networks allow after a decline, through the whole topology, day by day. */
import { beforeEach, describe, expect, test } from 'vitest'
import { dateToMs, daysBetween } from '#domain/calendar.ts'
import type { CardAttempts, ChargeFailed, ChargeRequested, PaymentEvent } from '#schemas'
import { testSchemas } from '#schemas/testing.ts'
import { TopologyTestDriver } from '#streams/testing'
import { addCard, collected, day, declined, due, on, payNow, refundLeft, tick, WHO } from './payment-samples.ts'
import { paymentsTopology } from './topology.ts'

const schemas = testSchemas()
const { topics } = schemas
let driver: TopologyTestDriver
let today: number
const requests: ChargeRequested[] = []
const told: PaymentEvent[] = []

beforeEach(async () => {
  driver = await TopologyTestDriver.create(paymentsTopology(schemas))
  requests.length = 0
  told.length = 0
  today = 14
  await driver.pipe(topics.paymentCommands, addCard())
})

/** What one plan asks for today. */
async function dueNow(planId: string, amountMinor = 25_00): Promise<ChargeRequested | undefined> {
  const meta = on(today, `due ${planId}`)
  await driver.pipe(topics.planEvents, due(today, 2, amountMinor, { planId, meta }))
  return read()
}

/** Answers a charge on its day; the gateway itself would try again. */
async function decline(request: ChargeRequested, network: string | null, networkCode: string | null, over = {}) {
  const { requestId, planId } = request
  const no: ChargeFailed = { ...declined(today, requestId, 'SOFT'), planId, network, networkCode, ...over }
  await driver.pipe(topics.paymentResults, no)
  return read()
}

async function nextDay(): Promise<ChargeRequested[]> {
  today += 1
  const before = requests.length
  await driver.pipe(topics.clock, tick(today))
  read()
  return requests.slice(before)
}

/** What was written since; the last request of it. */
function read(): ChargeRequested | undefined {
  const fresh = driver.readValues(topics.paymentRequests) as ChargeRequested[]
  requests.push(...fresh)
  told.push(...(driver.readValues(topics.paymentEvents) as PaymentEvent[]))
  return fresh.at(-1)
}

const last = () => told.at(-1)

const EVERY = [0, 1, 3, 7]

test.each<[string | null, string | null, number[], string]>([
  [null, null, EVERY, 'PAY_BY_HAND'],
  ['DISCOVER', '9', EVERY, 'PAY_BY_HAND'],
  ['VISA', '1', [0], 'USE_ANOTHER_CARD'],
  ['VISA', '2', EVERY, 'PAY_BY_HAND'],
  ['MASTERCARD', '02', EVERY, 'PAY_BY_HAND'],
  ['MASTERCARD', '03', [0], 'USE_ANOTHER_CARD'],
  ['MASTERCARD', '21', [0], 'USE_ANOTHER_CARD'],
  ['MASTERCARD', '24', EVERY, 'PAY_BY_HAND'],
  ['MASTERCARD', '25', EVERY, 'PAY_BY_HAND'],
  ['MASTERCARD', '26', [0, 2, 4, 8], 'PAY_BY_HAND'],
  ['MASTERCARD', '27', [0, 4, 8, 12], 'PAY_BY_HAND'],
  ['MASTERCARD', '28', [0, 6, 12, 18], 'PAY_BY_HAND'],
  ['MASTERCARD', '29', [0, 8, 16, 24], 'PAY_BY_HAND'],
  ['MASTERCARD', '30', [0, 10, 20, 30], 'PAY_BY_HAND'],
  ['ACH', 'R01', [0, 1, 3], 'PAY_BY_HAND'],
  ['ACH', 'R09', [0, 1, 3], 'PAY_BY_HAND'],
  ['ACH', 'R02', [0], 'USE_ANOTHER_CARD'],
])('a payment that %s declines with %s is tried on days %j, and then: %s', async (network, code, days, action) => {
  let request = await dueNow('pln_1')
  while (request !== undefined) {
    await decline(request, network, code)
    request = undefined
    const expected = last()
    for (let waits = 0; waits < 40 && request === undefined; waits += 1) request = (await nextDay())[0]
    // The consumer was told the day on which it came.
    if (request !== undefined) expect(expected).toMatchObject({ nextAttemptOn: request.meta.businessDate })
  }
  expect(requests.map(({ meta }) => daysBetween(day(14), meta.businessDate))).toEqual(days)
  expect(last()).toMatchObject({ type: 'PaymentFailed', network, networkCode: code, nextAction: action })
})

describe('Visa: 20 in 30 days of a card and amount, over all plans', () => {
  beforeEach(async () => {
    for (let no = 1; no <= 20; no += 1) {
      const request = await dueNow(`pln_${no}`)
      if (request !== undefined) await decline(request, 'VISA', '2')
    }
  })

  test('the twentieth decline waits until the first one has left the window', () => {
    const dates = told.filter((event) => event.type === 'PaymentAttemptFailed').map((event) => event.nextAttemptOn)
    expect(dates).toEqual([...Array(19).fill(day(15)), day(44)])
  })

  test('those that had an earlier date are told a new one, and nothing is charged before it', async () => {
    expect(await nextDay()).toEqual([])
    const delayed = told.filter((event) => event.type === 'PaymentDelayed')
    expect(delayed.map(({ nextAttemptOn }) => nextAttemptOn)).toEqual(Array(19).fill(day(44)))
    while (today < 43) expect(await nextDay()).toEqual([])
    expect(await nextDay()).toHaveLength(20)
  })

  test('the first attempt of another plan waits too, one of another amount does not', async () => {
    await nextDay()
    expect(await dueNow('pln_21')).toBeUndefined()
    expect(last()).toMatchObject({ type: 'PaymentDelayed', planId: 'pln_21', attempt: 0, nextAttemptOn: day(44) })
    expect(await dueNow('pln_22', 25_01)).toMatchObject({ planId: 'pln_22', attempt: 1 })
  })

  test('who pays by hand is not kept waiting', async () => {
    await driver.pipe(topics.paymentCommands, { ...payNow(today, 'pay_hand', 2, 25_00), planId: 'pln_1' })
    expect(read()).toMatchObject({ paymentId: 'pay_hand' })
  })
})

test('Mastercard: 10 in 24 hours of a card, whatever the amount', async () => {
  for (let no = 1; no <= 9; no += 1) {
    const request = await dueNow(`pln_${no}`, 10_00 + no)
    if (request !== undefined) await decline(request, 'MASTERCARD', '02')
  }
  // The tenth is on its way, and counts already.
  const tenth = await dueNow('pln_10', 99_00)
  expect(await dueNow('pln_11', 98_00)).toBeUndefined()
  expect(last()).toMatchObject({ type: 'PaymentDelayed', planId: 'pln_11', nextAttemptOn: day(15) })
  if (tenth !== undefined) await decline(tenth, 'MASTERCARD', '02')
  const next = await nextDay()
  expect(next).toHaveLength(10)
  expect(told.filter((event) => event.type === 'PaymentDelayed').at(-1)).toMatchObject({ nextAttemptOn: day(16) })
})

test('a card that its network has closed is not charged for other plans either, until it pays again', async () => {
  const first = await dueNow('pln_1')
  if (first !== undefined) await decline(first, 'MASTERCARD', '03')
  expect(await dueNow('pln_2')).toBeUndefined()
  expect(last()).toMatchObject({
    ...{ type: 'PaymentFailed', planId: 'pln_2', attempt: 0, declineCode: 'card_closed_by_network' },
    nextAction: 'USE_ANOTHER_CARD',
  })
  await driver.pipe(topics.paymentCommands, { ...payNow(today, 'pay_hand', 2, 25_00), planId: 'pln_2' })
  const byHand = read()
  expect(byHand).toMatchObject({ paymentId: 'pay_hand' })
  await driver.pipe(topics.paymentResults, {
    ...{ ...collected(today, byHand?.requestId ?? '', 25_00), planId: 'pln_2' },
  })
  expect(await dueNow('pln_3')).toMatchObject({ planId: 'pln_3' })
})

test('an entry on a bank account is repeated with the same amount only', async () => {
  const first = await dueNow(WHO.planId)
  if (first !== undefined) await decline(first, 'ACH', 'R01')
  await driver.pipe(topics.planEvents, refundLeft(today, 'ref_1', [[2, 20_00]]))
  expect(await nextDay()).toEqual([])
  expect(last()).toMatchObject({ type: 'PaymentFailed', declineCode: 'amount_changed', nextAction: 'PAY_BY_HAND' })
})

test('what is counted goes when its window has passed', async () => {
  await dueNow('pln_1')
  today += 31
  await dueNow('pln_2')
  const kept = await driver.store<CardAttempts>('card-attempts').get(WHO.consumerId)
  expect(kept?.attempts.map(({ atMs }) => atMs)).toEqual([dateToMs(day(45))])
})

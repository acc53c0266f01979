import { beforeEach, describe, expect, test } from 'vitest'
import { deriveId } from '#domain/ids.ts'
import type { ChargeRequested, ConsumerDebts, InstalmentPaid, PayPlans, PlanPayments } from '#schemas'
import { sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { TopologyTestDriver } from '#streams/testing'
import { addCard, applied, CARD, collected, day, declined, due, type Owed, on, WHO } from './payment-samples.ts'
import { paymentsTopology } from './topology.ts'

const schemas = testSchemas()
const { topics } = schemas
const OTHER = { planId: 'pln_2' }
let driver: TopologyTestDriver

/** Two plans on day 14: the first owes 25.00 due today and 25.00 later; the second 30.00 + 10.00 late, 20.00 later. */
beforeEach(async () => {
  driver = await TopologyTestDriver.create(paymentsTopology(schemas))
  await driver.pipe(topics.paymentCommands, addCard())
  await owes('pln_1', [
    [1, 0],
    [2, 25_00, 'DUE'],
    [3, 25_00],
  ])
  await driver.pipe(topics.planEvents, withFee())
  driver.read(topics.paymentRequests)
  driver.read(topics.paymentEvents)
})

describe('a payment over two plans', () => {
  test('is one charge, and each plan gets its part: due, overdue with a fee, then what is due later', async () => {
    await driver.pipe(topics.paymentCommands, pay('pay_a', 70_00))
    const [request, ...more] = requests()
    expect(more).toEqual([])
    expect(request).toMatchObject({ paymentId: 'pay_a', planId: 'pln_1', amountMinor: 70_00, atCheckout: true })
    await driver.pipe(topics.paymentResults, collected(14, REQUEST, 70_00))
    const second = deriveId('pay', 'pay_a', 'pln_2')
    const parts = [
      { paymentId: 'pay_a', planId: 'pln_1', instalmentNo: 2, amountMinor: 25_00 },
      { paymentId: second, planId: 'pln_2', instalmentNo: 1, amountMinor: 45_00 },
    ]
    expect(driver.readValues(topics.paymentEvents)).toMatchObject([
      { type: 'PaymentSucceeded', ...parts[1], groupId: 'pay_a', parts: [], prepayment: 'NEXT' },
      { type: 'PaymentSucceeded', ...parts[0], groupId: 'pay_a', parts },
    ])
    expect(await debts()).toMatchObject({ planIds: ['pln_1', 'pln_2'], underWay: [] })
  })

  test('beyond all that is due it pays the last ones, where the consumer says so', async () => {
    await driver.pipe(topics.paymentCommands, pay('pay_a', 70_00, { prepayment: 'LAST', planIds: ['pln_1', 'pln_2'] }))
    await driver.pipe(topics.paymentResults, collected(14, REQUEST, 70_00))
    const paid = driver.readValues(topics.paymentEvents)
    // The last payment of all is the third one of the first plan (day 28); the second plan's is due on day 14.
    expect(paid).toMatchObject([{ amountMinor: 40_00 }, { amountMinor: 30_00, prepayment: 'LAST' }])
  })

  test('that fails takes nothing from either plan, and both can be charged again', async () => {
    await driver.pipe(topics.paymentCommands, pay('pay_a', 70_00))
    await driver.pipe(topics.paymentResults, declined(14, REQUEST, 'SOFT'))
    expect(driver.readValues(topics.paymentEvents)).toMatchObject([
      { type: 'PaymentFailed', planId: 'pln_2', amountMinor: 45_00 },
      { type: 'PaymentFailed', planId: 'pln_1', amountMinor: 25_00, declineCode: 'insufficient_funds' },
    ])
    expect(await debts()).toMatchObject({ underWay: [] })
    requests()
    await driver.pipe(topics.paymentCommands, pay('pay_b', 10_00))
    expect(requests()).toMatchObject([{ amountMinor: 10_00 }])
  })

  test('and the platform’s own charge never collect the same money', async () => {
    await driver.pipe(topics.paymentCommands, pay('pay_a', 65_00))
    requests()
    await driver.pipe(topics.planEvents, due(14, 2, 25_00))
    expect(requests()).toEqual([])
    await driver.pipe(topics.paymentResults, collected(14, REQUEST, 65_00))
    await owes('pln_1', [[3, 25_00]], 'pay_a')
    expect(requests()).toEqual([])
    const { payments } = (await driver.store<PlanPayments>('payments').get('pln_1')) as PlanPayments
    expect(payments.map(({ kind, status }) => [kind, status])).toEqual([
      ['MANUAL', 'APPLIED'],
      ['AUTOPAY', 'CANCELLED'],
    ])
  })

  test('is charged once, however often the command comes: on its way, refused, and after its end', async () => {
    await driver.pipe(topics.paymentCommands, pay('pay_a', 70_00))
    await driver.pipe(topics.paymentCommands, pay('pay_a', 70_00))
    expect(requests()).toHaveLength(1)
    await driver.pipe(topics.paymentResults, collected(14, REQUEST, 70_00))
    await driver.pipe(topics.paymentResults, collected(14, REQUEST, 70_00))
    await driver.pipe(topics.paymentCommands, pay('pay_a', 70_00))
    expect(driver.readValues(topics.paymentEvents)).toHaveLength(2)
    expect(requests()).toEqual([])
    await driver.pipe(topics.paymentCommands, pay('pay_c', 500_00))
    await owes('pln_1', [[2, 600_00]])
    await driver.pipe(topics.paymentCommands, pay('pay_c', 500_00))
    expect(driver.readValues(topics.paymentEvents)).toMatchObject([{ code: 'AMOUNT_TOO_LARGE' }])
    expect(requests()).toEqual([])
  })

  test('is charged once though all that was owed went away while it was on its way', async () => {
    await driver.pipe(topics.paymentCommands, pay('pay_a', 70_00))
    await owes('pln_1', [])
    await owes('pln_2', [])
    await driver.pipe(topics.paymentCommands, pay('pay_a', 70_00))
    await driver.pipe(topics.paymentResults, collected(14, REQUEST, 70_00))
    expect(driver.readValues(topics.paymentEvents)).toMatchObject([
      { type: 'PaymentSucceeded', amountMinor: 45_00 },
      { type: 'PaymentSucceeded', amountMinor: 25_00 },
    ])
  })

  test.each<[string, Partial<PayPlans>, string]>([
    ['more than is owed', { amountMinor: 115_01 }, 'AMOUNT_TOO_LARGE'],
    ['more than the plan named owes', { amountMinor: 50_01, planIds: ['pln_1'] }, 'AMOUNT_TOO_LARGE'],
    ['nothing', { amountMinor: 0 }, 'AMOUNT_INVALID'],
    ['by a card that is not kept', { paymentMethodId: 'pm_9' }, 'PAYMENT_METHOD_UNKNOWN'],
    ['in another currency', { currency: 'EUR' }, 'CURRENCY_MISMATCH'],
    ['for a plan that owes nothing', { planIds: ['pln_9'] }, 'NOTHING_OWED'],
  ])('of %s is refused', async (_title, change, code) => {
    await driver.pipe(topics.paymentCommands, pay('pay_x', 50_00, change))
    expect(driver.readValues(topics.paymentEvents)).toMatchObject([
      { type: 'PaymentCommandRefused', command: 'PayPlans', code },
    ])
    expect(requests()).toEqual([])
  })

  test('waits for money that is on its way for one of them', async () => {
    await driver.pipe(topics.planEvents, due(14, 2, 25_00))
    requests()
    await driver.pipe(topics.paymentCommands, pay('pay_a', 25_00))
    expect(driver.readValues(topics.paymentEvents)).toMatchObject([{ code: 'PAYMENT_IN_FLIGHT' }])
    await driver.pipe(topics.paymentCommands, pay('pay_b', 25_00, { planIds: ['pln_2'] }))
    expect(requests()).toMatchObject([{ planId: 'pln_2', amountMinor: 25_00 }])
  })
})

const REQUEST = deriveId('req', 'pay_a', 1)

function pay(paymentId: string, amountMinor: number, change: Partial<PayPlans> = {}): PayPlans {
  const chosen = { paymentId, amountMinor, paymentMethodId: CARD.paymentMethodId, planIds: [], prepayment: 'NEXT' }
  return sampleRecord('PayPlans', { meta: on(14, `cmd_${paymentId}`), ...WHO, ...chosen, ...change })
}

async function owes(planId: string, owed: readonly Owed[], paymentId = `evt_${planId}_${owed.length}`): Promise<void> {
  await driver.pipe(topics.planEvents, { ...applied(14, paymentId, owed), planId })
}

/** The second plan: its first payment, of day 0, is late and cost a fee. */
function withFee(): InstalmentPaid {
  const late = applied(14, 'evt_fee', [
    [1, 30_00, 'OVERDUE'],
    [2, 20_00],
  ])
  const instalments = late.instalments.map((row) => (row.no === 1 ? { ...row, feesMinor: 10_00 } : row))
  const [first, second] = instalments
  return { ...late, ...OTHER, instalments: [first, { ...second, dueDate: day(20) }] as InstalmentPaid['instalments'] }
}

function requests(): ChargeRequested[] {
  return driver.readValues(topics.paymentRequests) as ChargeRequested[]
}

async function debts(): Promise<ConsumerDebts | undefined> {
  return driver.store<ConsumerDebts>('debts').get('con_1')
}

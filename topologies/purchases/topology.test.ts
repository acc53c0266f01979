import { describe, expect, test } from 'vitest'
import type { CommandAnswer, PurchaseState } from '#schemas'
import { testSchemas } from '#schemas/testing.ts'
import { arrives, playStory, TopologyTestDriver } from '#streams/testing'
import {
  authorised,
  cancelled,
  capture,
  completed,
  DAY,
  declined,
  meta,
  refund,
  release,
  request,
  T0,
  tick,
} from './purchase-samples.ts'
import { purchasesTopology } from './topology.ts'

const schemas = testSchemas()
const { topics } = schemas
const create = () => TopologyTestDriver.create(purchasesTopology(schemas), { partitions: 2 })
const told = (driver: TopologyTestDriver) => driver.readValues(topics.purchaseEvents).map((event) => event?.type)

describe('the purchases topology', () => {
  test('follows a purchase from its request to the last refund', async () => {
    const driver = await create()
    await driver.pipe(topics.purchaseCommands, request())
    await driver.pipe(topics.planEvents, authorised())
    await driver.pipeAll(topics.purchaseCommands, [capture('cap_1', 6_000), release('rel_1', null)])
    await driver.pipe(topics.planEvents, completed())
    await driver.pipe(topics.purchaseCommands, refund('ref_1', 6_000))
    expect(driver.read(topics.purchaseEvents).map(({ key, value }) => [key, value?.type])).toEqual([
      ['con_1', 'PurchaseRequested'],
      ['con_1', 'PurchaseAuthorised'],
      ['con_1', 'PurchaseCaptured'],
      ['con_1', 'PurchaseReleased'],
      ['con_1', 'PurchaseCompleted'],
      ['con_1', 'PurchaseRefunded'],
    ])
    expect(await driver.store<PurchaseState>('purchases').get('pur_1')).toMatchObject({
      status: 'COMPLETED',
      capturedMinor: 6_000,
      releasedMinor: 4_000,
      refundedMinor: 6_000,
      captures: [{ captureId: 'cap_1', refundedMinor: 6_000 }],
    })
  })

  test.each([
    ['a plan that is authorised', topics.planEvents, authorised(), ['PurchaseRequested', 'PurchaseAuthorised']],
    [
      'a failed first payment',
      topics.planEvents,
      cancelled('FIRST_PAYMENT_FAILED'),
      ['PurchaseRequested', 'PurchaseRejected'],
    ],
    ['a refusal', topics.creditEvents, declined('KYC_REQUIRED'), ['PurchaseRequested', 'PurchaseRejected']],
  ])('tells the same where the request is read before or after %s', async (_what, topic, news, types) => {
    const [usual, turned] = [await create(), await create()]
    await usual.pipe(topics.purchaseCommands, request())
    await usual.pipe(topic as typeof topics.planEvents, news as ReturnType<typeof authorised>)
    await turned.pipe(topic as typeof topics.planEvents, news as ReturnType<typeof authorised>)
    expect(told(turned)).toEqual([])
    await turned.pipe(topics.purchaseCommands, request())
    expect(told(usual)).toEqual(types)
    expect(told(turned)).toEqual(types)
    const state = (driver: TopologyTestDriver) => driver.store('purchases').entries()
    expect(await state(turned)).toEqual(await state(usual))
  })

  test('answers each command once, refusals too', async () => {
    const driver = await create()
    const commands = [capture('cap_0', 1), request(), capture('cap_1', 1)]
    await driver.pipeAll(topics.purchaseCommands, commands)
    expect(driver.readValues(topics.purchaseEvents)).toMatchObject([
      { type: 'PurchaseCommandRefused', code: 'PURCHASE_UNKNOWN', merchantId: 'mer_1' },
      { type: 'PurchaseRequested' },
      { type: 'PurchaseCommandRefused', code: 'NOT_AUTHORISED' },
    ])
    await driver.pipeAll(topics.purchaseCommands, commands)
    expect(told(driver)).toEqual([])
    const answers = await driver.store<CommandAnswer>('answers').entries()
    expect(answers.map(([id, { outcomeType }]) => [id, outcomeType])).toEqual([
      ['cmd_cap_0', 'PurchaseCommandRefused'],
      ['cmd_cap_1', 'PurchaseCommandRefused'],
      ['cmd_request', 'PurchaseRequested'],
    ])
    await driver.pipe(topics.clock, tick(T0 + 2 * DAY))
    expect(await driver.store('answers').entries()).toEqual([])
  })

  test('releases what is not captured in 13 days, of each purchase on its own day', async () => {
    const driver = await create()
    const second = { ...request(), purchaseId: 'pur_2', meta: meta('cmd_request_2') }
    await driver.pipeAll(topics.purchaseCommands, [request(), second])
    const later = authorised({ purchaseId: 'pur_2', meta: meta('evt_plan_2', T0 + DAY) })
    await driver.pipeAll(topics.planEvents, [authorised(), later])
    await driver.pipe(topics.purchaseCommands, capture('cap_1', 6_000))
    told(driver)
    await driver.pipe(topics.clock, tick(T0 + 13 * DAY))
    expect(driver.readValues(topics.purchaseEvents)).toMatchObject([
      { type: 'PurchaseReleased', purchaseId: 'pur_1', cause: 'EXPIRED', amountMinor: 4_000 },
    ])
    await driver.pipe(topics.clock, tick(T0 + 30 * DAY))
    expect(driver.readValues(topics.purchaseEvents)).toMatchObject([
      { type: 'PurchaseReleased', purchaseId: 'pur_2', cause: 'EXPIRED', amountMinor: 10_000 },
    ])
    expect(await driver.store('purchases-due').entries()).toEqual([])
  })

  test('puts aside what is not a record of its topics, and goes on', async () => {
    const driver = await create()
    const inputs = [topics.purchaseCommands, topics.creditEvents, topics.planEvents, topics.clock]
    for (const topic of inputs) await driver.pipeBytes(topic, 'con_1', Buffer.from('not Avro'))
    expect(new Set(driver.deadLetters().map(({ topic }) => topic))).toEqual(new Set(inputs.map(({ name }) => name)))
    await driver.pipe(topics.purchaseCommands, request())
    expect(told(driver)).toEqual(['PurchaseRequested'])
  })

  const story = [
    arrives(topics.planEvents, authorised()),
    arrives(topics.purchaseCommands, request()),
    arrives(topics.purchaseCommands, request()),
    arrives(topics.purchaseCommands, capture('cap_1', 6_000)),
    arrives(topics.purchaseCommands, capture('cap_2', 6_000)),
    arrives(topics.purchaseCommands, refund('ref_1', 100)),
    arrives(topics.clock, tick(T0 + 13 * DAY)),
    arrives(topics.planEvents, completed()),
  ]
  const play = (crashAt?: number) =>
    playStory(purchasesTopology(schemas), story, {
      ...(crashAt === undefined ? {} : { crashAt }),
      topics: [topics.purchaseEvents],
      stores: ['purchases', 'purchases-due', 'answers'],
    })

  test.each(story.keys().toArray())('gives the same bytes and state after a crash in step %i', async (crashAt) => {
    const smooth = await play()
    expect(smooth.written['purchase.events']).toHaveLength(7)
    expect(await play(crashAt)).toEqual(smooth)
  })
})

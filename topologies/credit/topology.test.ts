import { describe, expect, test } from 'vitest'
import { deriveId } from '#domain/ids.ts'
import type { CommandAnswer, CreditState, MerchantStatus, MerchantStatusChanged, PublishCreditPolicy } from '#schemas'
import { testSchemas } from '#schemas/testing.ts'
import { arrives, playStory, TopologyTestDriver } from '#streams/testing'
import p2 from './credit-policy-p2.json' with { type: 'json' }
import {
  bureauRequestId,
  completed,
  HOUR,
  kyc,
  overdue,
  paid,
  registered,
  report,
  request,
  T0,
  tick,
} from './credit-samples.ts'
import { creditTopology } from './topology.ts'

const schemas = testSchemas()
const { topics } = schemas
const create = () => TopologyTestDriver.create(creditTopology(schemas), { partitions: 2 })

/** A driver whose consumer has a limit of 600.00; what that took to tell is read already. */
async function withLimit600(): Promise<TopologyTestDriver> {
  const driver = await create()
  await driver.pipeAll(topics.consumerEvents, [registered(), kyc('APPROVED')])
  await driver.pipe(topics.bureauResults, report(550))
  driver.read(topics.creditEvents)
  return driver
}

const statusOf = (merchantId: string, status: MerchantStatus): MerchantStatusChanged => ({
  ...{ type: 'MerchantStatusChanged', meta: { ...tick(T0).meta, id: `evt_${merchantId}_${status}` } },
  ...{ merchantId, status, previous: status === 'ACTIVE' ? 'SUSPENDED' : 'ACTIVE', reason: 'complaints' },
})

describe('the credit topology', () => {
  test('asks the bureau about a verified consumer and sets the limit', async () => {
    const driver = await create()
    await driver.pipeAll(topics.consumerEvents, [registered(), kyc('APPROVED')])
    expect(driver.read(topics.bureauRequests)).toMatchObject([
      { key: 'con_1', value: { type: 'BureauReportRequested', requestId: bureauRequestId(1) } },
    ])
    await driver.pipe(topics.bureauResults, report(550))
    expect(driver.read(topics.creditEvents)).toMatchObject([
      { key: 'con_1', value: { type: 'LimitChanged', limitMinor: 60_000 } },
      { key: 'con_1', value: { type: 'ExposureChanged', availableMinor: 60_000 } },
    ])
    expect(await driver.store<CreditState>('credit').get('con_1')).toMatchObject({ limitMinor: 60_000, score: 550 })
  })

  test('approves exactly 6 of 50 purchases of 100 that come at once on a limit of 600', async () => {
    const driver = await withLimit600()
    await driver.pipeAll(
      topics.purchaseCommands,
      Array.from({ length: 50 }, (_, no) => request(no, 10_000)),
    )
    const types = driver.readValues(topics.creditEvents).map((event) => event?.type)
    expect(types.filter((type) => type === 'PurchaseApproved')).toHaveLength(6)
    expect(types.filter((type) => type === 'PurchaseDeclined')).toHaveLength(44)
    expect(await driver.store<CreditState>('credit').get('con_1')).toMatchObject({
      exposure: { holdMinor: 60_000, availableMinor: 0 },
    })
  })

  test('approves the same 6 where it dies in the middle of them', async () => {
    const [whole, broken] = [await withLimit600(), await withLimit600()]
    for (const no of Array.from({ length: 50 }).keys()) {
      await whole.pipe(topics.purchaseCommands, request(no, 10_000))
      await broken.pipeUncommitted(topics.purchaseCommands, request(no, 10_000))
      if (no % 7 === 3) await broken.crash()
    }
    await broken.commit()
    const approvals = (driver: TopologyTestDriver) =>
      driver.readValues(topics.creditEvents).filter((event) => event?.type === 'PurchaseApproved')
    expect(approvals(broken)).toEqual(approvals(whole))
    expect(await broken.store('credit').entries()).toEqual(await whole.store('credit').entries())
  })

  test('answers each request once and keeps the decision as its answer', async () => {
    const driver = await withLimit600()
    await driver.pipeAll(topics.purchaseCommands, [request(1, 10_000), request(1, 10_000), request(2, 70_000)])
    const types = driver.readValues(topics.creditEvents).map((event) => event?.type)
    expect(types).toEqual(['PurchaseApproved', 'ExposureChanged', 'PurchaseDeclined'])
    const answer = await driver.store<CommandAnswer>('answers').get('cmd_request_2')
    expect(answer).toMatchObject({ outcomeType: 'PurchaseDeclined', idempotencyKey: null })
    expect(topics.creditEvents.value.deserialize(answer?.outcome ?? Buffer.of())).toMatchObject({
      reasons: [{ code: 'LIMIT_EXCEEDED' }],
      counterOfferMinor: 50_000,
      features: { bureauScore: 550, exposureMinor: 10_000 },
    })
  })

  test('follows the plans: what is paid frees the limit, what is late blocks it', async () => {
    const driver = await withLimit600()
    await driver.pipe(topics.purchaseCommands, request(1, 40_000))
    await driver.pipe(topics.planEvents, overdue(1, 2, { outstandingMinor: 30_000, feesMinor: 1_000 }))
    await driver.pipe(topics.purchaseCommands, request(2, 100))
    await driver.pipe(topics.planEvents, paid(1, { outstandingMinor: 10_000 }, 'PAID', 'PAID', 'SCHEDULED'))
    await driver.pipe(topics.planEvents, completed(1))
    await driver.pipe(topics.purchaseCommands, request(3, 60_000))
    expect(driver.readValues(topics.creditEvents)).toMatchObject([
      { type: 'PurchaseApproved' },
      { type: 'ExposureChanged', holdMinor: 40_000, availableMinor: 20_000 },
      { type: 'ExposureChanged', outstandingMinor: 30_000, feesMinor: 1_000, availableMinor: 29_000, blocked: true },
      { type: 'PurchaseDeclined', reasons: [{ code: 'PAYMENT_OVERDUE' }] },
      { type: 'ExposureChanged', outstandingMinor: 10_000, feesMinor: 0, blocked: false },
      { type: 'ExposureChanged', outstandingMinor: 0, availableMinor: 60_000 },
      { type: 'PurchaseApproved' },
      { type: 'ExposureChanged', availableMinor: 0 },
    ])
  })

  test('asks the bureau again when a tick says that it is time', async () => {
    const driver = await create()
    await driver.pipeAll(topics.consumerEvents, [registered(), kyc('APPROVED')])
    await driver.pipe(topics.bureauResults, report(null, { outcome: 'UNAVAILABLE' }))
    await driver.pipe(topics.clock, tick(T0 + HOUR))
    await driver.pipe(topics.clock, tick(T0 + 2 * HOUR))
    const asked = driver.readValues(topics.bureauRequests).map((value) => value?.requestId)
    expect(asked).toEqual([bureauRequestId(1), bureauRequestId(2)])
    expect(driver.readValues(topics.creditEvents)).toEqual([])
  })

  test('puts aside what is not a record of its topics, and goes on', async () => {
    const driver = await withLimit600()
    const inputs = [
      topics.purchaseCommands,
      topics.consumerEvents,
      topics.bureauResults,
      topics.planEvents,
      topics.clock,
      topics.creditRuleCommands,
      topics.creditRules,
      topics.paymentEvents,
    ]
    for (const topic of inputs) await driver.pipeBytes(topic, 'con_1', Buffer.from('not Avro'))
    expect(new Set(driver.deadLetters().map(({ topic }) => topic))).toEqual(new Set(inputs.map(({ name }) => name)))
    await driver.pipe(topics.purchaseCommands, request(1, 10_000))
    expect(driver.readValues(topics.creditEvents)).toMatchObject([{ type: 'PurchaseApproved' }, {}])
  })

  test('lets a purchase wait for its report, decides others meanwhile, and answers it then', async () => {
    const driver = await withLimit600()
    const other = { consumerId: 'con_2' }
    await driver.pipeAll(topics.consumerEvents, [registered(other), { ...kyc('APPROVED'), ...other }])
    const [waits, repeat] = [request(8, 5_000, other), request(8, 5_000, other)]
    await driver.pipeAll(topics.purchaseCommands, [waits, request(1, 10_000), repeat])
    expect(driver.readValues(topics.creditEvents)).toMatchObject([
      { type: 'PurchaseApproved', purchaseId: 'pur_1' },
      { type: 'ExposureChanged' },
    ])
    expect(await driver.store<CommandAnswer>('answers').get('cmd_request_8')).toBeUndefined()
    await driver.crash()
    await driver.pipe(topics.bureauResults, report(550, { ...other, requestId: deriveId('req', 'bureau', 'con_2', 1) }))
    expect(driver.readValues(topics.creditEvents)).toMatchObject([
      { type: 'LimitChanged', limitMinor: 60_000 },
      { type: 'PurchaseApproved', purchaseId: 'pur_8', meta: { causationId: 'cmd_request_8' } },
      { type: 'ExposureChanged', holdMinor: 5_000 },
    ])
    const answer = await driver.store<CommandAnswer>('answers').get('cmd_request_8')
    expect(answer).toMatchObject({ outcomeType: 'PurchaseApproved', answeredAt: T0 })
    await driver.pipe(topics.purchaseCommands, repeat)
    expect(driver.readValues(topics.creditEvents)).toEqual([])
  })

  test('refuses what waited for its report where the merchant was suspended meanwhile', async () => {
    const driver = await create()
    await driver.pipeAll(topics.consumerEvents, [registered(), kyc('APPROVED')])
    const other = request(2, 5_000, { merchantId: 'mer_2' })
    await driver.pipeAll(topics.purchaseCommands, [request(1, 5_000), other])
    for (const merchantId of ['mer_1', 'mer_2'])
      await driver.pipe(topics.creditRules, statusOf(merchantId, 'SUSPENDED'))
    await driver.pipe(topics.creditRules, statusOf('mer_2', 'ACTIVE'))
    await driver.pipe(topics.bureauResults, report(550))
    const reasons = [{ code: 'MERCHANT_NOT_ACTIVE' }]
    expect(driver.readValues(topics.creditEvents)).toMatchObject([
      { type: 'LimitChanged' },
      { type: 'PurchaseDeclined', purchaseId: 'pur_1', reasons, counterOfferMinor: null },
      { type: 'PurchaseApproved', purchaseId: 'pur_2' },
      { type: 'ExposureChanged', holdMinor: 5_000 },
    ])
  })

  test('answers a purchase whose report does not come when a tick ends its time', async () => {
    const driver = await create()
    await driver.pipeAll(topics.consumerEvents, [registered(), kyc('APPROVED')])
    await driver.pipe(topics.purchaseCommands, request(1, 5_000))
    await driver.pipe(topics.clock, tick(T0 + 5 * 60_000 - 1))
    expect(driver.readValues(topics.creditEvents)).toEqual([])
    await driver.pipe(topics.clock, tick(T0 + 5 * 60_000))
    expect(driver.readValues(topics.creditEvents)).toMatchObject([
      { type: 'PurchaseDeclined', reasons: [{ code: 'CREDIT_REPORT_PENDING' }] },
    ])
    expect(await driver.store<CommandAnswer>('answers').get('cmd_request_1')).toMatchObject({
      outcomeType: 'PurchaseDeclined',
    })
  })

  const strict = { ...p2, version: 'p3', caps: { ...p2.caps, firstPurchase: 100 }, examples: p2.examples.slice(6, 7) }
  const publish = (policy: object, effectiveFrom = T0): PublishCreditPolicy => ({
    ...{ type: 'PublishCreditPolicy', meta: { ...tick(T0).meta, id: `cmd_${effectiveFrom}` }, effectiveFrom },
    file: JSON.stringify(policy),
  })

  test('tells every task of a policy, and each decides by it from its time on', async () => {
    const driver = await TopologyTestDriver.create(creditTopology(schemas), { partitions: 4 })
    const people = Array.from({ length: 8 }, (_, no) => `con_${no}`)
    for (const consumerId of people) {
      await driver.pipeAll(topics.consumerEvents, [registered({ consumerId }), { ...kyc('APPROVED'), consumerId }])
      const requestId = deriveId('req', 'bureau', consumerId, 1)
      await driver.pipe(topics.bureauResults, report(550, { consumerId, requestId }))
    }
    driver.read(topics.creditEvents)
    await driver.pipe(topics.creditRuleCommands, publish(strict, T0 + HOUR))
    expect(driver.readValues(topics.creditRuleEvents)).toMatchObject([{ type: 'CreditPolicyPublished', version: 'p3' }])
    expect(driver.readValues(topics.creditRules)).toHaveLength(4)
    const ask = async (no: number, hours: number) => {
      for (const consumerId of people) {
        const { meta, ...rest } = request(no, 20_000, { consumerId, purchaseId: `pur_${no}_${consumerId}` })
        const at = { ...meta, id: `cmd_${no}_${consumerId}`, occurredAt: T0 + hours * HOUR }
        await driver.pipe(topics.purchaseCommands, { ...rest, meta: at })
      }
      return driver.readValues(topics.creditEvents).filter((event) => event?.type.startsWith('Purchase'))
    }
    const [early, late] = [await ask(1, 0), await ask(2, 1)]
    expect(early.map((event) => event && 'policyVersion' in event && event.policyVersion)).toEqual(
      people.map(() => 'p2'),
    )
    expect(late.map((event) => event && 'policyVersion' in event && event.policyVersion)).toEqual(
      people.map(() => 'p3'),
    )
  })

  test('answers a policy that cannot be used once, and tells nobody of it', async () => {
    const driver = await create()
    const command = publish({ ...strict, bands: p2.bands.slice(1) })
    await driver.pipeAll(topics.creditRuleCommands, [command, command])
    expect(driver.readValues(topics.creditRuleEvents)).toMatchObject([
      { type: 'CreditRulesRefused', code: 'CREDIT_POLICY_INVALID', problems: [{ code: 'POLICY_BAND_GAP' }] },
    ])
    expect(driver.readValues(topics.creditRules)).toEqual([])
  })

  const story = [
    arrives(topics.creditRuleCommands, publish(strict, T0 + 3 * HOUR)),
    arrives(topics.consumerEvents, registered()),
    arrives(topics.consumerEvents, kyc('APPROVED')),
    arrives(topics.purchaseCommands, request(9, 7_000)),
    arrives(topics.creditRules, statusOf('mer_1', 'SUSPENDED')),
    arrives(topics.bureauResults, report(null, { outcome: 'UNAVAILABLE' })),
    arrives(topics.clock, tick(T0 + HOUR)),
    arrives(topics.bureauResults, report(550, { requestId: bureauRequestId(2) })),
    arrives(topics.purchaseCommands, request(1, 40_000)),
    arrives(topics.purchaseCommands, request(1, 40_000)),
    arrives(topics.purchaseCommands, request(2, 40_000)),
    arrives(topics.planEvents, overdue(1, 1, { outstandingMinor: 30_000 })),
    arrives(topics.planEvents, completed(1)),
    arrives(topics.purchaseCommands, request(3, 60_000)),
    arrives(topics.creditRuleCommands, publish({ ...strict, version: 'p4' }, T0)),
    arrives(topics.purchaseCommands, request(4, 20_000)),
  ]
  const play = (crashAt?: number) =>
    playStory(creditTopology(schemas), story, {
      ...(crashAt === undefined ? {} : { crashAt }),
      topics: [topics.creditEvents, topics.bureauRequests, topics.creditRuleEvents, topics.creditRules],
      stores: ['credit', 'credit-due', 'answers', 'rules', 'rule-book', 'rule-answers'],
    })

  test.each(story.keys().toArray())('gives the same bytes and state after a crash in step %i', async (crashAt) => {
    const smooth = await play()
    expect(smooth.written['credit.events']).toHaveLength(11)
    expect(await play(crashAt)).toEqual(smooth)
  })
})

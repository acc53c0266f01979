import { describe, expect, test } from 'vitest'
import type { NotificationRequested, NotificationState } from '#schemas'
import { sampleMeta, sampleRecord } from '#schemas/sample-record.ts'
import { testSchemas } from '#schemas/testing.ts'
import { crashReplay, crashStep, TopologyTestDriver } from '#streams/testing'
import { notificationsTopology } from './topology.ts'

const schemas = testSchemas()
const { topics } = schemas

const of = (id: string) => ({ meta: sampleMeta(id), consumerId: 'con_1' })
const registered = sampleRecord('ConsumerRegistered', {
  ...of('evt_1'),
  email: 'ada@example.com',
  phone: '+4915550100',
  language: 'de',
  country: 'DE',
  timeZone: 'Asia/Tokyo',
})
const failed = sampleRecord('PaymentFailed', { ...of('evt_2'), instalmentNo: 2, amountMinor: 25_00 })
const declined = sampleRecord('PurchaseDeclined', {
  ...of('evt_3'),
  merchantName: 'Shop',
  amountMinor: 700_00,
  reasons: [{ code: 'LIMIT_EXCEEDED', text: 'Above the limit.', texts: { de: 'Der Einkauf liegt über dem Rahmen.' } }],
})
const fee = sampleRecord('LateFeeCharged', {
  ...of('evt_5'),
  meta: { ...sampleMeta('evt_5'), occurredAt: Date.parse('2026-01-01T15:00:00Z') },
  amountMinor: 10_00,
})
const morning = Date.parse('2026-01-01T23:00:00Z')
const tick = sampleRecord('ClockTicked', { meta: { ...sampleMeta('tick_1'), occurredAt: morning }, time: morning })
const exposure = sampleRecord('ExposureChanged', of('evt_4'))

function answer(request: NotificationRequested | null | undefined, delivered = true) {
  const { requestId = '', channel = 'EMAIL' } = request ?? {}
  return sampleRecord('NotificationReported', { ...of(`${requestId}_answer`), requestId, channel, delivered })
}

describe('notificationsTopology', () => {
  test('sends a failed payment by text message and e-mail, in German, and says what was sent', async () => {
    const driver = await TopologyTestDriver.create(notificationsTopology(schemas), { partitions: 2 })
    await driver.pipe(topics.consumerEvents, registered)
    await driver.pipe(topics.paymentEvents, failed)
    const requests = driver.readValues(topics.notificationRequests)
    expect(requests).toMatchObject([
      { channel: 'SMS', recipient: '+4915550100', language: 'de', legal: true },
      { channel: 'EMAIL', recipient: 'ada@example.com', subject: 'Ihre Zahlung ist fehlgeschlagen' },
    ])
    for (const request of requests) await driver.pipe(topics.notificationResults, answer(request))
    expect(driver.readValues(topics.notificationEvents)).toMatchObject([
      { type: 'NotificationSent', channel: 'SMS', body: requests[0]?.body },
      { type: 'NotificationSent', channel: 'EMAIL', body: requests[1]?.body },
    ])
    expect(await driver.store<NotificationState>('notices').get('con_1')).toMatchObject({ pending: [], waiting: [] })
  })

  test('waits for the contact; what stays inside is written nowhere', async () => {
    const driver = await TopologyTestDriver.create(notificationsTopology(schemas))
    await driver.pipe(topics.creditEvents, declined)
    expect(driver.read(topics.notificationRequests)).toEqual([])
    expect(await driver.store<NotificationState>('notices').get('con_1')).toMatchObject({
      waiting: [{ template: 'purchase-declined' }],
    })
    await driver.pipe(topics.consumerEvents, registered)
    const [request] = driver.readValues(topics.notificationRequests)
    expect(request).toMatchObject({ template: 'purchase-declined', legal: true })
    expect(request?.body).toContain('Der Einkauf liegt über dem')
    expect(driver.read(topics.notificationEvents)).toEqual([])
  })

  test('holds a message over the night, and sends it with the first tick of the morning', async () => {
    const driver = await TopologyTestDriver.create(notificationsTopology(schemas))
    await driver.pipe(topics.consumerEvents, registered)
    await driver.pipe(topics.planEvents, fee)
    expect(driver.read(topics.notificationRequests)).toEqual([])
    await driver.pipe(topics.clock, tick)
    expect(driver.readValues(topics.notificationRequests)).toMatchObject([
      { template: 'late-fee', channel: 'SMS' },
      { template: 'late-fee', channel: 'EMAIL' },
    ])
  })

  test('keeps no state for events it never tells of', async () => {
    const driver = await TopologyTestDriver.create(notificationsTopology(schemas))
    await driver.pipe(topics.creditEvents, exposure)
    expect(await driver.store('notices').entries()).toEqual([])
  })

  test('leaves the same bytes and state when every step is lost once and processed again', async () => {
    const steps = [
      crashStep(topics.creditEvents, declined),
      crashStep(topics.consumerEvents, registered),
      crashStep(topics.paymentEvents, failed),
      crashStep(topics.paymentEvents, failed),
      crashStep(topics.planEvents, fee),
      crashStep(topics.clock, tick),
      crashStep(topics.notificationResults, answer(null)),
    ]
    const watch = { topics: ['notification.requests', 'notification.events'], stores: ['notices'] }
    const { calm, crashed } = await crashReplay(() => notificationsTopology(schemas), steps, watch)
    expect(calm.outputs['notification.requests']).toHaveLength(5)
    expect(crashed).toEqual(calm)
  })
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { MemoryBackend, type MemoryLog, memoryLog, StreamsApp, StreamsBuilder, StreamsError } from '#streams'
import { jsonTopic } from '#streams/testing'
import type { Application } from './applications.ts'
import { partitionLags } from './partition-lags.ts'
import { deadLetterAt, deadLettersOf, decideParked, parkedKeysOf } from './set-aside.ts'

type Order = { readonly shop: string; readonly number: number }

const ORDERS = jsonTopic<Order>('orders', { partitions: 2, keyOf: ({ shop }) => shop })
const DONE = jsonTopic<Order>('done', { partitions: 2, keyOf: ({ shop }) => shop })

let isBroken: boolean
let log: MemoryLog
let app: StreamsApp
let application: Application

beforeEach(async () => {
  isBroken = true
  log = memoryLog({ offsetGap: 1 })
  await log.createTopics([ORDERS, DONE])
  const builder = new StreamsBuilder('shop', { onProcessError: 'park' })
  builder
    .stream('orders', ORDERS)
    .mapValues('check', (order) => {
      if (isBroken && order.shop === 'b') throw new StreamsError('SHOP_CLOSED', 'nobody is there')
      return order
    })
    .to('done', DONE)
  const topology = builder.build()
  const group = 'fourfold.shop'
  application = {
    ...{ name: 'shop', group, topics: topology.inputTopics(), deadLetters: 'shop.dead-letters', topology },
    internalTopics: topology.internalTopics(),
  }
  app = new StreamsApp({ topology, log, backend: new MemoryBackend(), instanceId: 'one', applicationId: group })
  await app.start()
  await log.append(
    ['a', 'b', 'a', 'b'].map((shop, number) => ({
      ...{ topic: 'orders', partition: shop === 'a' ? 0 : 1, timestampMs: 0 },
      key: ORDERS.key.serialize(shop),
      value: ORDERS.value.serialize({ shop, number }),
    })),
  )
  await log.append([{ topic: 'orders', partition: 0, timestampMs: 0, key: null, value: Buffer.from('no JSON') }])
  await expect.poll(() => deadLettersOf(log, application)).toHaveLength(1)
  await expect.poll(() => parkedKeysOf(log, application)).toMatchObject([{ records: 2 }])
})
afterEach(() => app.close())

test('names what was given up on, with its cause and its content, also when nothing runs', async () => {
  await app.close()
  const [letter] = await deadLettersOf(log, application)
  expect(letter?.from).toMatchObject({ topic: 'orders', partition: 0 })
  expect(letter?.value).toEqual(Buffer.from('no JSON'))
  const place = `${letter?.at.partition}@${letter?.at.offset}`
  expect(await deadLetterAt(log, application, place)).toEqual(letter)
  for (const wrong of ['0@999', '7@0', 'first', '']) {
    await expect(deadLetterAt(log, application, wrong)).rejects.toMatchObject({ code: 'DEAD_LETTER_UNKNOWN' })
  }
  expect(await parkedKeysOf(log, application)).toEqual([
    expect.objectContaining({ key: 'b', records: 2, cause: expect.objectContaining({ code: 'SHOP_CLOSED' }) }),
  ])
})

test('a parked key is processed again', async () => {
  isBroken = false
  expect(await decideParked(log, application, { action: 'replay', key: 'b' })).toBe(2)
  await expect.poll(() => parkedKeysOf(log, application)).toEqual([])
  const positions = [0, 1].map((partition) => ({ topic: 'done', partition, offset: 0 }))
  const fetched = await log.fetch({ positions, maxBytes: 1e6, maxWaitMs: 0 })
  const done = fetched.flatMap(({ records }) => records.map(({ value }) => DONE.value.deserialize(value as Buffer)))
  expect(done.filter(({ shop }) => shop === 'b').map(({ number }) => number)).toEqual([1, 3])
})

test('a parked key is discarded, and a decision taken while nothing runs is followed at the next start', async () => {
  await decideParked(log, application, { action: 'discard', key: 'b' })
  await expect.poll(() => deadLettersOf(log, application)).toHaveLength(3)
  expect(await parkedKeysOf(log, application)).toEqual([])
})

test('a key that is not parked is refused', async () => {
  const decision = decideParked(log, application, { action: 'replay', key: 'a' })
  await expect(decision).rejects.toMatchObject({ code: 'KEY_NOT_PARKED' })
})

test('tells how far the group is in each partition, without what holds no record', async () => {
  await expect.poll(() => app.lag()).toBe(0)
  const { group } = application
  const before = await partitionLags(log, group, ['orders'])
  expect(before.map(({ topic, partition, lag }) => [topic, partition, lag])).toEqual([
    ['orders', 0, 0],
    ['orders', 1, 0],
  ])
  await app.close()
  const value = ORDERS.value.serialize({ shop: 'a', number: 9 })
  await log.append([{ topic: 'orders', partition: 0, timestampMs: 0, key: Buffer.from('a'), value }])
  const [after] = await partitionLags(log, group, ['orders'])
  expect(after?.lag).toBeGreaterThan(0)
  expect(after?.end).toBeGreaterThan(after?.position ?? 0)
  // A group that never read begins at the first record.
  const [never] = await partitionLags(log, 'nobody', ['orders'])
  expect(never?.position).toBe(0)
})

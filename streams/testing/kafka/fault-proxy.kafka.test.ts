import { randomUUID } from 'node:crypto'
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../seed.ts'
import { createTopics } from './create-topics.ts'
import { describeWithOwnKafka } from './describe-with-kafka.ts'
import { FaultProxy } from './fault-proxy.ts'
import type { Fault } from './fault-rules.ts'
import type { KafkaApi } from './kafka-frames.ts'

let proxy: FaultProxy
const options = async () => {
  proxy = await FaultProxy.listen(seededRandom(7).next)
  return { proxyPort: proxy.port }
}

await describeWithOwnKafka('a proxy that makes the network fail', options, (broker) => {
  let topic = ''

  beforeAll(() => proxy.target(broker().addresses.behindProxy ?? ''))
  afterEach(() => proxy.clearFaults())
  afterAll(() => proxy.close())

  function client(config: Partial<KafkaConfig> = {}): Kafka {
    const retry = { retries: 5, initialRetryTime: 50 }
    return new Kafka({ brokers: [proxy.address], clientId: 'through', logLevel: logLevel.NOTHING, retry, ...config })
  }

  async function newTopic(): Promise<void> {
    topic = `proxy-test-${randomUUID()}`
    const admin = client().admin()
    await admin.connect()
    await createTopics(admin, [{ topic, numPartitions: 1 }])
    await admin.disconnect()
  }

  /** How many records the topic has, asked past the proxy. */
  async function count(): Promise<number> {
    const admin = new Kafka({ brokers: [broker().addresses.plain], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    const [partition] = await admin.fetchTopicOffsets(topic)
    await admin.disconnect()
    return Number(partition?.high)
  }

  /** Sends one record while the fault is there; returns the milliseconds it took. */
  async function sendUnder(
    fault: Fault,
    config: Partial<KafkaConfig> = {},
    api: KafkaApi = 'Produce',
  ): Promise<number> {
    await newTopic()
    const producer = client(config).producer({ idempotent: false })
    await producer.connect()
    proxy.addFault({ api, trigger: { nth: 1 }, fault })
    const started = performance.now()
    try {
      await producer.send({ topic, messages: [{ value: 'x' }] })
      return performance.now() - started
    } finally {
      await producer.disconnect()
    }
  }

  const once = { retry: { retries: 0 } }

  test('passes on what no rule is for', async () => {
    await newTopic()
    const before = proxy.faults
    await sendUnder({ delayResponseMs: 10_000 }, {}, 'EndTxn')
    expect(await count()).toBe(1)
    expect(proxy.faults).toBe(before)
  })

  test('cuts before the request: it has no effect, and a retry has one', async () => {
    await expect(sendUnder('cut-before', once)).rejects.toThrow()
    expect(await count()).toBe(0)
    await sendUnder('cut-before')
    expect(await count()).toBe(1)
  })

  test('cuts after the request: the client knows nothing of its effect, and a retry repeats it', async () => {
    await expect(sendUnder('cut-after', once)).rejects.toThrow()
    expect(await count()).toBe(1)
    await sendUnder('cut-after')
    expect(await count()).toBe(2)
  })

  test('drops a request: the client waits for its timeout', async () => {
    await expect(sendUnder('drop-request', { ...once, requestTimeout: 300 })).rejects.toThrow(/timed out/)
    expect(await count()).toBe(0)
  })

  test('delays the request or the response, and only that one', async () => {
    expect(await sendUnder({ delayRequestMs: 400 })).toBeGreaterThanOrEqual(399)
    expect(await sendUnder({ delayResponseMs: 400 })).toBeGreaterThanOrEqual(399)
    expect(await count()).toBe(1)
    expect(await sendUnder({ delayResponseMs: 400 }, {}, 'Fetch')).toBeLessThan(400)
  })

  test('aims at one client', async () => {
    await newTopic()
    const producer = client({ clientId: 'other' }).producer()
    await producer.connect()
    proxy.addFault({ api: 'Produce', trigger: { probability: 1 }, fault: 'cut-before', client: 'through' })
    await producer.send({ topic, messages: [{ value: 'x' }] })
    await producer.disconnect()
    expect(await count()).toBe(1)
  })

  test('swallows everything for a time, and lets it go on afterwards', async () => {
    await newTopic()
    const producer = client().producer()
    await producer.connect()
    proxy.blackHole(500, 'through')
    const started = performance.now()
    await producer.send({ topic, messages: [{ value: 'x' }] })
    expect(performance.now() - started).toBeGreaterThanOrEqual(499)
    expect(await count()).toBe(1)
    await producer.disconnect()
  })

  test('strikes by chance in the share that was asked for', { timeout: 30_000 }, async () => {
    await newTopic()
    const producer = client({ retry: { retries: 20, initialRetryTime: 5 } }).producer({ idempotent: true })
    await producer.connect()
    const before = proxy.faults
    proxy.addFault({ api: 'Produce', trigger: { probability: 0.2 }, fault: 'cut-after' })
    for (let i = 0; i < 50; i += 1) await producer.send({ topic, messages: [{ value: String(i) }] })
    await producer.disconnect()
    expect(await count()).toBe(50)
    expect(proxy.faults - before).toBeGreaterThan(2)
    expect(proxy.faults - before).toBeLessThan(30)
  })
})

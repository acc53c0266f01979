import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { unregisterBrokerV0 } from '@platformatic/kafka'
import { afterEach, expect, test } from 'vitest'
import { describeWithCluster } from '../../testing/kafka/describe-with-kafka.ts'
import { leadersOf, moveLeader } from '../../testing/kafka/move-leader.ts'
import type { Log, TopicPartition } from '../log.ts'
import { Cluster } from './cluster.ts'
import { Fetcher } from './fetcher.ts'
import { openKafkaLog } from './kafka-log.ts'
import { type KafkaLogOptions, resolveKafkaOptions } from './options.ts'

const BYTES = 1_000_000

await describeWithCluster('a cluster of several brokers', {}, (kafka) => {
  const closing: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  const addresses = () => kafka().cluster.addresses
  const open = async (more: Partial<KafkaLogOptions> = {}): Promise<Log> => {
    const log = await openKafkaLog({ brokers: addresses(), ...more })
    closing.push(() => log.close())
    return log
  }
  const makeTopic = async (partitions: number) => {
    const topic = `leaders-${randomUUID()}`
    await (await open()).createTopics([{ name: topic, partitions, cleanup: 'delete', retentionMs: -1 }])
    return topic
  }
  /** Any broker but this one. */
  const otherThan = (node: number) => (node % addresses().length) + 1
  const leaderOf = async ({ topic, partition }: TopicPartition) =>
    (await leadersOf(addresses(), topic))[partition] as number

  /** An address of which nothing comes back: connections are `held`, or `cut`. */
  const silence = async (how: 'held' | 'cut') => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      if (how === 'cut') socket.destroy()
      else closing.push(async () => socket.destroy())
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    closing.push(async () => server.close())
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  test.each(['held', 'cut'] as const)(
    'is found where the first address is silent (connections are %s)',
    async (how) => {
      const log = await open({ brokers: [await silence(how), ...addresses()], requestTimeoutMs: 1_000 })
      expect(await log.topics()).toBeInstanceOf(Array)
    },
  )

  test('gets a topic whose copies need a broker that has yet to come', { timeout: 60_000 }, async () => {
    const log = await open()
    const topic = `copies-${randomUUID()}`
    await kafka().cluster.broker(3).halt()
    const cluster = await Cluster.find(resolveKafkaOptions({ brokers: addresses() }))
    closing.push(() => cluster.close())
    expect(await cluster.ask((link) => unregisterBrokerV0.api.async(link, 3))).toMatchObject({ errorCode: 0 })
    const made = log.createTopics([{ name: topic, partitions: 2, cleanup: 'delete', retentionMs: -1 }])
    const early = await Promise.race([made.then(() => 'made', String), sleep(1_000, 'waits')])
    await kafka().cluster.broker(3).startAgain()
    await made
    expect(early).toBe('waits')
    expect(log.partitionCount(topic)).toBe(2)
    await kafka().cluster.inSync()
  })

  test('is read from the new leader, though the old one would go on giving what it has', async () => {
    const at = { topic: await makeTopic(1), partition: 0 }
    const cluster = await Cluster.find(resolveKafkaOptions({ brokers: addresses() }))
    const fetcher = new Fetcher(cluster)
    closing.push(async () => Promise.all([fetcher.close(), cluster.close()]))
    await (await open()).append([record(at, 'first')])
    const fetch = (offset: number) =>
      fetcher.fetch({ positions: [{ ...at, offset }], maxBytes: BYTES, maxWaitMs: 5_000 })
    expect(textsOf(await fetch(0))).toEqual(['first'])
    const to = otherThan(await leaderOf(at))
    await moveLeader(addresses(), { ...at, to })
    await (await open()).append([record(at, 'second')])
    expect(textsOf(await fetch(1))).toEqual(['second'])
    expect(cluster.leaderOf(at)).toBe(to)
  })

  test('gives the records of one partition while the leader of another is frozen', async () => {
    const topic = await makeTopic(2)
    const [frozen, alive] = [0, 1].map((partition) => ({ topic, partition })) as [TopicPartition, TopicPartition]
    const reader = await open()
    const writer = await open()
    await moveLeader(addresses(), { ...alive, to: otherThan(await leaderOf(frozen)) })
    await writer.append([record(alive, 'before')])
    const positions = [
      { ...frozen, offset: 0 },
      { ...alive, offset: 1 },
    ]
    const broker = kafka().cluster.broker(await leaderOf(frozen))
    broker.freeze()
    try {
      const fetching = reader.fetch({ positions, maxBytes: BYTES, maxWaitMs: 20_000 })
      await sleep(1_500)
      const began = performance.now()
      await writer.append([record(alive, 'meanwhile')])
      expect(textsOf(await fetching)).toEqual(['meanwhile'])
      expect(performance.now() - began).toBeLessThan(15_000)
    } finally {
      broker.resume()
      await kafka().cluster.inSync()
    }
  })
})

function record(at: TopicPartition, text: string) {
  return { ...at, timestampMs: 0, key: null, value: Buffer.from(text) }
}

function textsOf(parts: Awaited<ReturnType<Log['fetch']>>): string[] {
  return parts.flatMap(({ records }) => records.map(({ value }) => String(value)))
}

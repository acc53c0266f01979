/** The third process of the comparison; `load.ts` is the other end. Everything here goes through kafkajs. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, AssignerProtocol, Kafka, logLevel, type Message, type Producer } from 'kafkajs'
import { createTopics } from '#streams/testing/kafka-broker'
import type { LoadAnswer, LoadCalls, LoadMessage } from './load.ts'
import { Pace } from './pace.ts'

const BATCH = 2_000
const POLL_MS = 10

const brokers = JSON.parse(process.argv[2] ?? '[]') as string[]
const kafka = new Kafka({ brokers, clientId: 'load', logLevel: logLevel.NOTHING, retry: { retries: 30 } })
const admin: Admin = kafka.admin()
const producer: Producer = kafka.producer()
let pace: Pace | null = null

type Calls = { [C in keyof LoadCalls]: (order: Parameters<LoadCalls[C]>[0]) => Promise<ReturnType<LoadCalls[C]>> }

const calls: Calls = {
  async createTopics({ names, partitions, compacted }) {
    const policy = compacted ? 'compact' : 'delete'
    const configEntries = [{ name: 'cleanup.policy', value: policy }]
    if (!compacted) configEntries.push({ name: 'retention.ms', value: '-1' })
    const topics = names.map((topic) => ({ topic, numPartitions: partitions, configEntries }))
    await createTopics(admin, topics)
    return null
  },

  async deleteTopics({ prefix }) {
    const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix))
    if (topics.length > 0) await admin.deleteTopics({ topics })
    return null
  },

  async fill({ topic, records, keys, valueBytes }) {
    const value = Buffer.alloc(valueBytes, 'v')
    for (let from = 0; from < records; from += BATCH) {
      const count = Math.min(BATCH, records - from)
      const messages = Array.from(
        { length: count },
        (_, index): Message => ({ key: `key-${(from + index) % keys}`, value }),
      )
      await producer.send({ topic, acks: -1, messages })
    }
    return null
  },

  async position({ group, topic, partitions }) {
    const positions = Array.from({ length: partitions }, (_, partition) => ({ partition, offset: '0' }))
    await admin.setOffsets({ groupId: group, topic, partitions: positions })
    return null
  },

  async consumed({ group, topic }) {
    const end = await endOf(topic)
    for (;;) {
      const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
      const done = (committed?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0)
      if (done >= end) return { atMs: Date.now() }
      await sleep(POLL_MS)
    }
  },

  async members({ group }) {
    const { groups } = await admin.describeGroups([group])
    const members = (groups[0]?.members ?? []).map(({ clientId, memberAssignment }) => {
      const decoded = AssignerProtocol.MemberAssignment.decode(memberAssignment)
      const count = Object.values(decoded?.assignment ?? {}).reduce((sum, partitions) => sum + partitions.length, 0)
      return [clientId, count] as const
    })
    return Object.fromEntries(members)
  },

  async pace(order) {
    pace = new Pace(kafka, producer, order)
    await pace.start()
    return null
  },

  async latencies({ skipMs }) {
    if (pace === null) throw new Error('Nothing is paced.')
    const latencies = await pace.stop(skipMs)
    pace = null
    return latencies
  },

  async served({ sinceMs }) {
    if (pace === null) throw new Error('Nothing is paced.')
    return { atMs: await pace.served(sinceMs) }
  },
}

async function endOf(topic: string): Promise<number> {
  return (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0)
}

async function answer({ id, call, order }: LoadMessage): Promise<LoadAnswer> {
  try {
    return { id, result: await calls[call](order as never) }
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

await admin.connect()
await producer.connect()
process.on('message', (message: LoadMessage) => {
  void answer(message).then((reply) => process.send?.(reply))
})

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { describeWithKafka } from '../../testing/kafka/describe-with-kafka.ts'
import type { Log, ProducerRecord } from '../log.ts'
import { openKafkaLog } from './kafka-log.ts'

/** So many that their markers are written for longer than a transaction waits before it takes an epoch of its own. */
const PARTITIONS = 1_000
const PARTITIONS_LATER = 8
const ROUNDS = 5

await describeWithKafka('transactions of both kinds in turns', (kafka) => {
  const logs: Log[] = []
  afterEach(async () => {
    for (const log of logs.splice(0)) await log.close()
  })

  test('never become part of the one before, whose markers are still being written', async () => {
    const log = await openKafkaLog({ brokers: kafka.brokers })
    logs.push(log)
    const topic = `in-turns-${randomUUID()}`
    await log.createTopics([{ name: topic, partitions: PARTITIONS, cleanup: 'delete', retentionMs: -1 }])
    const producer = await log.producer(randomUUID())
    const write = async (text: string, partitions: number) => {
      const records = Array.from({ length: partitions }, (_, at) => record(topic, at, text))
      await producer.commit({ records, consumed: null })
    }
    const wanted: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      await write(`${round} before`, PARTITIONS)
      await write(`${round} at once`, PARTITIONS)
      await sleep(11)
      await write(`${round} later`, PARTITIONS_LATER)
      wanted.push(`${round} before`, `${round} at once`, `${round} later`)
    }
    for (let partition = 0; partition < PARTITIONS_LATER; partition++) {
      expect(await textsOf(log, topic, partition, wanted.length)).toEqual(wanted)
    }
  })
})

async function textsOf(log: Log, topic: string, partition: number, count: number): Promise<string[]> {
  const texts: string[] = []
  for (let offset = 0; texts.length < count; ) {
    const [part] = await log.fetch({ positions: [{ topic, partition, offset }], maxBytes: 1_000_000, maxWaitMs: 1_000 })
    if (part === undefined || part.nextOffset === offset) break
    texts.push(...part.records.map(({ value }) => value?.toString() ?? ''))
    offset = part.nextOffset
  }
  return texts
}

function record(topic: string, partition: number, text: string): ProducerRecord {
  return { topic, partition, timestampMs: Date.now(), key: null, value: Buffer.from(text) }
}

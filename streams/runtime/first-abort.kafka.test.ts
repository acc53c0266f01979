import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { openKafkaLog } from '../log/kafka/kafka-log.ts'
import { jsonSerde, stringSerde } from '../serde/serde.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import { describeWithKafka } from '../testing/kafka/describe-with-kafka.ts'
import { until } from '../testing/word-count-scene.ts'
import { changelogTopic } from '../topology/internal-topics.ts'
import type { Topic } from '../topology/topic.ts'
import { StreamsApp } from './app.ts'

await describeWithKafka('an application whose first transaction was aborted', (kafka) => {
  test('starts: the changelog has an end above 0, and nothing in it', { timeout: 60_000 }, async () => {
    const name = `first-abort-${randomUUID()}`
    const words: Topic<string> = {
      ...{ name: `${name}.words`, partitions: 1, cleanup: 'delete', retentionMs: -1 },
      ...{ key: stringSerde, value: stringSerde },
    }
    const builder = new StreamsBuilder(name)
    const totals = builder.store('totals', { value: jsonSerde<number>() })
    builder.stream('words', words).groupByKey().count('count', { store: totals })
    const topology = builder.build()
    const log = await openKafkaLog({ brokers: kafka.brokers, heartbeatMs: 100 })
    await log.createTopics([words, ...topology.internalTopics()])
    await abortIn(kafka.brokers, changelogTopic(name, 'totals'))
    const changelog = { topic: changelogTopic(name, 'totals'), partition: 0 }
    await until(async () => ((await log.endOffsets([changelog]))[0]?.offset ?? 0) > 0, 10_000)

    const app = new StreamsApp({ topology, log, backend: new MemoryBackend(), instanceId: 'one' })
    try {
      await app.start()
      const word = Buffer.from('once')
      const at = { topic: words.name, partition: 0 }
      const [offset = -1] = await log.append([{ ...at, timestampMs: 1, key: word, value: word }])
      expect(await app.query<number>('totals').get('once', { position: { ...at, offset } })).toBe(1)
    } finally {
      await app.close()
      await log.close()
    }
  })
})

/** Leaves what an instance leaves that dies in its first transaction: records that do not count. */
async function abortIn(brokers: readonly string[], topic: string): Promise<void> {
  const client = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING })
  const producer = client.producer({ transactionalId: randomUUID(), idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  const transaction = await producer.transaction()
  await transaction.send({ topic, messages: [{ key: 'never', value: '1' }] })
  await transaction.abort()
  await producer.disconnect()
}

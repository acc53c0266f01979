import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { describeWithOwnKafka } from '../../testing/kafka/describe-with-kafka.ts'
import type { Log, ProducerRecord } from '../log.ts'
import { Cluster } from './cluster.ts'
import { openKafkaLog } from './kafka-log.ts'
import { resolveKafkaOptions } from './options.ts'
import { PRODUCE_VERSION, sendBatches } from './produce-request.ts'
import { encodeBatch } from './record-batch.ts'
import * as steps from './transaction-steps.ts'

// A broker that takes records of transactions it has not heard of: so one that never ends can be made.
const properties = { 'transaction.partition.verification.enable': 'false' }

await describeWithOwnKafka('what an ended transaction has left open', { properties }, (broker) => {
  const options = () => ({ brokers: [broker().addresses.plain], transactionTimeoutMs: 2_000 })
  const logs: Log[] = []
  afterEach(async () => {
    for (const log of logs.splice(0)) await log.close()
  })

  const open = async (transactions: 'classic' | 'kip-890' | 'mixed') => {
    const log = await openKafkaLog({ ...options(), transactions })
    logs.push(log)
    const topic = `left-open-${randomUUID()}`
    await log.createTopics([{ name: topic, partitions: 2, cleanup: 'delete', retentionMs: -1 }])
    // A coordinator that has just been made is not there at once; the producer waits for it.
    const id = randomUUID()
    await (await log.producer(id)).close()
    return { log, topic, id }
  }

  /** Records of a transaction without an end, in partition 0, as a lost marker leaves them. */
  const leave = async (id: string, topic: string) => {
    const cluster = await Cluster.find(resolveKafkaOptions(options()))
    try {
      const link = await cluster.coordinatorLink('transaction', id)
      const { error, identity } = await steps.initialise(link, steps.newcomer(id), 2_000)
      expect(error).toBe('NONE')
      const producer = { ...identity, firstSequence: 0, isTransactional: true }
      const batch = encodeBatch([record(topic, 0, 'hangs')], producer, 'none')
      const leader = await cluster.broker(cluster.leaderOf({ topic, partition: 0 }) ?? -1)
      const answers = await sendBatches(leader, PRODUCE_VERSION.classic, id, [{ topic, partition: 0, batch }], 2_000)
      expect(answers[0]).toMatchObject({ error: 'NONE' })
    } finally {
      await cluster.close()
    }
  }

  test.each(['classic', 'kip-890', 'mixed'] as const)(
    'is not decided about by the next one (%s)',
    async (transactions) => {
      const { log, topic, id } = await open(transactions)
      await leave(id, topic)
      const producer = await log.producer(id)
      const transaction = { records: [record(topic, 0, 'next')], consumed: null }
      await expect(producer.commit(transaction)).rejects.toMatchObject({ code: 'LOG_TRANSACTION_HANGS' })
      await expect(producer.commit(transaction)).rejects.toThrow(`${topic}/0 open at offset 0`)
      const [end] = await log.endOffsets([{ topic, partition: 0 }], { pending: 'ignore' })
      expect(end?.offset).toBe(0)
    },
  )

  test.each(['classic', 'kip-890', 'mixed'] as const)(
    'is no matter of other partitions and producers (%s)',
    async (kind) => {
      const { log, topic, id } = await open(kind)
      await leave(id, topic)
      const same = await log.producer(id)
      await same.commit({ records: [record(topic, 1, 'elsewhere')], consumed: null })
      const other = await log.producer(randomUUID())
      await other.commit({ records: [record(topic, 0, 'beside')], consumed: null })
      const partitions = [0, 1].map((partition) => ({ topic, partition }))
      const ends = async () => (await log.endOffsets(partitions, { pending: 'ignore' })).map(({ offset }) => offset)
      // The end of a commit is answered before its markers are written.
      await expect.poll(ends, { timeout: 10_000 }).toEqual([0, 2])
    },
  )
})

function record(topic: string, partition: number, text: string): ProducerRecord {
  return { topic, partition, timestampMs: Date.now(), key: null, value: Buffer.from(text) }
}

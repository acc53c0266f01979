import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { describeWithCluster } from '../../testing/kafka/describe-with-kafka.ts'
import type { KafkaApi } from '../../testing/kafka/kafka-frames.ts'
import { testedKafkaVersion } from '../../testing/kafka/kafka-source.ts'
import { leadersOf, moveLeader } from '../../testing/kafka/move-leader.ts'
import { evenAssignor } from '../../testing/log-suite-kit.ts'
import type { Log, TransactionalProducer } from '../log.ts'
import { Cluster, type CoordinatorKind } from './cluster.ts'
import { openKafkaLog } from './kafka-log.ts'
import { type KafkaLogOptions, resolveKafkaOptions } from './options.ts'

const PARTITIONS = 3
/** After so long a transaction is followed by one with an epoch of its own, where kinds are mixed. */
const LATER_MS = 11
/** The system tells the end of a connection at once, and a busy process hears of it a moment later. */
const HEARD_MS = 1_000

type Kind = NonNullable<KafkaLogOptions['transactions']>
/** `mixed` comes after a classic transaction here; the one in question has an epoch of its own, renewed before. */
const STEPS: readonly (readonly [Kind, KafkaApi])[] = [
  ['classic', 'AddPartitionsToTxn'],
  ['classic', 'AddOffsetsToTxn'],
  ['classic', 'Produce'],
  ['classic', 'TxnOffsetCommit'],
  ['classic', 'EndTxn'],
  ['kip-890', 'Produce'],
  ['kip-890', 'TxnOffsetCommit'],
  ['kip-890', 'EndTxn'],
  ['mixed', 'InitProducerId'],
  ['mixed', 'Produce'],
  ['mixed', 'EndTxn'],
]

/** Before Kafka 4 no transaction has an epoch of its own, and all kinds are one. */
const steps = STEPS.filter(([kind]) => kind === 'classic' || !testedKafkaVersion().startsWith('3.'))

await describeWithCluster('where leaders and coordinators move', {}, (kafka) => {
  const logs: Log[] = []
  afterEach(async () => {
    for (const proxy of kafka().proxies) proxy.clearFaults()
    for (const log of logs.splice(0)) await log.close()
  })

  const brokers = () => kafka().proxies.map(({ address }) => address)

  /** A producer that has committed one transaction already. */
  const begin = async (transactions: Kind, addresses: readonly string[] = brokers()) => {
    const clientId = randomUUID()
    const log = await openKafkaLog({ brokers: addresses, clientId, transactions })
    // Who reads by a log of its own does not tell the producer's who leads and coordinates now.
    const reader = await openKafkaLog({ brokers: addresses })
    logs.push(log, reader)
    const [topic, group, id] = [`moves-${clientId}`, `moves-${clientId}`, `moves-${clientId}`]
    await log.createTopics([{ name: topic, partitions: PARTITIONS, cleanup: 'delete', retentionMs: -1 }])
    const write = async (producer: TransactionalProducer, number: number) => {
      const records = Array.from({ length: PARTITIONS }, (_, partition) => {
        return { topic, partition, timestampMs: 0, key: null, value: Buffer.from(String(number)) }
      })
      const epoch = { group, memberId: '', generation: -1 }
      await producer.commit({ records, consumed: { epoch, positions: [{ topic, partition: 0, offset: number }] } })
    }
    /** What readers of committed records find, and the position. */
    const found = async () => {
      const positions = await reader.committed(group, [{ topic, partition: 0 }])
      return { texts: await textsOf(reader, topic), position: positions[0]?.offset }
    }
    const producer = await log.producer(id)
    await write(producer, 1)
    return { log, clientId, topic, group, id, producer, write, found, next: 2 }
  }

  /** Writes until one was classic: on a slow machine the second need not be. Answers with the next number. */
  const writeClassic = async (client: string, next: number, write: (number: number) => Promise<void>) => {
    let isClassic = false
    const meanwhile = async () => {
      isClassic = true
    }
    for (const proxy of kafka().proxies) {
      proxy.addFault({ api: 'AddPartitionsToTxn', client, trigger: { probability: 1 }, fault: { meanwhile } })
    }
    let number = next
    for (; !isClassic; number++) await write(number)
    for (const proxy of kafka().proxies) proxy.clearFaults()
    return number
  }

  /** Holds the next such requests of a client back, until something is done. */
  const beforeEach = (api: KafkaApi, client: string, step: () => Promise<void>) => {
    let done: Promise<void> | undefined
    const meanwhile = () => (done ??= step())
    for (const proxy of kafka().proxies) {
      proxy.addFault({ api, client, trigger: { probability: 1 }, fault: { meanwhile } })
    }
    return () => expect(done, `no ${api} was asked`).toBeDefined()
  }

  const move = async (topic: string) => {
    const { addresses } = kafka().cluster
    const leaders = await leadersOf(addresses, topic)
    await Promise.all(
      leaders.map((leader, partition) =>
        moveLeader(addresses, { topic, partition, to: (leader % addresses.length) + 1 }),
      ),
    )
  }

  test.each(steps)('a transaction goes on (%s, before %s)', async (kind, api) => {
    const { clientId, topic, producer, write, found, next: second } = await begin(kind)
    const isMixed = kind === 'mixed'
    const next = isMixed ? await writeClassic(clientId, second, (number) => write(producer, number)) : second
    if (isMixed) await sleep(LATER_MS)
    const hasMoved = beforeEach(api, clientId, async () => {
      await Promise.all(['__transaction_state', '__consumer_offsets', topic].map(move))
    })
    await write(producer, next)
    hasMoved()
    await write(producer, next + 1)
    const numbers = Array.from({ length: next + 1 }, (_, index) => String(index + 1))
    expect(await found()).toEqual({ texts: Array(PARTITIONS).fill(numbers), position: next + 1 })
  })

  test.each([
    ['classic', 'group', 'TxnOffsetCommit'],
    ['kip-890', 'transaction', 'EndTxn'],
  ] as const)(
    'a transaction is whole or not there where a broker dies (%s, the coordinator of the %s, before %s)',
    async (...one) => {
      const [kind, coordinated, api] = one
      const { log, clientId, group, id, producer, write, found, next } = await begin(kind)
      const at = await coordinatorAt(brokers(), coordinated, coordinated === 'group' ? group : id)
      const broker = kafka().cluster.broker(at)
      const isDead = beforeEach(api, clientId, () => broker.kill())
      const failure = await write(producer, next).then(
        () => null,
        (error: { code: string }) => error.code,
      )
      isDead()
      try {
        expect([null, 'LOG_OUTCOME_UNKNOWN']).toContain(failure)
        const heir = await log.producer(id)
        const { texts, position = 0 } = await found()
        expect(position).toBeGreaterThanOrEqual(failure === null ? next : next - 1)
        const numbers = Array.from({ length: position }, (_, index) => String(index + 1))
        expect(texts).toEqual(Array(PARTITIONS).fill(numbers))
        // The first try: nobody is taken for a coordinator or leader any more that is gone.
        await write(heir, position + 1)
        expect((await found()).position).toBe(position + 1)
      } finally {
        await broker.startAgain()
        await kafka().cluster.inSync()
      }
    },
  )

  test('a transaction that begins where a broker has just died waits for its successors', async () => {
    // Not by the proxies, which would take connections for the dead.
    const { cluster } = kafka()
    const { id, producer, write, found, next } = await begin('mixed', cluster.addresses)
    const broker = cluster.broker(await coordinatorAt(brokers(), 'transaction', id))
    await broker.kill()
    // Until the end of its connections is heard, what is asked on them may have been heard too: not known, rightly.
    await sleep(HEARD_MS)
    try {
      await write(producer, next)
      expect((await found()).position).toBe(next)
    } finally {
      await broker.startAgain()
      await cluster.inSync()
    }
  })

  test('a membership stays, and commits', async () => {
    const times = { heartbeatMs: 100, sessionTimeoutMs: 2_000 }
    const log = await openKafkaLog({ brokers: brokers(), ...times })
    logs.push(log)
    const [topic, group] = [`moves-${randomUUID()}`, `moves-${randomUUID()}`]
    await log.createTopics([{ name: topic, partitions: 1, cleanup: 'delete', retentionMs: -1 }])
    const told: string[] = []
    const member = await log.joinGroup({
      ...{ group, topics: [topic], assignor: evenAssignor },
      onAssigned: async (assigned) => void told.push(`has ${assigned.length}`),
      onRevoked: async () => void told.push('revoked'),
      onLost: async () => void told.push('lost'),
    })
    const epoch = member.epoch()
    await move('__consumer_offsets')
    await sleep(times.sessionTimeoutMs * 2)
    expect([told, member.epoch()]).toEqual([['has 1'], epoch])
    const consumed = { epoch, positions: [{ topic, partition: 0, offset: 7 }] }
    await (await log.producer(randomUUID())).commit({ records: [], consumed })
    expect(await log.committed(group, [{ topic, partition: 0 }])).toEqual(consumed.positions)
    await member.leave()
  })
})

/** The number of the broker that coordinates this now. */
async function coordinatorAt(brokers: string[], kind: CoordinatorKind, key: string): Promise<number> {
  const cluster = await Cluster.find(resolveKafkaOptions({ brokers }))
  try {
    const { port } = await cluster.coordinator(kind, key)
    return brokers.findIndex((address) => address.endsWith(`:${port}`)) + 1
  } finally {
    await cluster.close()
  }
}

/** The committed records of each partition. */
async function textsOf(log: Log, topic: string): Promise<string[][]> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }))
  const ends = await log.endOffsets(partitions)
  return await Promise.all(
    ends.map(async ({ partition, offset: end }) => {
      const texts: string[] = []
      for (let offset = 0; offset < end; ) {
        const positions = [{ topic, partition, offset }]
        const [part] = await log.fetch({ positions, maxBytes: 1_000_000, maxWaitMs: 1_000 })
        texts.push(...(part?.records ?? []).map(({ value }) => String(value)))
        offset = part?.nextOffset ?? offset
      }
      return texts
    }),
  )
}

import { afterEach, describe, expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import type { Log, ProducerRecord } from '../log/log.ts'
import { memoryLog } from '../log/memory/memory-log.ts'
import { partitionFor } from '../log/partitioner.ts'
import { jsonSerde } from '../serde/serde.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import { jsonTopic } from '../testing/json-topic.ts'
import { seededRandom, testSeed } from '../testing/seed.ts'
import { caughtUp, readTopic } from '../testing/word-count-scene.ts'
import type { Topology } from '../topology/topology.ts'
import { StreamsApp } from './app.ts'
import { replayTask } from './replay.ts'

const PARTITIONS = 2
const prices = jsonTopic<number>('prices', { partitions: PARTITIONS })
const orders = jsonTopic<number>('orders', { partitions: PARTITIONS })
const sales = jsonTopic<string>('sales', { partitions: PARTITIONS })

/** What an order costs depends on which prices were met before it: the interleaving decides. */
function shop(): Topology {
  const builder = new StreamsBuilder('shop')
  const totals = builder.store('totals', { value: jsonSerde<number>() })
  const table = builder.table('prices', prices, { store: 'price' })
  const priced = builder.stream('orders', orders).join('priced', table, (count, price) => count * price)
  priced.mapValues('text', (amount) => `${amount}`).to('sales', sales)
  priced.groupByKey().reduce('total', { store: totals, reducer: (sum, amount) => sum + amount })
  return builder.build()
}

const seed = testSeed()
const random = seededRandom(seed)

function recordOf(topic: string): ProducerRecord {
  const key = Buffer.from(`article-${random.int(5)}`)
  const partition = partitionFor(key, PARTITIONS)
  // Timestamps that jump about, so that the order by time is not the order in which the application met them.
  return { topic, partition, timestampMs: random.int(1_000), key, value: Buffer.from(String(random.int(100))) }
}

let log: Log

async function run(rounds: number): Promise<void> {
  log = memoryLog()
  await log.createTopics([prices, orders, sales])
  const app = new StreamsApp({ topology: shop(), log, backend: new MemoryBackend(), instanceId: 'one' })
  await app.start()
  for (let round = 0; round < rounds; round++) {
    const topics = Array.from({ length: 1 + random.int(20) }, () => random.pick(['prices', 'orders']))
    await log.append(topics.map(recordOf))
    if (random.chance(0.3)) await caughtUp(app)
  }
  await caughtUp(app)
  await app.close()
}

async function replayed(topology: Topology, partition: number): Promise<string[]> {
  const [subtopology] = topology.subtopologies
  if (subtopology === undefined) throw new Error('The shop has a sub-topology.')
  const found: string[] = []
  for await (const batch of replayTask({ log, topology, subtopology, partition })) {
    for (const record of batch.records) if (record.topic === 'sales') found.push(textOf(record))
  }
  return found
}

const textOf = ({ key, value, timestampMs }: ProducerRecord) => `${key}=${value}@${timestampMs}`

afterEach(() => log.close())

describe('a replay', () => {
  test(`gives the same records in the same order, as the journal has it (TEST_SEED=${seed})`, async () => {
    await run(40)
    const written = await readTopic(log, 'sales')
    expect(written.length).toBeGreaterThan(50)
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const expected = written.filter((record) => record.partition === partition).map(textOf)
      expect(await replayed(shop(), partition)).toEqual(expected)
    }
  })

  test('goes on past the end of the journal, by timestamp and then by topic name', async () => {
    await run(3)
    const before = (await readTopic(log, 'sales')).filter(({ partition }) => partition === 0).map(textOf)
    const key = Buffer.from('new')
    const late = [
      ['orders', 9_003, 1],
      ['prices', 9_002, 10],
      ['orders', 9_004, 1],
      ['prices', 9_003, 7],
    ] as const
    await log.append(
      late.map(([topic, timestampMs, value]) => ({
        ...{ topic, timestampMs, key, value: Buffer.from(String(value)) },
        partition: 0,
      })),
    )
    // Of orders@9003 and prices@9003 the one whose topic comes first by name goes first.
    expect(await replayed(shop(), 0)).toEqual([...before, 'new="10"@9003', 'new="7"@9004'])
  })

  test('refuses inputs that do not begin where the journal does', async () => {
    await run(20)
    const begin = log.beginningOffsets.bind(log)
    log.beginningOffsets = async (partitions) =>
      (await begin(partitions)).map((one) => ({ ...one, offset: one.offset + (one.topic === 'prices' ? 1 : 0) }))
    await expect(replayed(shop(), 0)).rejects.toMatchObject({ code: 'STREAMS_JOURNAL_MISMATCH' })
  })
})

import { afterEach, expect, test } from 'vitest'
import { openKafkaLog } from '../log/kafka/kafka-log.ts'
import type { Log } from '../log/log.ts'
import { partitionFor } from '../log/partitioner.ts'
import { openQueryServer } from '../remote/query-server.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import { describeWithKafka } from '../testing/kafka/describe-with-kafka.ts'
import {
  COUNTS,
  expectExactlyOnce,
  PARTITIONS,
  readTopic,
  say,
  until,
  WORDS,
  wordCountTopology,
} from '../testing/word-count-scene.ts'
import { StreamsApp } from './app.ts'
import type { StreamsAppOptions } from './app-options.ts'

const MANY = Array.from({ length: 400 }, (_, i) => `w${i % 40}`)

type Instance = { readonly app: StreamsApp; readonly seen: string[]; readonly close: () => Promise<void> }

await describeWithKafka('several instances on a real broker', (kafka) => {
  const open: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close()
  })
  const openLog = () => openKafkaLog({ brokers: kafka.brokers, heartbeatMs: 100 })

  const start = async (name: string, options: Partial<StreamsAppOptions> = {}): Promise<Instance> => {
    const [log, server] = [await openLog(), await openQueryServer()]
    const seen: string[] = []
    const app = new StreamsApp({
      ...{ topology: wordCountTopology(), log, backend: new MemoryBackend(), instanceId: name, queryServer: server },
      commit: { recordsMax: 20 },
      hooks: {
        onTaskAssigned: ({ taskId }) => void seen.push(`runs ${taskId}`),
        onTaskReleased: ({ taskId }) => void seen.push(`gives ${taskId}`),
        onStandbyProgress: ({ taskId, lag }: { taskId: string; lag?: number }) =>
          void seen.push(`follows ${taskId} ${lag}`),
        onRestoreProgress: ({ taskId, records, remaining }) => {
          if (remaining === 0) seen.push(`restored ${taskId} ${records}`)
        },
      },
      ...options,
    })
    const close = async () => {
      await app.close()
      await server.close()
      await log.close()
    }
    open.push(close)
    await app.start()
    return { app, seen, close }
  }
  const statefulOf = async ({ app }: Instance) => {
    return (await app.status()).tasks.map(({ id }) => id).filter((id) => id.startsWith('words-by-word'))
  }
  // On a real log what one task has written becomes visible to the next one a little later.
  const counted = (log: Log, times: number) => {
    return until(async () => (await readTopic(log, 'counts')).length === times, 30_000)
  }
  const settled = (...instances: Instance[]) =>
    until(() => instances.every(({ app }) => app.state === 'RUNNING'), 30_000)

  test('warm up, hand over, follow each other, and answer for each other', async () => {
    const log: Log = await openLog()
    open.push(() => log.close())
    await log.createTopics([WORDS, COUNTS])
    const options = { standbyReplicas: 1, acceptableRecoveryLag: 3 }
    const a = await start('a', options)
    await say(log, MANY)
    await counted(log, MANY.length)
    const b = await start('b', options)
    await until(async () => (await statefulOf(b)).length === 1, 30_000)
    await settled(a, b)
    const [moved = ''] = await statefulOf(b)
    // It followed the task before it ran it, and read next to nothing then.
    const restored = b.seen.find((line) => line.startsWith(`restored ${moved} `))
    expect(b.seen.findIndex((line) => line.startsWith(`follows ${moved}`))).toBeGreaterThanOrEqual(0)
    expect(Number(restored?.split(' ')[2])).toBeLessThanOrEqual(3)
    // One round of it: the task was given up once and taken once.
    expect(a.seen.filter((line) => line === `gives ${moved}`)).toHaveLength(1)
    expect(b.seen.filter((line) => line === `runs ${moved}`)).toHaveLength(1)
    await say(log, MANY)
    await counted(log, 2 * MANY.length)
    for (const { app } of [a, b]) {
      expect(await app.query<number>('totals').scan()).toHaveLength(40)
      for (const word of ['w1', 'w2', 'w3', 'w4']) expect(await app.query<number>('totals').get(word)).toBe(20)
    }
    const key = 'mine'
    const topic = 'word-count.words-by-word.repartition'
    const partition = partitionFor(Buffer.from(key), PARTITIONS)
    const [offset = -1] = await log.append([
      { topic, partition, timestampMs: 1, key: Buffer.from(key), value: Buffer.from(key) },
    ])
    for (const { app } of [a, b]) {
      expect(await app.query<number>('totals').get(key, { position: { topic, partition, offset } })).toBe(1)
    }
    const followed = async ({ app }: Instance) => (await app.status()).standbys
    await until(
      async () => (await followed(a)).every(({ lag, progress }) => lag === 0 && progress.ageMs !== null),
      20_000,
    )
    expect((await followed(a)).map(({ id }) => id)).toEqual(await statefulOf(b))
    expect((await followed(b)).map(({ id }) => id).sort()).toEqual((await statefulOf(a)).sort())
    a.seen.length = 0
    await b.close()
    await until(async () => (await statefulOf(a)).length === 3, 30_000)
    await settled(a)
    expect(a.seen).toContain(`restored ${moved} 0`)
    await expectExactlyOnce(log, [...MANY, ...MANY, key])
  })
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { type MemoryLog, memoryLog } from '../log/memory/memory-log.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import type { StoreBackend } from '../store/store.ts'
import {
  COUNTS,
  caughtUp,
  expectExactlyOnce,
  expectStoresEqualChangelogs,
  PARTITIONS,
  readTopic,
  recordingHooks,
  say,
  startWordCount,
  until,
  WORDS,
  wordCountTopology,
} from '../testing/word-count-scene.ts'
import type { Topic } from '../topology/topic.ts'
import { StreamsApp } from './app.ts'

let log: MemoryLog
let backend: StoreBackend
let apps: StreamsApp[]
beforeEach(async () => {
  log = memoryLog({ offsetGap: 1 })
  await log.createTopics([WORDS, COUNTS])
  backend = new MemoryBackend()
  apps = []
})
afterEach(async () => {
  for (const app of apps) await app.close()
})

const start = async (options: Partial<Parameters<typeof startWordCount>[0]> = {}) => {
  const app = await startWordCount({ log, backend, ...options })
  apps.push(app)
  return app
}
const WORDS_SAID = ['to', 'be', 'or', 'not', 'to', 'be', 'that', 'is', 'the', 'question']

describe('an application', () => {
  test('processes what is in its topics and what comes, each record once, over an internal topic', async () => {
    await say(log, WORDS_SAID)
    const app = await start()
    await caughtUp(app)
    await say(log, WORDS_SAID)
    await caughtUp(app)
    await expectExactlyOnce(log, [...WORDS_SAID, ...WORDS_SAID])
    await expectStoresEqualChangelogs(log, () => backend)
  })

  test('goes on where it was after a stop, with the state it had', async () => {
    await say(log, WORDS_SAID)
    const first = await start()
    await caughtUp(first)
    await first.close()
    await say(log, WORDS_SAID)
    const second = await start()
    await caughtUp(second)
    await expectExactlyOnce(log, [...WORDS_SAID, ...WORDS_SAID])
  })

  test('builds its state from the changelogs where it has lost its store', async () => {
    await say(log, WORDS_SAID)
    const first = await start()
    await caughtUp(first)
    await first.close()
    backend = new MemoryBackend()
    const restored: number[] = []
    const second = await start({ hooks: { onRestoreProgress: ({ records }) => restored.push(records) } })
    expect(await second.query('totals').get('to')).toBe(2)
    expect(Math.max(...restored)).toBeGreaterThan(0)
    await say(log, ['to'])
    await caughtUp(second)
    await expectExactlyOnce(log, [...WORDS_SAID, 'to'])
  })

  test('walks through its states, and each is told once', async () => {
    const { hooks, events } = recordingHooks()
    const app = await start({ hooks })
    expect(app.state).toBe('RUNNING')
    await app.close()
    await app.close()
    expect(events).toEqual(['STARTING', 'REBALANCING', 'RESTORING', 'RUNNING', 'CLOSING', 'CLOSED'])
    await expect(app.start()).rejects.toMatchObject({ code: 'APP_ILLEGAL_STATE' })
  })

  test('commits what is on its way before it closes', async () => {
    const app = await start()
    await say(
      log,
      Array.from({ length: 2_000 }, (_, i) => `w${i % 50}`),
    )
    await until(() => app.status().then(({ totals }) => totals.processed > 0))
    await app.close()
    const positions = await log.committed(
      'word-count',
      [0, 1, 2].map((partition) => ({ topic: 'words', partition })),
    )
    const taken = positions.reduce((sum, { offset }) => sum + offset, 0)
    expect(taken).toBeGreaterThan(0)
    const again = await start()
    await caughtUp(again)
    await expectExactlyOnce(
      log,
      Array.from({ length: 2_000 }, (_, i) => `w${i % 50}`),
    )
  })

  test('can be closed before it has started, and leaves nothing behind', async () => {
    const app = new StreamsApp({ topology: wordCountTopology(), log, backend, instanceId: 'one' })
    await app.close()
    expect(app.state).toBe('CLOSED')
    expect(await log.groups()).toEqual([])
  })

  test('refuses options that make no sense', () => {
    const options = { topology: wordCountTopology(), log, backend, instanceId: 'one' }
    expect(() => new StreamsApp({ ...options, instanceId: '' })).toThrow(/instanceId of the application is empty/)
    expect(() => new StreamsApp({ ...options, commit: { recordsMax: 0 } })).toThrow(
      /commit.recordsMax of the application is 0/,
    )
    expect(() => new StreamsApp({ ...options, buffer: { bytesMax: Number.NaN } })).toThrow(/buffer.bytesMax/)
    expect(() => new StreamsApp({ ...options, cacheBytesMax: -1 })).toThrow(/cacheBytesMax/)
  })
})

describe('an application that cannot start', () => {
  test('names the topic that is missing', async () => {
    const empty = memoryLog()
    const { hooks, events } = recordingHooks()
    const app = new StreamsApp({ topology: wordCountTopology(), log: empty, backend, instanceId: 'one', hooks })
    await expect(app.start()).rejects.toMatchObject({
      code: 'LOG_UNKNOWN_TOPIC',
      message: expect.stringMatching(/words/),
    })
    expect(events.at(-1)).toBe('failure LOG_UNKNOWN_TOPIC')
    await app.close()
    expect(app.state).toBe('CLOSED')
  })

  test('names the topic whose partitions are not those it was built for', async () => {
    const other = memoryLog()
    await other.createTopics([{ ...WORDS, partitions: PARTITIONS + 1 }, COUNTS])
    const app = new StreamsApp({ topology: wordCountTopology(), log: other, backend, instanceId: 'one' })
    await expect(app.start()).rejects.toMatchObject({
      code: 'APP_PARTITIONS_DIFFER',
      message: expect.stringMatching(/words/),
    })
  })
})

describe('a record that fails', () => {
  const failing = (policy: 'fail' | 'dead-letter') => {
    const builder = new StreamsBuilder('careful', { onProcessError: policy })
    const check = (word: string) => {
      if (word === 'bad') throw new Error('that word')
      return word.length
    }
    builder.stream('words', WORDS).mapValues('check', check).to('counts', COUNTS)
    return builder.build()
  }

  test('stops the application where the policy is to fail, with what came before it committed', async () => {
    await log.createTopics([WORDS, COUNTS])
    const { hooks, events } = recordingHooks()
    const app = await start({ topology: failing('fail'), hooks })
    await log.append(
      ['fine', 'bad', 'late'].map((word) => ({
        topic: 'words',
        partition: 0,
        timestampMs: 1,
        key: null,
        value: Buffer.from(word),
      })),
    )
    await until(() => app.state === 'FAILED')
    expect(app.failure).toMatchObject({ code: 'STREAMS_PROCESS_FAILED', message: expect.stringMatching(/words-0@1/) })
    await until(() => events.includes('failure STREAMS_PROCESS_FAILED'))
    await app.close()
    expect((await readTopic(log, 'counts')).map(({ value }) => String(value))).toEqual(['4'])
    expect(await log.committed('careful', [{ topic: 'words', partition: 0 }])).toMatchObject([{ offset: 1 }])
    expect((await log.groups()).flatMap(({ members }) => members)).toEqual([])
  })

  test('goes to the dead letters in the same step where that is the policy, and is counted', async () => {
    const app = await start({ topology: failing('dead-letter') })
    await log.append(
      ['fine', 'bad', 'late'].map((word) => ({
        topic: 'words',
        partition: 0,
        timestampMs: 1,
        key: null,
        value: Buffer.from(word),
      })),
    )
    await caughtUp(app)
    expect((await readTopic(log, 'counts')).map(({ value }) => String(value))).toEqual(['4', '4'])
    expect((await app.status()).totals.deadLetters).toBe(1)
    expect(await readTopic(log, 'careful.dead-letters')).toHaveLength(1)
  })
})

describe('a global table', () => {
  const priced = () => {
    const prices: Topic<number> = { ...COUNTS, name: 'prices' }
    const builder = new StreamsBuilder('prices-of-words')
    const table = builder.globalTable('prices', prices, { store: 'prices' })
    builder
      .stream('words', WORDS)
      .joinGlobal(
        'price',
        table,
        (word) => word,
        (_, price) => price,
      )
      .to('counts', COUNTS)
    return { prices, topology: builder.build() }
  }
  const price = async (word: string, value: string | null) => {
    await log.append([
      {
        topic: 'prices',
        partition: 1,
        timestampMs: 1,
        key: Buffer.from(word),
        value: value === null ? null : Buffer.from(value),
      },
    ])
  }
  const prices = async () => (await readTopic(log, 'counts')).map(({ value }) => Number(value))

  test('is read whole before the first record is processed, and follows its topic', async () => {
    const { prices: topic, topology } = priced()
    await log.createTopics([topic])
    await price('apple', '3')
    await price('pear', '9')
    await price('pear', null)
    await say(log, ['apple', 'pear'])
    const app = await start({ topology })
    await caughtUp(app)
    expect(await prices()).toEqual([3])
    expect((await app.status()).globalTables).toEqual([{ store: 'prices', keys: 1 }])
    await price('pear', '5')
    await until(async () => (await app.status()).globalTables[0]?.keys === 2)
    await say(log, ['pear'])
    await caughtUp(app)
    expect(await prices()).toContain(5)
  })

  test('keeps what it had where a record cannot be decoded, and tells', async () => {
    const { prices: topic, topology } = priced()
    await log.createTopics([topic])
    await price('apple', '3')
    await price('apple', '{broken')
    const errors: number[] = []
    const app = await start({ topology, hooks: { onGlobalTableError: ({ offset }) => errors.push(offset) } })
    await say(log, ['apple'])
    await caughtUp(app)
    expect(await prices()).toEqual([3])
    expect(errors).toHaveLength(1)
  })
})

test('keeps two applications on one log and one store apart', async () => {
  const one = await start()
  const two = await start({ topology: wordCountTopology('second-count') })
  await say(log, WORDS_SAID)
  await caughtUp(one)
  await caughtUp(two)
  expect(await one.query('totals').scan()).toEqual(await two.query('totals').scan())
  expect(await one.query('totals').get('to')).toBe(2)
})

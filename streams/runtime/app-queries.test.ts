import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LogFaults } from '../log/memory/log-faults.ts'
import { type MemoryLog, memoryLog } from '../log/memory/memory-log.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import { COUNTS, caughtUp, PARTITIONS, say, startWordCount, until, WORDS } from '../testing/word-count-scene.ts'
import type { StreamsApp } from './app.ts'

let faults: LogFaults
let log: MemoryLog
let apps: StreamsApp[]
beforeEach(async () => {
  faults = {}
  log = memoryLog({ faults })
  await log.createTopics([WORDS, COUNTS])
  apps = []
})
afterEach(async () => {
  for (const app of apps) await app.close()
})
const start = async (instanceId = 'one') => {
  const app = await startWordCount({ log, backend: new MemoryBackend(), instanceId })
  apps.push(app)
  return app
}
/** Puts a word right behind the repartition, where its position is that of an input of the counting task. */
const sayBehind = async (word: string) => {
  const topic = 'word-count.words-by-word.repartition'
  const partition = PARTITIONS - 1
  const [offset] = await log.append([
    { topic, partition, timestampMs: 1, key: Buffer.from(word), value: Buffer.from(word) },
  ])
  return { topic, partition, offset: offset ?? -1 }
}

describe('a query', () => {
  test('reads values and ranges, over all partitions in the order of the keys', async () => {
    const app = await start()
    await say(log, ['pear', 'apple', 'plum', 'apple', 'fig', 'prune'])
    await caughtUp(app)
    const totals = app.query<number>('totals')
    expect(await totals.get('apple')).toBe(2)
    expect(await totals.get('nothing')).toBeUndefined()
    const all = [['apple', 2], ['fig', 1], ['pear', 1], ['plum', 1], ['prune', 1]] // biome-ignore format: a table
    expect(await totals.scan()).toEqual(all)
    expect(await totals.scan({ limit: 2 })).toEqual(all.slice(0, 2))
    expect(await totals.scan({ prefix: 'p' })).toEqual(all.slice(2))
    expect(await totals.scan({ from: 'fig', to: 'plum' })).toEqual(all.slice(1, 3))
    const one = await totals.scan({ partitionKey: 'apple' })
    expect(one).toContainEqual(['apple', 2])
    expect(one.length).toBeLessThan(5)
  })

  test('waits until the record at a position has been processed: who wrote it reads what came of it', async () => {
    const app = await start()
    for (let i = 1; i <= 20; i++) {
      const position = await sayBehind('mine')
      const query = app.query<number>('totals')
      const found = await query.scan({ position })
      expect(found.find(([word]) => word === 'mine')).toEqual(['mine', i])
    }
  })

  test('gives up waiting after its time and says which task did not get there', async () => {
    const app = await start()
    const position = { topic: 'words', partition: 0, offset: 99 }
    await expect(app.query('totals').get('a', { position, timeoutMs: 20 })).rejects.toMatchObject({
      code: 'QUERY_TIMEOUT',
      message: expect.stringMatching(/words.0/),
    })
  })

  test('refuses a position of a topic that the application does not read', async () => {
    const app = await start()
    const position = { topic: 'counts', partition: 0, offset: 0 }
    await expect(app.query('totals').get('a', { position })).rejects.toMatchObject({ code: 'QUERY_POSITION_INVALID' })
  })

  test('says that the task is on another instance', async () => {
    const a = await start('a')
    const b = await start('b')
    await say(log, ['one', 'two', 'three', 'four', 'five'])
    await caughtUp(a, b)
    await expect(a.query('totals').scan()).rejects.toMatchObject({ code: 'QUERY_NOT_HERE' })
    const answers = await Promise.allSettled([a.query('totals').get('one'), b.query('totals').get('one')])
    expect(answers.filter(({ status }) => status === 'fulfilled')).toEqual([{ status: 'fulfilled', value: 1 }])
  })

  test('names the stores there are where it asks for another one', async () => {
    const app = await start()
    expect(() => app.query('balances')).toThrow(/Its stores: totals/)
  })

  test('sees nothing of what is not committed', async () => {
    const app = await start()
    await say(log, ['a'])
    await caughtUp(app)
    faults.commit = () => 'aborted'
    await say(log, ['a'])
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(await app.query('totals').get('a')).toBe(1)
    faults.commit = undefined
    await until(async () => (await app.query('totals').get('a')) === 2)
  })

  test('ends with an error when the application closes while it waits', async () => {
    const app = await start()
    const position = { topic: 'words', partition: 0, offset: 99 }
    const waiting = expect(app.query('totals').get('a', { position })).rejects.toMatchObject({ code: 'QUERY_NOT_HERE' })
    await app.close()
    await waiting
  })
})

describe('the status', () => {
  test('tells of each task where it stands, and sums up', async () => {
    const app = await start()
    await say(log, ['a', 'b', 'c', 'd', 'a'])
    await caughtUp(app)
    const { tasks, totals, state, error } = await app.status()
    expect([state, error, tasks.length]).toEqual(['RUNNING', null, 2 * PARTITIONS])
    expect(totals).toMatchObject({ lag: 0, processed: 10, stateKeys: 4, deadLetters: 0, parkedKeys: 0 })
    expect(totals.stateBytes).toBeGreaterThan(4)
    for (const task of tasks) expect(task).toMatchObject({ state: 'RUNNING', lag: 0, restore: null })
    expect(tasks.filter(({ processed }) => processed > 0).every(({ lastCommitMs }) => (lastCommitMs ?? 0) > 0)).toBe(
      true,
    )
  })

  test('shows how far behind the application is', async () => {
    const app = await start()
    faults.commit = () => 'aborted'
    await say(log, ['a', 'b', 'c'])
    expect(await app.lag()).toBe(3)
    const { tasks, totals } = await app.status()
    expect(totals.lag).toBe(3)
    expect(tasks.reduce((sum, { lag }) => sum + lag, 0)).toBe(3)
    faults.commit = undefined
    await until(async () => (await app.lag()) === 0)
  })
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { type MemoryLog, memoryLog } from '../log/memory/memory-log.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import { mortalLog } from '../testing/mortal-log.ts'
import {
  COUNTS,
  caughtUp,
  expectExactlyOnce,
  readTopic,
  say,
  startWordCount,
  until,
  WORDS,
  wordCountTopology,
} from '../testing/word-count-scene.ts'
import { StreamsApp } from './app.ts'
import type { RestoreProgress } from './restore-pace.ts'

const OTHERS = ['b', 'c', 'd', 'e', 'f', 'g', 'h']

let log: MemoryLog
let apps: StreamsApp[]
beforeEach(async () => {
  log = memoryLog()
  await log.createTopics([WORDS, COUNTS])
  apps = []
})
afterEach(async () => {
  for (const app of apps) await app.close()
})

/** An application that has counted a word and has lost its store since. Answers with the length of its changelog. */
async function lostStore(times: number): Promise<number> {
  const before = await startWordCount({ log, backend: new MemoryBackend() })
  for (let n = 0; n < times; n++) await say(log, ['a'])
  await caughtUp(before)
  await before.close()
  return (await readTopic(log, 'word-count.totals.changelog')).length
}

test('runs every other task while one restores, and takes that one in when it is done', async () => {
  const length = await lostStore(40)
  const process = mortalLog(log)
  process.holdsReads = true
  const app = new StreamsApp({
    ...{ topology: wordCountTopology(), log: process.log, backend: new MemoryBackend(), instanceId: 'one' },
  })
  apps.push(app)
  const started = app.start()
  const restoring = async () => (await app.status()).tasks.filter(({ state }) => state === 'RESTORING')
  await until(async () => (await app.status()).tasks.length === 6 && (await restoring()).length === 1)
  const [task] = await restoring()
  expect(app.state).toBe('RESTORING')
  expect(task?.restore).toMatchObject({ records: 0, remaining: length, msLeft: null })
  // Words whose counts are kept by other tasks than the one that restores.
  const counted = async (word: string) => {
    const query = app.query<number>('totals').get(word, { timeoutMs: 0 })
    return await query.catch((error: { code: string }) => error.code)
  }
  const elsewhere: string[] = []
  for (const word of OTHERS) if ((await counted(word)) !== 'QUERY_TIMEOUT') elsewhere.push(word)
  expect(elsewhere.length).toBeGreaterThan(0)
  await say(log, elsewhere)
  for (const word of elsewhere) await until(async () => (await counted(word)) === 1)
  expect(await counted('a')).toBe('QUERY_TIMEOUT')
  process.holdsReads = false
  await started
  await caughtUp(app)
  expect(await counted('a')).toBe(40)
  await expectExactlyOnce(log, [...Array.from({ length: 40 }, () => 'a'), ...elsewhere])
})

test('tells how far a restore is, how fast it goes and how long it still takes', async () => {
  const length = await lostStore(40)
  let now = 0
  const seen: RestoreProgress[] = []
  const app = await startWordCount({
    ...{ log, backend: new MemoryBackend() },
    nowMs: () => {
      now += 10
      return now
    },
    hooks: { onRestoreProgress: (event) => void seen.push(event) },
  })
  apps.push(app)
  const steps = seen.filter(({ records, remaining }) => records + remaining > 0)
  expect(steps[0]).toMatchObject({ records: 0, bytes: 0, remaining: length, msLeft: null })
  const last = steps.at(-1)
  expect(last).toMatchObject({ records: length, remaining: 0, msLeft: 0 })
  expect(last?.bytes).toBeGreaterThan(length)
  expect(last?.recordsPerSecond).toBeGreaterThan(0)
  expect(last?.bytesPerSecond).toBeGreaterThan(last?.recordsPerSecond ?? 0)
})

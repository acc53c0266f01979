import { afterEach, beforeEach, expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { type MemoryLog, memoryLog } from '../log/memory/memory-log.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import { COUNTS, caughtUp, readTopic, startWordCount, WORDS } from '../testing/word-count-scene.ts'
import type { StreamsApp } from './app.ts'

let log: MemoryLog
let app: StreamsApp
let bad: Set<string>
beforeEach(async () => {
  log = memoryLog({ offsetGap: 1 })
  await log.createTopics([WORDS, COUNTS])
  bad = new Set(['poison'])
  const builder = new StreamsBuilder('careful', { onProcessError: 'park' })
  const check = (word: string) => {
    if (bad.has(word)) throw new Error(`${word} is not a word`)
    return word.length
  }
  builder.stream('words', WORDS).mapValues('check', check).to('counts', COUNTS)
  app = await startWordCount({ log, backend: new MemoryBackend(), topology: builder.build() })
})
afterEach(() => app.close())

let nowMs = 0
const say = async (...said: readonly (readonly [key: string, word: string])[]) => {
  for (const [key, word] of said) {
    const at = { topic: 'words', partition: 1, timestampMs: ++nowMs }
    await log.append([{ ...at, key: Buffer.from(key), value: Buffer.from(word) }])
  }
  await caughtUp(app)
}
const written = async () => (await readTopic(log, 'counts')).map(({ key, value }) => `${key}:${value}`)

test('lists parked keys with what waits behind them and why, the longest waiting first', async () => {
  await say(['ann', 'poison'], ['bob', 'fine'], ['ann', 'four'], ['cy', 'poison'])
  const parked = await app.parkedKeys()
  expect(parked).toMatchObject([
    { key: 'ann', taskId: 'words.1', records: 2, cause: { step: 'check', message: 'poison is not a word' } },
    { key: 'cy', records: 1, at: { topic: 'words', partition: 1 } },
  ])
  expect((await app.status()).totals).toMatchObject({ parkedKeys: 2, parkedRecords: 3 })
  expect(await written()).toEqual(['bob:4'])
})

test('processes what waits, in its order, once the cause is gone and somebody says so', async () => {
  await say(['ann', 'poison'], ['ann', 'four'], ['cy', 'poison'])
  bad.clear()
  await app.replayKey('ann')
  await caughtUp(app)
  expect(await written()).toEqual(['ann:6', 'ann:4'])
  expect((await app.parkedKeys()).map(({ key }) => key)).toEqual(['cy'])
})

test('sends what waits to the dead letters, all of it or the first few', async () => {
  await say(['ann', 'poison'], ['ann', 'four'], ['ann', 'three'])
  await app.discardKey('ann', { records: 1 })
  await caughtUp(app)
  expect(await app.parkedKeys()).toMatchObject([{ key: 'ann', records: 2 }])
  await app.discardKey('ann')
  await caughtUp(app)
  expect(await app.parkedKeys()).toEqual([])
  const letters = await app.deadLetters()
  expect(letters.map(({ value }) => String(value))).toEqual(['three', 'four', 'poison'])
  expect(letters.at(-1)).toMatchObject({ cause: { step: 'check' }, at: { topic: 'words', partition: 1 } })
})

test('refuses a decision on a key that does not wait', async () => {
  await expect(app.replayKey('nobody')).rejects.toMatchObject({ code: 'APP_KEY_NOT_PARKED' })
})

test('shows the newest dead letters only, as many as asked for', async () => {
  for (let i = 0; i < 12; i++) await say([`k${i}`, 'poison'])
  for (let i = 0; i < 12; i++) await app.discardKey(`k${i}`)
  await caughtUp(app)
  const letters = await app.deadLetters({ limit: 5 })
  expect(letters.map(({ key }) => String(key))).toEqual(['k11', 'k10', 'k9', 'k8', 'k7'])
  expect(await app.deadLetters()).toHaveLength(12)
})

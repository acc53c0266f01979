import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import type { Log } from '../log/log.ts'
import { memoryLog } from '../log/memory/memory-log.ts'
import { jsonSerde } from '../serde/serde.ts'
import { appMetaKey } from '../store/keys.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import {
  COUNTS,
  caughtUp,
  readTopic,
  say,
  startWordCount,
  WORDS,
  wordCountTopology,
} from '../testing/word-count-scene.ts'
import type { StreamsApp } from './app.ts'
import { differences } from './fingerprint-guard.ts'
import { resetApplication } from './reset.ts'

let log: Log
let backend: MemoryBackend
let apps: StreamsApp[]
beforeEach(async () => {
  log = memoryLog()
  await log.createTopics([WORDS, COUNTS])
  backend = new MemoryBackend()
  apps = []
})
afterEach(async () => {
  for (const app of apps) await app.close()
})
const start = async (topology = wordCountTopology()) => {
  const app = await startWordCount({ log, backend, topology })
  apps.push(app)
  return app
}

/** The word count of another version: it keeps lengths too. */
function changedTopology() {
  const builder = new StreamsBuilder('word-count')
  const totals = builder.store('totals', { value: jsonSerde<number>() })
  const lengths = builder.store('lengths', { value: jsonSerde<number>() })
  const words = builder.stream('words', WORDS)
  words.groupByKey().count('count', { store: totals }).toStream().to('counts', COUNTS)
  words
    .mapValues('length', (word) => word.length)
    .groupByKey()
    .reduce('sum', { store: lengths, reducer: (a, b) => a + b })
  return builder.build()
}

describe('a topology that has changed', () => {
  test('is refused on the state of the old one, with what changed and the command to run', async () => {
    await (await start()).close()
    await expect(start(changedTopology())).rejects.toMatchObject({
      code: 'TOPOLOGY_CHANGED',
      message: expect.stringMatching(/store lengths is new.*npm run streams -- reset word-count/),
    })
    await caughtUp(await start())
  })

  test('is told apart by names and by what they mean', () => {
    const found = differences(wordCountTopology().description(), changedTopology().description())
    expect(found).toEqual(
      expect.arrayContaining([
        'node by-word is gone',
        'node length is new',
        'store lengths is new',
        expect.stringMatching(/^node count was .* and is/),
      ]),
    )
  })
})

describe('a reset', () => {
  test('takes the application back to its beginning: the same counts are made once more', async () => {
    await say(log, ['a', 'b', 'a'])
    const app = await start()
    await caughtUp(app)
    await app.close()
    const report = await resetApplication({ topology: wordCountTopology(), log, backend })
    expect(report.changelogKeys).toBe(2)
    const again = await start()
    await caughtUp(again)
    expect(await again.query('totals').scan()).toEqual([['a', 2], ['b', 1]]) // biome-ignore format: a table
    const written = (await readTopic(log, 'counts')).map(({ key, value }) => `${key}${value}`)
    expect(written.sort()).toEqual(['a1', 'a1', 'a2', 'a2', 'b1', 'b1'])
  })

  test('empties the changelogs, so that an instance without a store begins empty too', async () => {
    await say(log, ['a', 'b', 'a'])
    const app = await start()
    await caughtUp(app)
    await app.close()
    await resetApplication({ topology: wordCountTopology(), log, backend })
    backend = new MemoryBackend()
    await caughtUp(await start())
    expect(await apps[1]?.query('totals').get('a')).toBe(2)
  })

  test('lets a changed topology start', async () => {
    await say(log, ['a', 'b', 'a'])
    await (await start()).close()
    await resetApplication({ topology: changedTopology(), log, backend })
    await caughtUp(await start(changedTopology()))
  })

  test('is refused while the application runs, and takes nothing from it', async () => {
    await say(log, ['a', 'b', 'a'])
    const app = await start()
    await caughtUp(app)
    await expect(resetApplication({ topology: wordCountTopology(), log, backend })).rejects.toMatchObject({
      code: 'LOG_GROUP_ACTIVE',
    })
    expect(await app.query('totals').get('a')).toBe(2)
    await app.close()
    await caughtUp(await start())
  })

  test('that was interrupted keeps the application from starting on half of it', async () => {
    await (await start()).close()
    await backend.write({ entries: [[appMetaKey('word-count', 'reset'), Buffer.from('1')]] })
    await expect(start()).rejects.toMatchObject({ code: 'APP_RESET_UNFINISHED' })
    await resetApplication({ topology: wordCountTopology(), log, backend })
    await caughtUp(await start())
  })
})

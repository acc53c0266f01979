import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StreamsError } from '../errors.ts'
import { type CommitFault, type LogFaults, nextCommits } from '../log/memory/log-faults.ts'
import { type MemoryLog, memoryLog } from '../log/memory/memory-log.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import type { StoreBackend, WriteBatch } from '../store/store.ts'
import {
  COUNTS,
  caughtUp,
  expectExactlyOnce,
  expectStoresEqualChangelogs,
  recordingHooks,
  say,
  startWordCount,
  until,
  WORDS,
} from '../testing/word-count-scene.ts'
import type { StreamsApp } from './app.ts'

const SAID = Array.from({ length: 300 }, (_, i) => `w${i % 11}`)

let faults: LogFaults
let log: MemoryLog
let backend: MemoryBackend
let apps: StreamsApp[]
beforeEach(async () => {
  faults = {}
  log = memoryLog({ offsetGap: 1, faults })
  await log.createTopics([WORDS, COUNTS])
  backend = new MemoryBackend()
  apps = []
})
afterEach(async () => {
  for (const app of apps) await app.close()
})

const start = async (options: Partial<Parameters<typeof startWordCount>[0]> = {}) => {
  const app = await startWordCount({ log, backend, commit: { recordsMax: 20 }, ...options })
  apps.push(app)
  return app
}

/** A store whose writes of state fail from the moment `broken` is set, like a disk that is full. */
function breakable(inner: StoreBackend) {
  const control: { broken: StreamsError | undefined } = { broken: undefined }
  const store: StoreBackend = {
    persistent: inner.persistent,
    getMany: (keys) => inner.getMany(keys),
    scan: (options) => inner.scan(options),
    write: async (batch: WriteBatch) => {
      if (control.broken !== undefined) throw control.broken
      await inner.write(batch)
    },
    approximateBytes: (range) => inner.approximateBytes(range),
    flush: () => inner.flush(),
    close: () => inner.close(),
  }
  return { store, control }
}

describe('whatever becomes of a commit', () => {
  const outcomes: readonly CommitFault[] = ['aborted', 'unknown-committed', 'unknown-aborted', 'fenced', { delayMs: 5 }]
  const ordinals = [1, 2, 5]
  for (const outcome of outcomes) {
    for (const ordinal of ordinals) {
      const name = typeof outcome === 'string' ? outcome : 'late'
      test(`counts each word once when commit ${ordinal} is ${name}, and after a restart`, async () => {
        const { hooks, events } = recordingHooks()
        faults.commit = nextCommits(...new Array<undefined>(ordinal - 1).fill(undefined), outcome)
        const app = await start({ hooks })
        await say(log, SAID)
        await caughtUp(app)
        await expectExactlyOnce(log, SAID)
        await expectStoresEqualChangelogs(log, () => backend)
        if (outcome === 'fenced') expect(events).toContain('recovery LOG_FENCED rejoins')
        if (outcome === 'aborted') expect(events).toContain('retry 1 LOG_ABORTED')
        if (String(outcome).startsWith('unknown')) expect(events).toContain('recovery LOG_OUTCOME_UNKNOWN')
        await app.close()
        await say(log, SAID)
        const again = await start()
        await caughtUp(again)
        await expectExactlyOnce(log, [...SAID, ...SAID])
        await expectStoresEqualChangelogs(log, () => backend)
      })
    }
  }

  test('tries a commit that is refused without effect again and again, without losing or changing it', async () => {
    faults.commit = nextCommits('aborted', 'aborted', 'aborted')
    const { hooks, events } = recordingHooks()
    const app = await start({ hooks })
    await say(log, SAID)
    await caughtUp(app)
    expect(events.filter((event) => event.startsWith('retry'))).toHaveLength(3)
    await expectExactlyOnce(log, SAID)
  })

  test('stops with a clear error when the log is full, and has lost nothing when there is space again', async () => {
    faults.commit = nextCommits(undefined, 'storage-full')
    const { hooks, events } = recordingHooks()
    const app = await start({ hooks })
    await say(log, SAID)
    await until(() => events.includes('failure LOG_STORAGE_FULL'))
    expect(app.state).toBe('FAILED')
    await app.close()
    const again = await start()
    await caughtUp(again)
    await expectExactlyOnce(log, SAID)
    await expectStoresEqualChangelogs(log, () => backend)
  })

  test('gives up when it is fenced again and again: another process has its name', async () => {
    faults.commit = () => 'fenced'
    const app = await start({ fencedPerMinuteMax: 3 })
    await say(log, SAID)
    await until(() => app.state === 'FAILED')
    expect(app.failure).toMatchObject({ code: 'LOG_FENCED' })
    await app.close()
    faults.commit = undefined
    await caughtUp(await start())
    await expectExactlyOnce(log, SAID)
  })
})

describe('dying between the commit of the log and the write of the store', () => {
  for (const code of ['STORE_FULL', 'STORE_POISONED']) {
    test(`stops on ${code}, and the next start applies what the store has missed`, async () => {
      const { store, control } = breakable(backend)
      const { hooks, events } = recordingHooks()
      const app = await start({ backend: store, hooks })
      await say(log, SAID)
      await caughtUp(app)
      control.broken = new StreamsError(code, 'The write fails.')
      await say(log, SAID)
      await until(() => events.includes(`failure ${code}`))
      await expect(expectStoresEqualChangelogs(log, () => backend)).rejects.toThrow()
      await app.close()

      // The start has applied it before anything else is processed; what is processed meanwhile lags for a moment.
      const again = await start()
      await vi.waitFor(() => expectStoresEqualChangelogs(log, () => backend))
      await caughtUp(again)
      await expectExactlyOnce(log, [...SAID, ...SAID])
      await expectStoresEqualChangelogs(log, () => backend)
    })
  }

  test('builds a store again that is ahead of the log, and says so', async () => {
    await say(log, SAID)
    await caughtUp(await start())
    await apps[0]?.close()
    const shorter = memoryLog()
    await shorter.createTopics([WORDS, COUNTS])
    await say(shorter, ['w1'])
    const { hooks, events } = recordingHooks()
    const app = await start({ log: shorter, hooks })
    await caughtUp(app)
    expect(events).toEqual(
      expect.arrayContaining([expect.stringMatching(/rebuild words-by-word.\d totals log-ends-earlier/)]),
    )
    await expectExactlyOnce(shorter, ['w1'])
    await expectStoresEqualChangelogs(shorter, () => backend)
  })
})

describe('trouble with reading', () => {
  test('stops where the records it has not read yet are no longer kept, and says from where on they are', async () => {
    const { hooks, events } = recordingHooks()
    const app = await start({ hooks })
    await say(log, SAID)
    await caughtUp(app)
    const message = 'words/0 cannot be read at offset 5; it begins at 90.'
    faults.fetch = () => new StreamsError('LOG_OFFSET_OUT_OF_RANGE', message)
    await say(log, SAID)
    await until(() => events.includes('failure LOG_OFFSET_OUT_OF_RANGE'))
    expect((await app.status()).error).toContain('it begins at 90')
  })

  test('fails its start when the changelogs cannot be read, and starts when they can', async () => {
    await say(log, SAID)
    await caughtUp(await start())
    await apps[0]?.close()
    faults.fetch = () => new Error('no route to host')
    backend = new MemoryBackend()
    await expect(start()).rejects.toThrow('no route to host')
    faults.fetch = undefined
    await caughtUp(await start())
    await expectExactlyOnce(log, SAID)
  })
})

test('does not begin anew on state whose positions the log has forgotten', async () => {
  await say(log, SAID)
  const app = await start()
  await caughtUp(app)
  await app.close()
  // To the log a group of another name is one whose positions are gone.
  const again = startWordCount({ log, backend, applicationId: 'forgotten' })
  await expect(again).rejects.toMatchObject({
    code: 'APP_POSITIONS_LOST',
    message: expect.stringContaining('npm run streams -- reset word-count'),
  })
  await expectExactlyOnce(log, SAID)
  await caughtUp(await start())
})

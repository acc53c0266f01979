import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openEmbeddedLog } from '../log/embedded/embedded-log.ts'
import { openRocksDbBackend } from '../store/rocksdb-backend.ts'
import { type Random, seededRandom, testSeed } from '../testing/seed.ts'
import {
  COUNTS,
  caughtUp,
  expectExactlyOnce,
  expectStoresEqualChangelogs,
  readTopic,
  startWordCount,
  WORDS,
} from '../testing/word-count-scene.ts'

const KILLS = 6

/** Lets the process work, and kills it at a moment that is good for nothing. */
async function workUntilKilled(directory: string, random: Random): Promise<void> {
  const child = spawn(process.execPath, [
    join(import.meta.dirname, 'app-crash.child.ts'),
    directory,
    String(random.int(1_000)),
  ])
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), random.int(120)))
  await new Promise((resolve) => child.once('close', resolve))
  expect(child.signalCode, errors).toBe('SIGKILL')
}

test('counts every word exactly once when its process is killed again and again', async () => {
  const random = seededRandom(testSeed())
  const message = `TEST_SEED=${random.seed}`
  const directory = await mkdtemp(join(tmpdir(), 'app-'))
  const open = async () => ({
    log: await openEmbeddedLog({ directory: join(directory, 'log') }),
    backend: await openRocksDbBackend({ directory: join(directory, 'store') }),
  })
  try {
    const { log, backend } = await open()
    await log.createTopics([WORDS, COUNTS])
    await backend.close()
    await log.close()
    for (let kill = 0; kill < KILLS; kill++) await workUntilKilled(directory, random)

    const last = await open()
    const app = await startWordCount(last)
    await caughtUp(app)
    const said = (await readTopic(last.log, 'words')).map(({ value }) => String(value))
    expect(said.length, message).toBeGreaterThan(KILLS * 40)
    await expectExactlyOnce(last.log, said, message)
    await expectStoresEqualChangelogs(last.log, () => last.backend, message)
    await app.close()
    await last.backend.close()
    await last.log.close()
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}, 60_000)

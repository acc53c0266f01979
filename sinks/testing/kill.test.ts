import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testSchemas } from '#schemas/testing.ts'
import { memoryLog } from '#streams'
import { openChdbAnalytics } from '../clickhouse/chdb-analytics.ts'
import type { SinkTarget } from '../feed/sink-runner.ts'
import { SinkRunner } from '../feed/sink-runner.ts'
import { sinkTopics } from '../feed/sink-topics.ts'
import { openPgliteDatabase } from '../postgres/pglite-database.ts'
import { clickhouseUnderTest } from './clickhouse-under-test.ts'
import { postgresUnderTest } from './postgres-under-test.ts'
import { sampleLife, writeLife } from './sample-life.ts'
import type { SinkUnderTest } from './sink-suite.ts'

const CHILD = fileURLToPath(new URL('./kill.child.ts', import.meta.url))
const KILLS = 4

const databases: Record<string, (directory: string) => Promise<SinkUnderTest>> = {
  postgres: async (directory) => postgresUnderTest(await openPgliteDatabase(directory)),
  clickhouse: async (directory) => clickhouseUnderTest(await openChdbAnalytics(directory)),
}

describe.each(['postgres', 'clickhouse'])('the embedded %s', (kind) => {
  let root: string
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), `fourfold-kill-${kind}-`))
  })
  afterAll(() => rm(root, { recursive: true, force: true }))

  test('has the same rows, however often its process is killed on the way', async () => {
    const directory = join(root, 'killed')
    let writes = 0
    for (let kill = 0; kill < KILLS; kill++) writes += await copyUntilKilled(kind, directory, 2 + kill * 3)
    const rest = await copyUntilKilled(kind, directory, Number.POSITIVE_INFINITY)
    expect(writes).toBeGreaterThan(KILLS)
    expect(rest).toBeGreaterThan(0)
    const killed = await rowsIn(kind, directory)
    expect(killed).toEqual(await undisturbed(kind, join(root, 'calm')))
  }, 180_000)
})

/** Runs a child until it has told of so many writes (or is done), kills it, and answers how many it told of. */
function copyUntilKilled(kind: string, directory: string, writes: number): Promise<number> {
  const child = spawn(process.execPath, [CHILD, kind, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = 0
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'done') return
      told += 1
      // A moment later, so that the kill falls into the next write.
      if (told === writes) setTimeout(() => child.kill('SIGKILL'), 7)
    })
    child.on('error', reject)
    child.on('close', (_code, signal) =>
      signal === 'SIGKILL' ? resolve(told) : reject(new Error(`The child ended by itself (${signal}).`)),
    )
  })
}

async function undisturbed(kind: string, directory: string): Promise<unknown> {
  const schemas = testSchemas()
  const log = memoryLog()
  await writeLife(log, schemas.topics, sampleLife(40, 6))
  return withDatabase(kind, directory, async (database) => {
    const target: SinkTarget = database.target()
    const runner = new SinkRunner({ log, topics: sinkTopics(schemas.topics), target })
    await runner.start()
    expect(await runner.catchUp(60_000)).toBe(true)
    await runner.stop()
    return database.rows()
  })
}

function rowsIn(kind: string, directory: string): Promise<unknown> {
  return withDatabase(kind, directory, (database) => database.rows())
}

async function withDatabase<T>(
  kind: string,
  directory: string,
  work: (database: SinkUnderTest) => Promise<T>,
): Promise<T> {
  const open = databases[kind]
  if (open === undefined) throw new Error(`There is no ${kind}.`)
  const database = await open(directory)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

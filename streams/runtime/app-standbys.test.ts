import { afterEach, beforeEach, expect, test } from 'vitest'
import { type MemoryLog, memoryLog } from '../log/memory/memory-log.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import { type MortalLog, mortalLog } from '../testing/mortal-log.ts'
import {
  COUNTS,
  caughtUp,
  expectExactlyOnce,
  expectStoresEqualChangelogs,
  readTopic,
  say,
  startWordCount,
  until,
  WORDS,
  wordCountTopology,
} from '../testing/word-count-scene.ts'
import type { StreamsApp } from './app.ts'
import type { StreamsAppHooks } from './app-hooks.ts'
import type { StreamsAppOptions } from './app-options.ts'
import { taskLags } from './task-lags.ts'

const MANY = Array.from({ length: 600 }, (_, i) => `w${i % 150}`)

/** An instance, and what was restored in it: records by task. */
type Instance = {
  readonly app: StreamsApp
  readonly backend: MemoryBackend
  readonly process: MortalLog
  readonly restored: Map<string, number>
  readonly followed: Map<string, number>
}

let log: MemoryLog
let instances: Map<string, Instance>
beforeEach(async () => {
  log = memoryLog({ offsetGap: 1 })
  await log.createTopics([WORDS, COUNTS])
  instances = new Map()
})
afterEach(async () => {
  for (const { app } of instances.values()) await app.close()
})

async function start(name: string, options: Partial<StreamsAppOptions> = {}): Promise<Instance> {
  const [backend, process] = [new MemoryBackend(), mortalLog(log)]
  const [restored, followed] = [new Map<string, number>(), new Map<string, number>()]
  const hooks: StreamsAppHooks = {
    onRestoreProgress: ({ taskId, records }) => void restored.set(taskId, records),
    onStandbyProgress: ({ taskId, records }) => void followed.set(taskId, records),
    // Where reads are held, they are held until a task becomes ours: the restore is what reads the tail.
    onTaskAssigned: () => {
      process.holdsReads = false
    },
  }
  const app = await startWordCount({
    ...{ log: process.log, backend, hooks, instanceId: name, standbyReplicas: 1, commit: { recordsMax: 20 } },
    ...options,
  })
  const instance = { app, backend, process, restored, followed }
  instances.set(name, instance)
  return instance
}

/** Ends an instance as kill -9 does. */
async function kill(name: string): Promise<void> {
  const { process } = instances.get(name) as Instance
  instances.delete(name)
  await process.kill()
}

const apps = () => [...instances.values()].map(({ app }) => app)
const tasksOf = async ({ app }: Instance) => (await app.status()).tasks.map(({ id }) => id)
const standbysOf = async ({ app }: Instance) => (await app.status()).standbys.map(({ id }) => id)
const statefulOf = async (instance: Instance) =>
  (await tasksOf(instance)).filter((id) => id.startsWith('words-by-word'))
/** What standbys say themselves is as of their last look; this is as of now. */
const followersAreWhole = async () => {
  for (const one of instances.values()) {
    const lags = await taskLags(wordCountTopology(), log, one.backend)
    const { standbys } = await one.app.status()
    if (standbys.some(({ id, lag, progress }) => lag > 0 || progress.ageMs === null || lags.get(id)?.lag !== 0))
      return false
  }
  return true
}
const changelogEnds = async () => {
  const partitions = [0, 1, 2].map((partition) => ({ topic: 'word-count.totals.changelog', partition }))
  return new Map((await log.endOffsets(partitions)).map((at) => [`words-by-word.${at.partition}`, at.offset]))
}
const recordsAfter = async (taskId: string, offset: number) => {
  const records = await readTopic(log, 'word-count.totals.changelog')
  return records.filter((record) => taskId.endsWith(`.${record.partition}`) && record.offset >= offset).length
}
const backendOfEach = async () => {
  const owners = new Map<string, MemoryBackend>()
  for (const one of instances.values()) for (const id of await tasksOf(one)) owners.set(id, one.backend)
  return (taskId: string) => owners.get(taskId)
}

test('follows each task with state on one other instance, and holds the same there', async () => {
  const [a, b] = [await start('a'), await start('b')]
  await say(log, MANY)
  await caughtUp(...apps())
  await until(followersAreWhole)
  expect((await standbysOf(a)).sort()).toEqual((await statefulOf(b)).sort())
  expect((await standbysOf(b)).sort()).toEqual((await statefulOf(a)).sort())
  // The copies, not the originals: each task's store as the other instance has it.
  const owners = await backendOfEach()
  await expectStoresEqualChangelogs(log, (taskId) => (owners(taskId) === a.backend ? b.backend : a.backend))
})

test('promotes the standby of an instance that is killed, which reads only what it had not read yet', async () => {
  const [a, b] = [await start('a'), await start('b')]
  await say(log, MANY)
  await caughtUp(...apps())
  await until(followersAreWhole)
  const before = await statefulOf(a)
  expect(before.length).toBeGreaterThan(0)
  const ends = await changelogEnds()
  b.process.holdsReads = true
  await say(log, MANY.slice(0, 90))
  await caughtUp(...apps())
  b.restored.clear()
  await kill('a')
  await caughtUp(b.app)
  for (const id of before) {
    const tail = await recordsAfter(id, ends.get(id) ?? 0)
    expect(tail, id).toBeGreaterThan(0)
    expect(b.restored.get(id), id).toBe(tail)
    expect(tail, id).toBeLessThan((await recordsAfter(id, 0)) / 2)
  }
  await expectExactlyOnce(log, [...MANY, ...MANY.slice(0, 90)])
  await expectStoresEqualChangelogs(log, () => b.backend)
})

test('lets an empty instance warm up before tasks move to it, and the one that has them works on', async () => {
  const options = { standbyReplicas: 0, acceptableRecoveryLag: 5 }
  const a = await start('a', options)
  await say(log, MANY)
  await caughtUp(a.app)
  const seen: string[] = []
  const b = await start('b', {
    ...options,
    hooks: {
      onStandbyProgress: ({ taskId, records }) => void seen.push(`follows ${taskId} ${records > 0}`),
      onTaskAssigned: ({ taskId }) => void seen.push(`runs ${taskId}`),
      onRestoreProgress: ({ taskId, records }) => void seen.push(`restores ${taskId} ${records > 5}`),
    },
  })
  await until(async () => (await statefulOf(b)).length === 1)
  const [moved] = await statefulOf(b)
  const story = seen.filter((line) => line.includes(`${moved}`))
  expect(story.indexOf(`follows ${moved} true`)).toBeGreaterThanOrEqual(0)
  expect(story.indexOf(`follows ${moved} true`)).toBeLessThan(story.indexOf(`runs ${moved}`))
  expect(story).not.toContain(`restores ${moved} true`)
  await say(log, MANY)
  await caughtUp(a.app, b.app)
  expect((await standbysOf(a)).concat(await standbysOf(b))).toEqual([])
  await expectExactlyOnce(log, [...MANY, ...MANY])
  await expectStoresEqualChangelogs(log, await backendOfEach())
})

test('follows a task it has handed over, and takes it back by its tail', async () => {
  const a = await start('a')
  await say(log, MANY)
  await caughtUp(a.app)
  const b = await start('b')
  await caughtUp(...apps())
  const [left] = await statefulOf(b)
  expect(await standbysOf(a)).toContain(left)
  await say(log, MANY)
  await caughtUp(...apps())
  await until(followersAreWhole)
  a.restored.clear()
  await b.app.close()
  instances.delete('b')
  await caughtUp(a.app)
  expect(a.restored.get(left ?? '')).toBe(0)
  expect(await standbysOf(a)).toEqual([])
  await expectExactlyOnce(log, [...MANY, ...MANY])
  await expectStoresEqualChangelogs(log, () => a.backend)
})

test('gives an instance that comes back under its name its old place, and interrupts nobody else for it', async () => {
  const seen: string[] = []
  const hooks: StreamsAppHooks = { onTaskReleased: ({ taskId }) => void seen.push(taskId) }
  await start('a', { hooks })
  const b = await start('b')
  await say(log, MANY)
  await caughtUp(...apps())
  const before = await tasksOf(b)
  // It is killed, and is there again before the group has noticed.
  b.process.vanish()
  seen.length = 0
  const again = await start('b', { backend: b.backend })
  expect(await tasksOf(again)).toEqual(before)
  await say(log, MANY)
  await caughtUp(...apps())
  expect(seen).toEqual([])
  expect([...again.restored.values()].filter((records) => records > 0)).toEqual([])
  await expectExactlyOnce(log, [...MANY, ...MANY])
})

test('says how far each standby is and how old its copy may be', async () => {
  const [, b] = [await start('a'), await start('b')]
  await say(log, MANY)
  await caughtUp(...apps())
  await until(followersAreWhole)
  const [standby] = (await b.app.status()).standbys
  expect(standby).toMatchObject({ lag: 0, isWarmUp: false })
  expect(standby?.progress.ageMs).toBeLessThan(5_000)
  b.process.holdsReads = true
  await say(log, MANY)
  await until(async () => ((await b.app.status()).standbys[0]?.progress.ageMs ?? 0) > 5)
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { type MemoryLog, memoryLog } from '../log/memory/memory-log.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import type { StoreBackend } from '../store/store.ts'
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

const SAID = Array.from({ length: 400 }, (_, i) => `w${i % 13}`)

let log: MemoryLog
let apps: Map<string, StreamsApp>
let backends: Map<string, MemoryBackend>
beforeEach(async () => {
  log = memoryLog({ offsetGap: 1 })
  await log.createTopics([WORDS, COUNTS])
  apps = new Map()
  backends = new Map()
})
afterEach(async () => {
  for (const app of apps.values()) await app.close()
})

const start = async (instanceId: string, hooks = recordingHooks().hooks) => {
  const backend = backends.get(instanceId) ?? new MemoryBackend()
  backends.set(instanceId, backend)
  const app = await startWordCount({ log, backend, instanceId, hooks, commit: { recordsMax: 20 } })
  apps.set(instanceId, app)
  return app
}
const tasksOf = async (app: StreamsApp) => (await app.status()).tasks.map(({ id }) => id)
const backendOf = async () => {
  const owners = new Map<string, StoreBackend | undefined>()
  for (const [name, app] of apps) for (const id of await tasksOf(app)) owners.set(id, backends.get(name))
  return (taskId: string) => owners.get(taskId)
}
const everyTask = async () => (await Promise.all([...apps.values()].map(tasksOf))).flat().sort()
const SIX = [0, 1, 2].flatMap((n) => [`words-by-word.${n}`, `words.${n}`]).sort()

test('shares the tasks with an instance that joins, and takes them back when it leaves, amid the work', async () => {
  const a = await start('a')
  await say(log, SAID)
  const b = await start('b')
  await say(log, SAID)
  expect(await tasksOf(a)).toHaveLength(3)
  expect(await tasksOf(b)).toHaveLength(3)
  expect(await everyTask()).toEqual(SIX)
  await caughtUp(a, b)
  await expectStoresEqualChangelogs(log, await backendOf())
  await say(log, SAID)
  await b.close()
  await until(() => a.state === 'RUNNING')
  expect(await tasksOf(a)).toEqual(SIX)
  await caughtUp(a)
  await expectExactlyOnce(log, [...SAID, ...SAID, ...SAID])
  await expectStoresEqualChangelogs(log, await backendOf())
})

test('gives tasks back to the instance that has their state', async () => {
  const a = await start('a')
  const b = await start('b')
  await say(log, SAID)
  await caughtUp(a, b)
  const before = await tasksOf(b)
  await b.close()
  await until(async () => (await everyTask()).length === 6)
  const again = await start('b')
  await until(() => again.state === 'RUNNING' && a.state === 'RUNNING')
  expect(await tasksOf(again)).toEqual(before)
})

test('drops what is uncommitted and joins again when it is thrown out of the group', async () => {
  const { hooks, events } = recordingHooks()
  const a = await start('a', hooks)
  await say(log, SAID)
  const [group] = await log.groups()
  const member = group?.members[0]?.memberId ?? ''
  await log.expelMember('word-count', member)
  await until(() => events.includes('recovery LOG_FENCED rejoins') && a.state === 'RUNNING')
  await say(log, SAID)
  await caughtUp(a)
  await expectExactlyOnce(log, [...SAID, ...SAID])
  await expectStoresEqualChangelogs(log, await backendOf())
  expect((await log.groups())[0]?.members.map(({ memberId }) => memberId)).not.toContain(member)
})

test('ends one of two instances that run under the same name, and the other one does the work', async () => {
  const first = await start('a')
  backends.delete('a')
  const second = await startWordCount({ log, backend: new MemoryBackend(), instanceId: 'a' })
  apps.set('a again', second)
  await say(log, SAID)
  await until(() => first.state === 'FAILED' || second.state === 'FAILED')
  const [winner, loser] = first.state === 'FAILED' ? [second, first] : [first, second]
  expect(loser.failure).toMatchObject({ code: 'LOG_FENCED' })
  await say(log, SAID)
  await until(() => winner.state === 'RUNNING')
  await caughtUp(winner)
  await expectExactlyOnce(log, [...SAID, ...SAID])
})

test('tells which tasks came and went', async () => {
  const seen: string[] = []
  const hooks = {
    onTaskAssigned: ({ taskId }: { taskId: string }) => void seen.push(`+${taskId}`),
    onTaskReleased: ({ taskId }: { taskId: string }) => void seen.push(`-${taskId}`),
  }
  const a = await start('a', hooks)
  expect(seen.sort()).toEqual(SIX.map((id) => `+${id}`))
  seen.length = 0
  await a.close()
  expect(seen.sort()).toEqual(SIX.map((id) => `-${id}`))
})

import { expect, test } from 'vitest'
import { CommitLoop } from './commit-loop.ts'
import type { Staged } from './committer.ts'
import type { TaskHost } from './task-host.ts'

const LIMITS = { stagedBytesMax: 1_000, recordsMax: 10 }

const turns = async (count = 20) => {
  for (let i = 0; i < count; i++) await Promise.resolve()
}

/** A task that has a number of records, of 10 bytes each when staged. */
function fakeHost(id: string, records: number) {
  const host = {
    id,
    records,
    isReady: () => host.records > 0,
    process: async (recordsMax: number, bytesMax: number) => {
      const processed = Math.min(host.records, recordsMax, Math.max(1, Math.floor(bytesMax / 10)))
      host.records -= processed
      return { processed, bytes: processed * 10, records: [], positions: [], writes: [], changelogPartitions: [] }
    },
  }
  return host
}

function scene(hosts: ReturnType<typeof fakeHost>[], limits: Partial<typeof LIMITS> = {}) {
  const commits: { readonly batches: string[]; readonly end: (error?: Error) => void }[] = []
  const loop = new CommitLoop({
    ...{ ...LIMITS, ...limits },
    hosts: () => hosts as unknown as TaskHost[],
    onConsumed: () => undefined,
    commit: (staged: readonly Staged[]) =>
      new Promise((resolve, reject) => {
        const batches = staged.map(({ host, batch }) => `${host.id}:${batch.processed}`)
        commits.push({ batches, end: (error) => (error === undefined ? resolve() : reject(error)) })
      }),
  })
  return { loop, commits }
}

test('commits the first record at once, and stages what arrives while that is on its way', async () => {
  const host = fakeHost('a', 1)
  const { loop, commits } = scene([host])
  const running = loop.run()
  await turns()
  expect(commits.map(({ batches }) => batches)).toEqual([['a:1']])
  host.records = 25
  loop.wake()
  await turns()
  expect(commits).toHaveLength(1)
  commits[0]?.end()
  await turns()
  expect(commits[1]?.batches).toEqual(['a:10', 'a:10', 'a:5'])
  commits[1]?.end()
  loop.stop()
  await running
})

test('stages no more than its bound while a transaction is on its way', async () => {
  const host = fakeHost('a', 1)
  const { loop, commits } = scene([host], { stagedBytesMax: 300, recordsMax: 10 })
  const running = loop.run()
  await turns()
  host.records = 100
  loop.wake()
  await turns(100)
  expect(host.records).toBe(70)
  commits[0]?.end()
  await turns()
  expect(commits[1]?.batches).toEqual(['a:10', 'a:10', 'a:10'])
  host.records = 0
  commits[1]?.end()
  await turns()
  commits[2]?.end()
  loop.stop()
  await running
})

test('puts the tasks into one transaction', async () => {
  const { loop, commits } = scene([fakeHost('a', 3), fakeHost('b', 2)])
  const running = loop.run()
  await turns()
  expect(commits[0]?.batches).toEqual(['a:3', 'b:2'])
  commits[0]?.end()
  loop.stop()
  await running
})

test('runs a step at rest only when everything staged is committed, and processes nothing meanwhile', async () => {
  const host = fakeHost('a', 1)
  const { loop, commits } = scene([host])
  const running = loop.run()
  await turns()
  host.records = 5
  loop.wake()
  await turns()
  const seen: string[] = []
  const rested = loop.atRest(async () => {
    seen.push(`at rest after ${commits.length} commits`)
    host.records = 0
  })
  host.records = 7
  commits[0]?.end()
  await turns()
  expect(seen).toEqual([])
  commits[1]?.end()
  await rested
  expect(seen).toEqual(['at rest after 2 commits'])
  expect(commits[1]?.batches).toEqual(['a:5'])
  loop.stop()
  await running
})

test('ends with the error of a commit, drops what was staged after it, and can be run again', async () => {
  const host = fakeHost('a', 1)
  const { loop, commits } = scene([host])
  const running = loop.run()
  await turns()
  host.records = 5
  loop.wake()
  await turns()
  commits[0]?.end(new Error('the log is gone'))
  await expect(running).rejects.toThrow('the log is gone')
  expect(commits).toHaveLength(1)
  const again = loop.run()
  host.records = 2
  loop.wake()
  await turns()
  expect(commits[1]?.batches).toEqual(['a:2'])
  commits[1]?.end()
  loop.stop()
  await again
})

test('starts no transaction after a task has failed, and waits for the one on its way', async () => {
  const host = fakeHost('a', 1)
  const { loop, commits } = scene([host])
  const running = loop.run()
  let over = false
  const ended = running.catch((error) => {
    over = true
    return error
  })
  await turns()
  host.records = 5
  loop.wake()
  await turns()
  host.records = 1
  host.process = async () => {
    throw new Error('a bug')
  }
  loop.wake()
  await turns()
  expect(over).toBe(false)
  commits[0]?.end()
  expect(String(await ended)).toBe('Error: a bug')
  expect(commits).toHaveLength(1)
})

test('lets those who wait for a rest go on when it ends, and has nobody wait while it does not run', async () => {
  const { loop, commits } = scene([fakeHost('a', 1)])
  const running = loop.run()
  await turns()
  const seen: string[] = []
  const rested = loop.atRest(async () => {
    seen.push(`released after ${commits.length} commits`)
  })
  loop.interrupt(new Error('over'))
  await turns()
  expect(seen).toEqual([])
  commits[0]?.end()
  await expect(running).rejects.toThrow('over')
  await rested
  await loop.atRest(async () => {
    seen.push('at once')
  })
  expect(seen).toEqual(['released after 1 commits', 'at once'])
})

test('calls a task that processes nothing by its name', async () => {
  const host = fakeHost('a', 1)
  host.process = async () => ({
    processed: 0,
    bytes: 0,
    records: [],
    positions: [],
    writes: [],
    changelogPartitions: [],
  })
  await expect(scene([host]).loop.run()).rejects.toMatchObject({ code: 'APP_TASK_STUCK' })
})

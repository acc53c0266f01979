import { expect, test } from 'vitest'
import type { Log } from '../log/log.ts'
import { memoryLog } from '../log/memory/memory-log.ts'
import { encodeCheckpoint } from '../store/checkpoint.ts'
import { storeRange } from '../store/keys.ts'
import { MemoryBackend } from '../store/memory-backend.ts'
import { type ChangelogPartition, changelogsOf } from './changelog-cursors.ts'
import { type RestoreOptions, restoreStores } from './restore.ts'

const NOW = 1_700_000_000_000
const DAY = 24 * 60 * 60 * 1000
const CHANGELOG = changelogsOf('app', 'main.0', 0, ['totals'])[0] as ChangelogPartition

const TWO = [['a', '1'], ['b', '2']] as const // biome-ignore format: a table
const FIVE = [...TWO, ['a', '3'], ['b', null], ['c', '']] as const

async function scene(records: readonly (readonly [key: string, value: string | null])[]) {
  const log = memoryLog({ offsetGap: 1 })
  await log.createTopics([{ name: CHANGELOG.topic, partitions: 1, cleanup: 'compact', retentionMs: -1 }])
  await write(log, records)
  const backend = new MemoryBackend()
  const rebuilds: string[] = []
  const progress: number[] = []
  const restore = (options: Partial<RestoreOptions> = {}) =>
    restoreStores({
      ...{ log, backend, changelogs: [CHANGELOG], signal: new AbortController().signal, nowMs: () => NOW },
      onRebuild: (_, reason) => rebuilds.push(reason),
      onProgress: ({ remaining }) => progress.push(remaining),
      ...options,
    })
  const contents = async () => {
    const entries = await backend.scan({ range: storeRange(CHANGELOG.prefix) })
    return Object.fromEntries(
      entries.map(([key, value]) => [key.subarray(CHANGELOG.prefix.length).toString(), value.toString()]),
    )
  }
  const checkpoint = async (offset: number, savedAtMs = NOW) =>
    backend.write({ entries: [[CHANGELOG.offsetKey, encodeCheckpoint({ offset, savedAtMs })]] })
  return { log, backend, restore, contents, checkpoint, rebuilds, progress }
}

async function write(log: Log, records: readonly (readonly [string, string | null])[]): Promise<void> {
  for (const [key, value] of records) {
    const at = { topic: CHANGELOG.topic, partition: 0, timestampMs: 0 }
    await log.append([{ ...at, key: Buffer.from(key), value: value === null ? null : Buffer.from(value) }])
  }
}

test('builds a store that is empty from its whole changelog, deletes included', async () => {
  const { restore, contents, progress } = await scene(FIVE)
  await restore()
  expect(await contents()).toEqual({ a: '3', c: '' })
  expect(progress.at(0)).toBeGreaterThan(0)
  expect(progress.at(-1)).toBe(0)
})

test('applies only the tail to a store that has a checkpoint, and nothing when it is run again', async () => {
  const { log, backend, restore, contents, rebuilds } = await scene(TWO)
  await restore()
  await backend.write({ entries: [[Buffer.concat([CHANGELOG.prefix, Buffer.from('mine')]), Buffer.from('kept')]] })
  await write(log, [['b', '5']])
  await restore()
  await restore()
  expect(await contents()).toEqual({ a: '1', b: '5', mine: 'kept' })
  expect(rebuilds).toEqual([])
})

test('builds a store again that is ahead of the end of the log, and says so', async () => {
  const { restore, contents, checkpoint, backend, rebuilds } = await scene([['a', '1']])
  await backend.write({ entries: [[Buffer.concat([CHANGELOG.prefix, Buffer.from('stale')]), Buffer.from('x')]] })
  await checkpoint(99)
  await restore()
  expect(await contents()).toEqual({ a: '1' })
  expect(rebuilds).toEqual(['log-ends-earlier'])
})

test('builds a store again whose part of the log is not kept any more', async () => {
  const { log, restore, contents, checkpoint, backend, rebuilds } = await scene(TWO)
  await backend.write({ entries: [[Buffer.concat([CHANGELOG.prefix, Buffer.from('stale')]), Buffer.from('x')]] })
  await checkpoint(0)
  const begun: Log = Object.create(log, {
    beginningOffsets: { value: async () => [{ topic: CHANGELOG.topic, partition: 0, offset: 2 }] },
    endOffsets: { value: log.endOffsets.bind(log) },
    fetch: { value: log.fetch.bind(log) },
  })
  await restore({ log: begun })
  expect(await contents()).toEqual({ b: '2' })
  expect(rebuilds).toEqual(['log-begins-later'])
})

test('builds a store again that missed a day of changes, since deletes may be gone from the changelog', async () => {
  const { restore, contents, checkpoint, backend, rebuilds } = await scene(TWO)
  await backend.write({ entries: [[Buffer.concat([CHANGELOG.prefix, Buffer.from('stale')]), Buffer.from('x')]] })
  await checkpoint(2, NOW - DAY)
  await restore()
  expect(await contents()).toEqual({ a: '1', b: '2' })
  expect(rebuilds).toEqual(['deletes-expired'])
})

test('leaves an old store as it is that has missed nothing', async () => {
  const { log, restore, contents, checkpoint, backend, rebuilds } = await scene([['a', '1']])
  await restore()
  const [end] = await log.endOffsets([CHANGELOG])
  await checkpoint(end?.offset ?? -1, NOW - 30 * DAY)
  await backend.write({ entries: [[Buffer.concat([CHANGELOG.prefix, Buffer.from('mine')]), Buffer.from('kept')]] })
  await restore()
  expect(await contents()).toEqual({ a: '1', mine: 'kept' })
  expect(rebuilds).toEqual([])
})

test('stops between two writes when it is told to', async () => {
  const { restore, contents } = await scene([['a', '1']])
  await restore({ signal: AbortSignal.abort() })
  expect(await contents()).toEqual({})
})

test('refuses a changelog that has lost its first records, where compaction does not explain it', async () => {
  const { log, restore, checkpoint, contents } = await scene(FIVE)
  const at = { topic: CHANGELOG.topic, partition: 0 }
  const kafkaLike: Log = Object.create(log, {
    capabilities: { value: { ...log.capabilities, compactionMovesBegin: false } },
    beginningOffsets: { value: async () => [{ ...at, offset: 4 }] },
  })
  for (const offset of [null, 3]) {
    if (offset !== null) await checkpoint(offset)
    await expect(restore({ log: kafkaLike })).rejects.toMatchObject({
      code: 'STREAMS_CHANGELOG_TRUNCATED',
      message: expect.stringMatching(/totals.*begins at 4.*reset the application/),
    })
  }
  await checkpoint(4)
  await restore({ log: kafkaLike })
  expect(Object.keys(await contents())).toContain('c')
})

/**
 * The suite every sink passes: the same events in, the same rows out, whatever befalls it on the way. Run on every
 * database a sink can write to.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testSchemas } from '#schemas/testing.ts'
import { type Log, memoryLog } from '#streams'
import type { FeedBatch } from '../feed/feed-record.ts'
import { SinkRunner, type SinkRunnerOptions, type SinkTarget } from '../feed/sink-runner.ts'
import { sinkTopics } from '../feed/sink-topics.ts'
import { sampleLife, writeLife } from './sample-life.ts'

/** A database to be tested, open for the whole suite. */
export type SinkUnderTest = {
  /** A new target on the same database, as after a restart. */
  target(): SinkTarget
  /** All rows, sorted, without what may differ between two runs. */
  rows(): Promise<unknown>
  /** How several processes share it. */
  readonly sharedBy: 'partitions' | 'all'
  /** How many rows the unreadable records left. */
  unreadable(): Promise<number>
  /** Makes it empty. */
  clear(): Promise<void>
  close(): Promise<void>
}

const schemas = testSchemas({ partitions: 3 })
const topics = sinkTopics(schemas.topics)
const life = sampleLife(12, 4)
const APPLIED_MS = 20_000

/** Runs the suite on what `open` gives. */
export function sinkSuite(name: string, open: () => Promise<SinkUnderTest>): void {
  describe(`${name} as a sink`, () => {
    let sink: SinkUnderTest
    let log: Log
    let calm: unknown

    beforeAll(async () => {
      sink = await open()
      log = await logOfLife()
      await copyAll(sink.target(), log)
      calm = await sink.rows()
    }, 120_000)

    beforeEach(async () => {
      await sink.clear()
      log = await logOfLife()
    })

    afterAll(async () => {
      await sink.close()
    })

    test('copies every event once', async () => {
      await copyAll(sink.target(), log)
      expect(await sink.rows()).toEqual(calm)
      expect(await sink.unreadable()).toBe(0)
    })

    test('goes on where it was after a restart', async () => {
      const half = await memoryOfLife(life.slice(0, 700))
      await copyAll(sink.target(), half)
      await writeLife(half, schemas.topics, life.slice(700))
      const runner = runnerOf(sink.target(), half)
      await runner.start()
      expect(await runner.catchUp(APPLIED_MS)).toBe(true)
      expect((await runner.status()).events).toBe(life.length - 700)
      await runner.stop()
      expect(await sink.rows()).toEqual(calm)
    })

    test.each(['before', 'after'] as const)('writes the same rows where a write fails %s it is done', async (when) => {
      await copyAll(failing(sink.target(), when), log)
      expect(await sink.rows()).toEqual(calm)
    })

    test('writes the same rows where each batch comes twice', async () => {
      const target = sink.target()
      const twice = {
        ...target,
        write: async (batch: FeedBatch) => (await target.write(batch)) + (await target.write(batch)),
      }
      await copyAll(twice, log)
      expect(await sink.rows()).toEqual(calm)
    })

    test('keeps a record that it cannot read, and goes on', async () => {
      const [topic] = topics
      const bytes = Buffer.from('not Avro at all')
      await log.append([{ topic: topic?.name ?? '', partition: 0, timestampMs: 0, key: null, value: bytes }])
      await copyAll(sink.target(), log)
      expect(await sink.unreadable()).toBe(1)
      expect(await sink.rows()).toEqual(calm)
    })

    test('is written by two processes that share it, and by one of them when the other is gone', async () => {
      const half = await memoryOfLife(life.slice(0, 700))
      const share = (instanceId: string) =>
        runnerOf(sink.target(), half, { group: { instanceId, sharedBy: sink.sharedBy } })
      const [first, second] = [share('a'), share('b')]
      await Promise.all([first.start(), second.start()])
      expect(await Promise.all([first.catchUp(APPLIED_MS), second.catchUp(APPLIED_MS)])).toEqual([true, true])
      const followed = [first, second].map((runner) => runner.applied.all().length)
      expect(followed[0] ?? 0).not.toBe(0)
      expect((followed[0] ?? 0) + (followed[1] ?? 0)).toBe(topics.length * 3)
      expect(followed[1] !== 0).toBe(sink.sharedBy === 'partitions')
      await first.stop()
      await writeLife(half, schemas.topics, life.slice(700))
      expect(await second.catchUp(APPLIED_MS)).toBe(true)
      await second.stop()
      expect(await sink.rows()).toEqual(calm)
      expect(await sink.unreadable()).toBe(0)
    })

    test('keeps a record once where a process freezes in a write, and ends it when another has gone on', async () => {
      const shared = memoryLog()
      await writeLife(shared, schemas.topics, life)
      const target = sink.target()
      const [frozen, thawed, ended] = [promise(), promise(), promise()]
      let writes = 0
      const sleepy: SinkTarget = {
        ...target,
        write: async (batch) => {
          if (++writes !== 3) return target.write(batch)
          frozen.resolve()
          await thawed.promise
          return target.write(batch).finally(() => ended.resolve())
        },
      }
      const share = (instanceId: string) => ({ group: { instanceId, sharedBy: sink.sharedBy } })
      const first = runnerOf(sleepy, shared, { ...share('a'), batchBytes: 30_000 })
      await first.start()
      await frozen.promise
      const group = `sink.${target.name}`
      const [owner] = (await shared.groups()).find((one) => one.group === group)?.members ?? []
      const second = runnerOf(sink.target(), shared, share('b'))
      const joined = second.start()
      await shared.expelMember(group, owner?.memberId ?? '')
      await joined
      await expect.poll(async () => (await second.status()).events).toBeGreaterThan(0)
      thawed.resolve()
      await ended.promise
      expect(await Promise.all([first.catchUp(APPLIED_MS), second.catchUp(APPLIED_MS)])).toEqual([true, true])
      await Promise.all([first.stop(), second.stop()])
      expect(await sink.rows()).toEqual(calm)
      expect(await sink.unreadable()).toBe(0)
    })

    test('is filled again in batches where it was emptied', async () => {
      const batches: number[] = []
      const shared = { group: { instanceId: 'a', sharedBy: sink.sharedBy }, batchBytes: 8_192 }
      const fill = async () => {
        const target = sink.target()
        const write = (batch: FeedBatch) => {
          batches.push(batch.events.length)
          return target.write(batch)
        }
        const runner = runnerOf({ ...target, write }, log, shared)
        await runner.start()
        expect(await runner.catchUp(APPLIED_MS)).toBe(true)
        await runner.stop()
      }
      await fill()
      await sink.clear()
      batches.length = 0
      await fill()
      expect(Math.max(...batches)).toBeLessThan(life.length / 4)
      expect(await sink.rows()).toEqual(calm)
    })

    test('lets a reader wait for its own write, and says how far it is', async () => {
      const runner = runnerOf(sink.target(), log)
      await runner.start()
      expect(await runner.catchUp(APPLIED_MS)).toBe(true)
      const status = await runner.status()
      expect(status).toMatchObject({ state: 'running', problem: null, lag: 0, events: life.length })
      expect(status.rows).toBeGreaterThan(0)
      const [end] = status.positions
      const next = { topic: end?.topic ?? '', partition: end?.partition ?? 0, offset: end?.offset ?? 0 }
      expect(await runner.applied.waitFor({ ...next, offset: next.offset - 1 }, 0)).toBe(true)
      expect(await runner.applied.waitFor(next, 20)).toBe(false)
      await runner.stop()
      expect((await runner.status()).state).toBe('stopped')
    })

    test('says what is wrong while its database fails, and recovers', async () => {
      const target = sink.target()
      let broken = true
      const write = (batch: FeedBatch) => (broken ? Promise.reject(new Error('the disk is full')) : target.write(batch))
      const runner = runnerOf({ ...target, write }, log)
      await runner.start()
      await expect
        .poll(() => runner.status())
        .toMatchObject({ state: 'failing', problem: 'Error: the disk is full', events: 0 })
      broken = false
      expect(await runner.catchUp(APPLIED_MS)).toBe(true)
      await runner.stop()
      expect(await sink.rows()).toEqual(calm)
    })
  })
}

function promise() {
  return Promise.withResolvers<void>()
}

function memoryOfLife(happenings: typeof life): Promise<Log> {
  const log = memoryLog()
  return writeLife(log, schemas.topics, happenings).then(() => log)
}

function logOfLife(): Promise<Log> {
  return memoryOfLife(life)
}

function runnerOf(target: SinkTarget, log: Log, options: Partial<SinkRunnerOptions> = {}): SinkRunner {
  return new SinkRunner({ log, topics, target, retryMs: 1, batchBytes: 65_536, ...options })
}

async function copyAll(target: SinkTarget, log: Log): Promise<void> {
  const runner = runnerOf(target, log)
  await runner.start()
  expect(await runner.catchUp(APPLIED_MS)).toBe(true)
  await runner.stop()
}

/** Fails every other write: before anything is written, or when all of it is and the answer is lost. */
function failing(target: SinkTarget, when: 'before' | 'after'): SinkTarget {
  let count = 0
  return {
    ...target,
    write: async (batch) => {
      count += 1
      const fails = count % 2 === 1
      if (fails && when === 'before') throw new Error('the connection was lost')
      const rows = await target.write(batch)
      await sleep(1)
      if (fails) throw new Error('the answer was lost')
      return rows
    },
  }
}

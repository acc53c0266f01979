import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FetchedPartition, FetchRequest, Log } from '../log/log.ts'
import { FetchLoop } from './fetch-loop.ts'
import { InputPartition } from './input-partition.ts'
import type { Pace } from './pace.ts'

const LIMITS = { bytesMax: 1_000, recordsMax: 10, fetchBytesMax: 1_000 }
const NO_REST: Pace = { restMs: 0, restPerCommit: 0, restMsMax: 1_000, urgent: new Set() }

let running: { readonly loop: FetchLoop; readonly over: Promise<void> } | undefined

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(async () => {
  running?.loop.stop()
  await vi.advanceTimersByTimeAsync(100_000)
  await running?.over
  vi.useRealTimers()
})

/** A log that is written to by hand, and a loop that reads the first partition of its topics. */
async function scene(topics: readonly string[], pace: Partial<Pace> = {}, perFetch = 100) {
  const ends = new Map(topics.map((topic) => [topic, 0]))
  const inputs = topics.map((topic) => new InputPartition({ topic, partition: 0 }, 0, 0))
  const asked: string[] = []
  const commit = { ms: 0 }
  let wake: (topic: string) => void = () => undefined
  const found = ({ positions }: FetchRequest): FetchedPartition[] =>
    positions.map(({ topic, partition, offset }) => {
      const end = ends.get(topic) ?? 0
      const length = Math.min(end - offset, perFetch)
      const records = Array.from({ length }, (_, index) => recordOf(topic, offset + index))
      return { topic, partition, records, nextOffset: offset + length, endOffset: end }
    })
  const fetch = async (request: FetchRequest) => {
    asked.push(request.positions.map(({ topic, offset }) => `${topic}@${offset}`).join(' '))
    if (found(request).some(({ records }) => records.length > 0)) return found(request)
    await new Promise<void>((resolve) => {
      wake = (topic) => request.positions.some((one) => one.topic === topic) && resolve()
      request.signal?.addEventListener('abort', () => resolve())
      setTimeout(resolve, request.maxWaitMs)
    })
    return found(request)
  }
  const loop = new FetchLoop({
    log: { fetch } as unknown as Log,
    inputs: () => inputs,
    limits: LIMITS,
    pace: { ...NO_REST, ...pace },
    lastCommitMs: () => commit.ms,
    onRecords: () => {
      for (const input of inputs) input.consume(input.buffered)
    },
  })
  running = { loop, over: loop.run() }
  await vi.advanceTimersByTimeAsync(0)
  const write = async (topic: string, count = 1) => {
    ends.set(topic, (ends.get(topic) ?? 0) + count)
    wake(topic)
    await vi.advanceTimersByTimeAsync(0)
  }
  return { asked, commit, inputs, loop, write, after: (ms: number) => vi.advanceTimersByTimeAsync(ms) }
}

function recordOf(topic: string, offset: number) {
  return { topic, partition: 0, offset, timestampMs: 0, key: null, value: Buffer.from('1'), headers: [] }
}

test('takes a first record at once, rests, and takes what has come meanwhile together', async () => {
  const { asked, write, after } = await scene(['facts'], { restMs: 50 })
  await write('facts')
  await write('facts')
  await after(30)
  await write('facts')
  await after(19)
  expect(asked).toEqual(['facts@0'])
  await after(1)
  expect(asked.slice(1)).toEqual(['facts@1'])
  await after(50)
  await after(1_000)
  expect(asked.slice(2)).toEqual(['facts@3'])
  await write('facts')
  await after(50)
  expect(asked.slice(3)).toEqual(['facts@4'])
})

test('rests by how long the last commit took, within its bounds', async () => {
  const { asked, commit, write, after } = await scene(['facts'], { restMs: 10, restPerCommit: 3, restMsMax: 100 })
  for (const [commitMs, restMs] of [
    [1, 10],
    [20, 60],
    [90, 100],
  ] as const) {
    commit.ms = commitMs
    asked.length = 0
    await write('facts')
    await after(restMs - 1)
    expect(asked).toEqual([])
    await after(1)
    expect(asked).toHaveLength(1)
  }
})

test('goes on with what is urgent while the rest rests', async () => {
  const { asked, write, after } = await scene(['facts', 'orders'], { restMs: 50, urgent: new Set(['orders']) })
  await write('facts')
  await write('facts')
  await write('orders')
  await write('orders')
  expect(asked).toEqual(['facts@0 orders@0', 'orders@0', 'orders@1', 'orders@2'])
  await after(50)
  expect(asked.slice(4)).toEqual(['facts@1 orders@2', 'orders@2'])
  await after(50)
  expect(asked.slice(6)).toEqual(['facts@2 orders@2'])
})

test('does not rest from what is urgent alone', async () => {
  const { asked, write } = await scene(['facts', 'orders'], { restMs: 50, urgent: new Set(['orders']) })
  await write('orders')
  await write('facts')
  expect(asked).toEqual(['facts@0 orders@0', 'facts@0 orders@1', 'orders@1'])
})

test('does not rest before what the log is known to have', async () => {
  const { asked, write, after } = await scene(['facts', 'others'], { restMs: 50 }, 2)
  await write('facts', 5)
  expect(asked).toEqual(['facts@0 others@0', 'facts@2', 'facts@4'])
  await after(50)
  expect(asked.slice(3)).toEqual(['facts@5 others@0'])
})

test('takes no rest while somebody is in a hurry', async () => {
  const { asked, loop, write, after } = await scene(['facts'], { restMs: 50 })
  await write('facts')
  await write('facts')
  const [first, second] = [loop.hurry(), loop.hurry()]
  await after(0)
  expect(asked).toEqual(['facts@0', 'facts@1', 'facts@2'])
  first()
  first()
  await write('facts')
  expect(asked.slice(3)).toEqual(['facts@3'])
  second()
  await write('facts')
  await write('facts')
  expect(asked.slice(4)).toEqual([])
  await after(50)
  expect(asked.slice(4)).toEqual(['facts@4'])
})

test('lets neither a change of the inputs nor its end wait for a rest', async () => {
  const { asked, inputs, loop, write, after } = await scene(['facts'], { restMs: 10_000 })
  await write('facts')
  inputs.push(new InputPartition({ topic: 'late', partition: 0 }, 0, 7))
  loop.refresh()
  await after(0)
  expect(asked.slice(1, 2)).toEqual(['late@0'])
  loop.stop()
  await running?.over
})

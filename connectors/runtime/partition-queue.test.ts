import { expect, test } from 'vitest'
import type { LogRecord, ProducerRecord } from '#streams'
import { type Entry, PartitionQueue } from './partition-queue.ts'

const STARTED = 1_000
/** A time at which nothing that started at STARTED counts as slow, and one at which all does. */
const [NONE_SLOW, ALL_SLOW] = [STARTED, STARTED + 1]

function record(offset: number, key: string): LogRecord {
  return { topic: 't', partition: 0, offset, timestampMs: 0, key: Buffer.from(key), value: null, headers: [] }
}

function result(name: string): ProducerRecord {
  return { topic: 'r', partition: 0, timestampMs: 0, key: null, value: Buffer.from(name) }
}

/** A queue that began at offset 10, with a request of each key. */
function queueOf(...keys: string[]) {
  const queue = new PartitionQueue({ topic: 't', partition: 0 }, 10, 0)
  const entries = keys.map((key, index) => queue.add(record(10 + index, key), STARTED))
  queue.nextOffset = 10 + keys.length
  return { queue, entries: entries as [Entry, Entry, Entry] }
}

function finish(entry: Entry, ...names: string[]): void {
  entry.waiting.push(...names.map(result))
  entry.isFinished = true
}

function names(departure: { records: readonly ProducerRecord[] }): string[] {
  return departure.records.map(({ value }) => String(value))
}

test('lets nothing leave while the first request is open', () => {
  const { queue, entries } = queueOf('a', 'b')
  finish(entries[1], 'b1')
  const departure = queue.depart(NONE_SLOW)
  expect([names(departure), departure.offset]).toEqual([[], 10])
})

test('moves the position over the finished prefix, with its results in order', () => {
  const { queue, entries } = queueOf('a', 'b', 'c')
  finish(entries[1], 'b1')
  finish(entries[0], 'a1', 'a2')
  const departure = queue.depart(NONE_SLOW)
  expect([names(departure), departure.offset]).toEqual([['a1', 'a2', 'b1'], 12])
  departure.committed()
  expect([queue.length, queue.committedOffset]).toEqual([1, 12])
})

test('gives the same again where the commit did not happen', () => {
  const { queue, entries } = queueOf('a', 'b')
  finish(entries[0], 'a1')
  queue.depart(NONE_SLOW)
  finish(entries[1], 'b1')
  expect(names(queue.depart(NONE_SLOW))).toEqual(['a1', 'b1'])
})

test('moves to where reading goes on once all is finished, over gaps and what was not for us', () => {
  const { queue, entries } = queueOf('a')
  finish(entries[0])
  queue.nextOffset = 40
  expect(queue.depart(NONE_SLOW).offset).toBe(40)
})

test('lets other keys pass a slow request, but not its own key, and holds the position', () => {
  const { queue, entries } = queueOf('a', 'b', 'a')
  finish(entries[1], 'b1')
  finish(entries[2], 'a2')
  const passing = queue.depart(ALL_SLOW)
  expect([names(passing), passing.offset]).toEqual([['b1'], 10])
  passing.committed()
  expect([queue.length, names(queue.depart(ALL_SLOW))]).toEqual([2, []])
  finish(entries[0], 'a1')
  const rest = queue.depart(ALL_SLOW)
  expect([names(rest), rest.offset]).toEqual([['a1', 'a2'], 13])
})

test('a first result of an open request leaves at once, and the rest when it is finished', () => {
  const { queue, entries } = queueOf('a', 'a')
  entries[0].waiting.push(result('review'))
  finish(entries[1], 'later')
  const first = queue.depart(NONE_SLOW)
  expect([names(first), first.offset]).toEqual([['review'], 10])
  first.committed()
  finish(entries[0], 'approved')
  const second = queue.depart(NONE_SLOW)
  expect([names(second), second.offset]).toEqual([['approved', 'later'], 12])
})

test('results of a key that are finished behind a request that is not slow wait for it', () => {
  const { queue } = queueOf('slow')
  finish(queue.add(record(11, 'b'), ALL_SLOW), 'b1')
  queue.add(record(12, 'c'), ALL_SLOW)
  finish(queue.add(record(13, 'd'), ALL_SLOW), 'd1')
  expect(names(queue.depart(ALL_SLOW))).toEqual(['b1'])
})

test('counts what is not committed as lag', () => {
  const { queue, entries } = queueOf('a', 'b')
  queue.endOffset = 15
  finish(entries[0])
  queue.depart(NONE_SLOW).committed()
  expect(queue.lag).toBe(4)
})

test('a result that could come out otherwise is held until the position covers it, and its key with it', () => {
  const { queue, entries } = queueOf('a', 'b', 'b')
  entries[1].isHeld = true
  finish(entries[1], 'b1')
  finish(entries[2], 'b2')
  const passing = queue.depart(ALL_SLOW)
  expect([names(passing), passing.offset]).toEqual([[], 10])
  finish(entries[0], 'a1')
  const departure = queue.depart(ALL_SLOW)
  expect([names(departure), departure.offset]).toEqual([['a1', 'b1', 'b2'], 13])
})

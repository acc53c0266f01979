import { describe, expect, test } from 'vitest'
import type { LogRecord } from '../log.ts'
import { PartitionState } from './partition-state.ts'
import { TailCache } from './tail-cache.ts'

const partition = (number: number) => {
  const mark = { begin: 0, next: 0, cleanedTo: 0, cleanRecords: 0 }
  return new PartitionState({ topicId: 1, topic: 't', partition: number }, mark)
}
const records = (from: number, count: number, bytes = 10): LogRecord[] => {
  return Array.from({ length: count }, (_, i) => {
    const value = Buffer.alloc(bytes)
    return { topic: 't', partition: 0, offset: from + i, timestampMs: 0, key: null, value, headers: [] }
  })
}
const followed = (cache: TailCache, number: number) => {
  const state = partition(number)
  cache.read(state, 0, 1)
  return state
}
const offsets = (cache: TailCache, state: PartitionState, from: number, maxBytes = 1e9) => {
  return cache.read(state, from, maxBytes)?.records.map(({ offset }) => offset)
}

describe('the tail cache', () => {
  test('reads on from any offset, over chunks and gaps', () => {
    const cache = new TailCache(1e9)
    const state = followed(cache, 0)
    cache.add(state, 5, 9, records(5, 3))
    cache.add(state, 9, 10, records(9, 1))
    expect(offsets(cache, state, 5)).toEqual([5, 6, 7, 9])
    expect(offsets(cache, state, 7)).toEqual([7, 9])
    expect(offsets(cache, state, 8)).toEqual([9])
    expect(cache.read(state, 8, 1e9)?.nextOffset).toBe(10)
    expect(cache.read(state, 4, 1e9)).toBeUndefined()
    expect(cache.read(partition(1), 5, 1e9)).toBeUndefined()
  })

  test('stops near the bytes asked for, after one record at least', () => {
    const cache = new TailCache(1e9)
    const state = followed(cache, 0)
    cache.add(state, 0, 4, records(0, 4))
    expect(offsets(cache, state, 0, 25)).toEqual([0, 1])
    expect(cache.read(state, 0, 25)?.nextOffset).toBe(2)
    expect(offsets(cache, state, 2, 1)).toEqual([2])
  })

  test('lets go of what was written first, in whichever partition, when it is full', () => {
    const cache = new TailCache(3000)
    const [busy, idle] = [followed(cache, 0), followed(cache, 1)]
    cache.add(idle, 0, 1, records(0, 1))
    for (let i = 0; i < 30; i++) {
      cache.add(busy, i, i + 1, records(i, 1))
      cache.read(busy, i, 1)
    }
    expect(cache.read(idle, 0, 1e9)).toBeUndefined()
    expect(cache.read(busy, 0, 1e9)).toBeUndefined()
    expect(offsets(cache, busy, 25)).toEqual([25, 26, 27, 28, 29])
  })

  test('forgets one partition and keeps the others, and its size, right', () => {
    const cache = new TailCache(3000)
    const [first, second] = [followed(cache, 0), followed(cache, 1)]
    cache.add(first, 0, 5, records(0, 5))
    cache.add(second, 0, 5, records(0, 5))
    cache.forget(first)
    expect(cache.read(first, 0, 1e9)).toBeUndefined()
    cache.add(first, 5, 8, records(5, 3))
    expect(offsets(cache, first, 5)).toEqual([5, 6, 7])
    expect(offsets(cache, second, 0)).toEqual([0, 1, 2, 3, 4])
    cache.add(first, 8, 13, records(8, 5))
    expect(cache.read(second, 0, 1e9)).toBeUndefined()
    expect(offsets(cache, first, 5)).toEqual([5, 6, 7, 8, 9, 10, 11, 12])
  })

  test('keeps nothing of a partition that nobody reads, until somebody waits at its end', () => {
    const cache = new TailCache(1e9)
    const state = partition(0)
    cache.add(state, 0, 5, records(0, 5))
    expect(offsets(cache, state, 0)).toBeUndefined()
    const waiting = partition(1)
    waiting.waiters.add(() => {})
    cache.add(waiting, 0, 2, records(0, 2))
    waiting.waiters.clear()
    expect(offsets(cache, waiting, 0)).toEqual([0, 1])
  })

  test('lets go of a partition whose reader has stayed away while others filled the memory', () => {
    const cache = new TailCache(3000)
    const [left, busy] = [followed(cache, 0), followed(cache, 1)]
    for (let i = 0; i < 20; i++) {
      cache.add(busy, i, i + 1, records(i, 1))
      cache.read(busy, i, 1)
    }
    cache.add(left, 0, 2, records(0, 2))
    expect(offsets(cache, left, 0)).toBeUndefined()
    cache.add(left, 2, 4, records(2, 2))
    expect(offsets(cache, left, 2)).toEqual([2, 3])
    expect(offsets(cache, busy, 19)).toEqual([19])
  })
})

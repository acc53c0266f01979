import { describe, expect, test } from 'vitest'
import type { LogRecord } from '../log/log.ts'
import { seededRandom, testSeed } from '../testing/seed.ts'
import { Interleaver } from './interleaver.ts'
import { decodeJournal, JournalWriter } from './journal.ts'

const record = (topic: string, offset: number, timestampMs: number): LogRecord => ({
  topic,
  partition: 0,
  offset,
  timestampMs,
  key: null,
  value: null,
  headers: [],
})

const names = (records: readonly LogRecord[]) => records.map(({ topic, offset }) => `${topic}${offset}`).join(' ')

describe('without a journal', () => {
  test('goes by timestamp, then by topic name, and keeps the order inside a topic', () => {
    const interleaver = new Interleaver(['b', 'a', 'c'], { journal: false })
    interleaver.offer([record('c', 0, 1), record('c', 1, 9)])
    interleaver.offer([record('b', 0, 5), record('b', 1, 2), record('b', 2, 9)])
    interleaver.offer([record('a', 0, 5), record('a', 1, 9)])
    expect(names(interleaver.next(3))).toBe('c0 a0 b0')
    expect(names(interleaver.next(99))).toBe('b1 a1 b2 c1')
    expect(interleaver.next(99)).toEqual([])
  })

  test('refuses a topic that it was not made for', () => {
    const interleaver = new Interleaver(['a'], { journal: false })
    expect(() => interleaver.offer([record('b', 0, 0)])).toThrow(
      expect.objectContaining({ code: 'STREAMS_UNKNOWN_INPUT' }),
    )
  })
})

describe('with a journal', () => {
  const runs = [
    { topic: 'b', count: 2 },
    { topic: 'a', count: 1 },
    { topic: 'b', count: 1 },
  ]
  const starts = [
    { topic: 'b', offset: 10 },
    { topic: 'a', offset: 3 },
  ]

  test('follows it whatever the timestamps, and goes by time past its end', () => {
    const interleaver = new Interleaver(['a', 'b'], { journal: true })
    interleaver.follow({ starts, runs })
    interleaver.offer([record('a', 3, 1), record('a', 4, 8)])
    interleaver.offer([record('b', 10, 2), record('b', 12, 3), record('b', 13, 4), record('b', 14, 7)])
    expect(names(interleaver.next(3))).toBe('b10 b12 a3')
    expect(names(interleaver.next(99))).toBe('b13')
    interleaver.endJournal()
    expect(names(interleaver.next(99))).toBe('b14 a4')
  })

  test('waits for the topic that comes next, also where others have come', () => {
    const interleaver = new Interleaver(['a', 'b'], { journal: true })
    interleaver.follow({ starts, runs })
    interleaver.offer([record('a', 3, 1)])
    expect(interleaver.next(99)).toEqual([])
    expect(interleaver.awaited).toBe('b')
    interleaver.offer([record('b', 10, 1)])
    expect(names(interleaver.next(99))).toBe('b10')
    interleaver.offer([record('b', 12, 1)])
    expect(names(interleaver.next(99))).toBe('b12 a3')
    expect(interleaver.awaited).toBe('b')
  })

  test('waits for the journal where it has come to the end of what is known of it', () => {
    const interleaver = new Interleaver(['a', 'b'], { journal: true })
    interleaver.offer([record('a', 3, 1)])
    expect(interleaver.next(99)).toEqual([])
    expect(interleaver.awaited).toBeNull()
  })

  test('stops where the topics do not go on as it says', () => {
    const interleaver = new Interleaver(['a', 'b'], { journal: true })
    interleaver.follow({ starts, runs })
    interleaver.offer([record('b', 11, 1)])
    expect(() => interleaver.next(99)).toThrow(
      expect.objectContaining({ code: 'STREAMS_JOURNAL_MISMATCH', message: expect.stringContaining('b@10') }),
    )
  })

  test(`gives back any order that was written to it (TEST_SEED=${testSeed()})`, () => {
    for (let run = 0; run < 50; run++) {
      const random = seededRandom(testSeed() + run)
      const topics = ['a', 'b', 'c']
      const offsets = new Map<string, number>()
      const order = Array.from({ length: 200 }, () => {
        const topic = random.pick(topics)
        const offset = (offsets.get(topic) ?? 0) + 1 + random.int(2)
        offsets.set(topic, offset)
        return record(topic, offset, random.int(5))
      })
      const interleaver = new Interleaver(topics, { journal: true })
      const writer = new JournalWriter()
      let rest = order
      const parts = topics.map((topic) => order.filter((one) => one.topic === topic))
      const given: LogRecord[] = []
      while (given.length < order.length) {
        const size = 1 + random.int(20)
        for (const one of rest.slice(0, size)) writer.add(one.topic, one.offset)
        rest = rest.slice(size)
        interleaver.follow(decodeJournal(writer.take()))
        for (const part of parts) interleaver.offer(part.splice(0, random.int(20)))
        given.push(...interleaver.next(random.int(30)))
      }
      expect(names(given)).toBe(names(order))
    }
  })
})

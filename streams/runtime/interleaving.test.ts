import { expect, test } from 'vitest'
import type { LogRecord } from '../log/log.ts'
import { InputPartition } from './input-partition.ts'
import { byTimestamp } from './interleaving.ts'

const record = (topic: string, offset: number, timestampMs: number): LogRecord => ({
  ...{ topic, partition: 0, offset, timestampMs },
  key: Buffer.from('k'),
  value: Buffer.from('value'),
  headers: [],
})

/** An input whose buffer holds records with these timestamps; `behind` more are in the log. */
function input(topic: string, timestamps: readonly number[], behind = 0): InputPartition {
  const made = new InputPartition({ topic, partition: 0 }, 0, 0)
  const records = timestamps.map((timestampMs, offset) => record(topic, offset, timestampMs))
  const nextOffset = timestamps.length
  made.accept({ topic, partition: 0, records, nextOffset, endOffset: nextOffset + behind })
  return made
}

const names = (records: readonly LogRecord[]) => records.map(({ topic, offset }) => `${topic}${offset}`)

test('takes the earliest record first, and of two at the same time the topic that comes first by name', () => {
  const { records } = byTimestamp([input('b', [1, 5, 5]), input('a', [3, 5])], 10)
  expect(names(records)).toEqual(['b0', 'a0', 'a1', 'b1', 'b2'])
})

test('never changes the order inside a partition, also where its timestamps go back', () => {
  const { records } = byTimestamp([input('a', [9, 1]), input('b', [2, 3])], 10)
  expect(names(records)).toEqual(['b0', 'b1', 'a0', 'a1'])
})

test('stops where a partition has more in the log than is here, since that may be older', () => {
  const { records } = byTimestamp([input('a', [1], 7), input('b', [0, 2, 3])], 10)
  expect(names(records)).toEqual(['b0', 'a0'])
})

test('takes no more than asked for, and leaves what was not processed', () => {
  const inputs = [input('a', [1, 3, 5]), input('b', [2, 4])]
  const chosen = byTimestamp(inputs, 4)
  expect(names(chosen.records)).toEqual(['a0', 'b0', 'a1', 'b1'])
  chosen.consume(3)
  expect(names(byTimestamp(inputs, 10).records)).toEqual(['b1', 'a2'])
})

test('gives the records of the only busy input as they are', () => {
  const inputs = [input('a', []), input('b', [5, 1, 2])]
  const chosen = byTimestamp(inputs, 2)
  expect(names(chosen.records)).toEqual(['b0', 'b1'])
  chosen.consume(1)
  expect(names(byTimestamp(inputs, 2).records)).toEqual(['b1', 'b2'])
})

test('counts what is buffered down to nothing', () => {
  const only = input(
    'a',
    Array.from({ length: 10_000 }, (_, i) => i),
  )
  expect(only.bufferedBytes).toBe(60_000)
  for (let taken = 0; taken < 10_000; taken += 2_500) {
    expect(only.first(1)[0]?.offset).toBe(taken)
    only.consume(2_500)
  }
  expect([only.buffered, only.bufferedBytes, only.isAwaited]).toEqual([0, 0, false])
})

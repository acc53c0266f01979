import { describe, expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { jsonSerde, type Serde, SerdeNotReady } from '../serde/serde.ts'
import { jsonTopic } from '../testing/json-topic.ts'
import { counting, counts, headersOf, inputsOf, recordsOf, TaskScene, words, written } from '../testing/task-scene.ts'
import type { FailurePolicies } from '../topology/policies.ts'
import type { Topic } from '../topology/topic.ts'
import type { DeadLetterEvent } from './hooks.ts'

describe('a record that fails', () => {
  test('goes to the dead letters with its cause and its origin, and leaves nothing else', async () => {
    const scene = counting()
    const batch = await scene.process(inputsOf(scene, 'a=x', 'a=bad', 'a=x', 'a=x', 'a=y'))
    expect(written(batch, 'counts')).toEqual(['a=1', 'a=2'])
    expect(written(batch, 'app.totals.changelog')).toEqual(['a=2'])
    const letters = recordsOf(batch, 'app.dead-letters')
    expect(letters.map(({ value }) => value?.toString())).toEqual(['bad', 'x', 'y'])
    expect(headersOf(letters[0])).toEqual({
      'dead-letter.code': 'TypeError',
      'dead-letter.message': 'a bad word',
      'dead-letter.step': 'check',
      'dead-letter.topic': 'words',
      'dead-letter.partition': '0',
      'dead-letter.offset': '1',
      'dead-letter.app': 'app',
    })
    expect(headersOf(letters[1])).toMatchObject({ 'dead-letter.code': 'TOO_MANY', 'dead-letter.step': 'check-late' })
    expect(batch).toMatchObject({ processed: 5, positions: [{ offset: 5 }] })
    expect(scene.task.stats()).toMatchObject({ deadLetters: 3 })
  })

  test('is dropped and counted by the policy skip', async () => {
    const scene = counting({ onProcessError: 'skip' })
    const batch = await scene.process(inputsOf(scene, 'a=bad', 'a=x'))
    expect(batch.records.map(({ topic }) => topic)).toEqual(['counts', 'app.totals.changelog'])
    expect(scene.task.stats()).toMatchObject({ skipped: 1, deadLetters: 0 })
  })

  test('ends the batch before it by the policy fail, and then throws', async () => {
    const scene = counting({ onProcessError: 'fail' })
    const records = inputsOf(scene, 'a=x', 'a=bad', 'a=x')
    const batch = await scene.process(records)
    expect(batch).toMatchObject({ processed: 1, positions: [{ offset: 1 }] })
    expect(written(batch, 'counts')).toEqual(['a=1'])
    await expect(scene.process(records.slice(1))).rejects.toMatchObject({
      code: 'STREAMS_PROCESS_FAILED',
      message: expect.stringMatching(/words-0@1.*"check".*a bad word/),
    })
    expect(scene.task.stats()).toMatchObject({ stagedBatches: 1, processed: 1 })
  })

  test('because its output does not fit the topic is undone like any other', async () => {
    const builder = new StreamsBuilder('app')
    const store = builder.store('totals', { value: jsonSerde<number>() })
    const picky: Serde<number> = {
      serialize: (value) => {
        if (value > 1) throw new RangeError('only one')
        return Buffer.from(String(value))
      },
      deserialize: (bytes) => Number(bytes.toString()),
    }
    const counted = builder.stream('words', words).groupByKey().count('count', { store }).toStream()
    counted.to('write', { ...counts, value: picky as Serde<number | null> })
    const scene = new TaskScene(builder.build())
    const batch = await scene.process(inputsOf(scene, 'a=x', 'a=x'))
    expect(written(batch, 'app.totals.changelog')).toEqual(['a=1'])
    expect(headersOf(recordsOf(batch, 'app.dead-letters')[0])).toMatchObject({ 'dead-letter.step': 'write' })
  })

  test('because its state does not fit the store is undone like any other', async () => {
    const builder = new StreamsBuilder('app')
    const picky: Serde<number> = {
      ...jsonSerde<number>(),
      serialize: (value) => {
        if (value > 1) throw new RangeError('only one')
        return Buffer.from(String(value))
      },
    }
    const store = builder.store('totals', { value: picky })
    builder.stream('words', words).groupByKey().count('count', { store }).toStream().to('write', counts)
    const scene = new TaskScene(builder.build())
    const batch = await scene.process(inputsOf(scene, 'a=x', 'a=x', 'b=x'))
    expect(written(batch, 'counts')).toEqual(['a=1', 'b=1'])
    expect(recordsOf(batch, 'app.dead-letters')).toHaveLength(1)
  })

  test('because what it makes is too large for the log is given up on alone', async () => {
    const builder = new StreamsBuilder('app')
    const store = builder.store('text', { value: jsonSerde<string>() })
    const grown = builder.stream('words', words).mapValues('grow', (word) => word.repeat(Number(word)))
    grown.to('write', { ...words, name: 'grown' })
    grown.groupByKey().reduce('sum', { store, reducer: (sum, more) => sum + more })
    const scene = new TaskScene(builder.build())
    const batch = await scene.process(inputsOf(scene, 'a=200000', 'b=3', 'c=160000', 'c=150000'))
    expect(recordsOf(batch, 'grown').map(({ value }) => value?.length)).toEqual([3, 960_000])
    const letters = recordsOf(batch, 'app.dead-letters').map(headersOf)
    expect(letters).toMatchObject([
      { 'dead-letter.code': 'STREAMS_RECORD_TOO_LARGE', 'dead-letter.step': 'write', 'dead-letter.offset': '0' },
      { 'dead-letter.code': 'STREAMS_RECORD_TOO_LARGE', 'dead-letter.offset': '3' },
    ])
    expect(written(batch, 'app.text.changelog').map((entry) => entry.length)).toEqual(['b="333"'.length, 960_004])
  })

  test('and is itself too large for a dead letter leaves its origin there', async () => {
    const builder = new StreamsBuilder('app', { onProcessError: 'park' })
    builder.stream('words', words).peek('check', () => {
      throw new Error('never')
    })
    const parking = new TaskScene(builder.build())
    const large = parking.record('words', 'a', Buffer.alloc(1_010_000, 'x'))
    const batch = await parking.process([large, parking.record('words', 'b', 'x')])
    const [letter] = recordsOf(batch, 'app.dead-letters')
    expect(letter).toMatchObject({ key: Buffer.from('a'), value: null })
    expect(headersOf(letter)).toMatchObject({
      'dead-letter.code': 'STREAMS_RECORD_TOO_LARGE',
      'dead-letter.dropped-bytes': '1010000',
      'dead-letter.offset': '0',
    })
    expect(parking.task.stats()).toMatchObject({ parkedKeys: 1, parkedRecords: 1, deadLetters: 1 })
  })

  test('because its decider gives no key is given up on, and the others go on', async () => {
    const builder = new StreamsBuilder('app')
    const store = builder.store('state', { value: jsonSerde<number>() })
    builder
      .stream('words', words)
      .decide('decide', {
        store,
        decider: {
          initial: () => 0,
          keyOf: (word) => (word === 'none' ? (undefined as unknown as null) : word),
          decide: () => [1],
          evolve: (sum, more) => sum + more,
        },
      })
      .to('write', counts)
    const scene = new TaskScene(builder.build())
    const batch = await scene.process(inputsOf(scene, 'a=x', 'a=none', 'a=x'))
    expect(written(batch, 'counts')).toEqual(['x=1', 'x=1'])
    expect(headersOf(recordsOf(batch, 'app.dead-letters')[0])).toMatchObject({
      'dead-letter.code': 'STREAMS_STATE_KEY_INVALID',
    })
  })

  test('without a key where state is kept by key says so', async () => {
    const scene = counting()
    const batch = await scene.process([scene.record('words', null, 'x')])
    expect(headersOf(recordsOf(batch, 'app.dead-letters')[0])).toMatchObject({ 'dead-letter.code': 'STREAMS_NULL_KEY' })
  })

  test('is told to the hooks once it is in the log', async () => {
    const told: DeadLetterEvent[] = []
    const scene = counting({}, { hooks: { onDeadLetter: (event) => told.push(event) } })
    const batch = await scene.process(inputsOf(scene, 'a=bad'))
    expect(told).toEqual([])
    await scene.commit(batch)
    expect(told).toMatchObject([{ taskId: 'words.0', reason: 'process', at: { topic: 'words', offset: 0 } }])
  })
})

describe('a record that cannot be decoded', () => {
  const numbers = jsonTopic<number>('numbers')
  const scene = (policies: Partial<FailurePolicies>, topic: Topic<number> = numbers) => {
    const builder = new StreamsBuilder('app', policies)
    builder.stream('numbers', topic).to('write', counts)
    return new TaskScene(builder.build())
  }

  test('goes to the dead letters as it is', async () => {
    const given = scene({})
    const batch = await given.process([given.record('numbers', 'a', '{'), given.record('numbers', 'a', '7')])
    expect(written(batch, 'counts')).toEqual(['a=7'])
    expect(written(batch, 'app.dead-letters')).toEqual(['a={'])
    expect(headersOf(recordsOf(batch, 'app.dead-letters')[0])).toMatchObject({
      'dead-letter.code': 'SERDE_INVALID_BYTES',
      'dead-letter.step': 'numbers',
    })
  })

  test('is dropped and counted by the policy skip', async () => {
    const given = scene({ onDecodeError: 'skip', onProcessError: 'fail' })
    const batch = await given.process([given.record('numbers', 'a', '{')])
    expect(batch).toMatchObject({ processed: 1, records: [] })
    expect(given.task.stats()).toMatchObject({ skipped: 1 })
  })

  test('stops the task by the policy fail, whatever the policy for processing', async () => {
    const given = scene({ onDecodeError: 'fail', onProcessError: 'skip' })
    await expect(given.process([given.record('numbers', 'a', '{')])).rejects.toMatchObject({
      code: 'STREAMS_DECODE_FAILED',
    })
  })

  test('because it has no value is refused by a stream', async () => {
    const given = scene({})
    const batch = await given.process([given.record('numbers', 'a', null)])
    expect(headersOf(recordsOf(batch, 'app.dead-letters')[0])).toMatchObject({
      'dead-letter.code': 'STREAMS_NULL_VALUE',
    })
  })

  test('yet is decoded once its serde has what it needs', async () => {
    const slow = slowSerde(2, null)
    const given = scene({}, { ...numbers, value: slow.serde })
    const batch = await given.process([given.record('numbers', 'a', '7'), given.record('numbers', 'a', '8')])
    expect(written(batch, 'counts')).toEqual(['a=7', 'a=8'])
    expect(slow.prepared()).toBe(2)
  })

  test('because what its serde needs cannot be had goes to the dead letters', async () => {
    const given = scene({}, { ...numbers, value: slowSerde(1, new Error('no such schema')).serde })
    const batch = await given.process([given.record('numbers', 'a', '7')])
    expect(headersOf(recordsOf(batch, 'app.dead-letters')[0])).toMatchObject({
      'dead-letter.message': 'no such schema',
    })
  })
})

/** A serde of numbers that must be prepared so many times before it works, or never does. */
function slowSerde(times: number, failure: Error | null) {
  let prepared = 0
  const prepare = async () => {
    await Promise.resolve()
    if (failure !== null) throw failure
    prepared++
  }
  const serde: Serde<number> = {
    serialize: (value) => Buffer.from(String(value)),
    deserialize: (bytes) => {
      if (prepared < times) throw new SerdeNotReady('not yet', prepare)
      return Number(bytes.toString())
    },
  }
  return { serde, prepared: () => prepared }
}

import { describe, expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { partitionFor } from '../log/partitioner.ts'
import { jsonSerde } from '../serde/serde.ts'
import {
  CountingBackend,
  counting,
  counts,
  headersOf,
  inputsOf,
  recordsOf,
  TaskScene,
  words,
  written,
} from '../testing/task-scene.ts'
import { decodeJournal } from './journal.ts'

describe('a batch', () => {
  test('holds the outputs, the state changes and the positions of its records', async () => {
    const scene = counting()
    const batch = await scene.process([
      scene.record('words', 'a', 'x', 5),
      scene.record('words', 'b', 'x', 6),
      scene.record('words', 'a', 'x', 7),
    ])
    expect(batch.processed).toBe(3)
    expect(batch.positions).toEqual([{ topic: 'words', partition: 0, offset: 3 }])
    expect(written(batch, 'counts')).toEqual(['a=1', 'b=1', 'a=2'])
    expect(recordsOf(batch, 'counts').map(({ timestampMs }) => timestampMs)).toEqual([5, 6, 7])
    expect(batch.writes.map(([key, value]) => [key.toString(), value?.toString()])).toEqual([
      ['app\0words.0\0totals\0a', '2'],
      ['app\0words.0\0totals\0b', '1'],
    ])
  })

  test('writes each changed key to the changelog once, as its last record left it', async () => {
    const scene = counting()
    const batch = await scene.process(inputsOf(scene, 'a=x', 'a=x', 'b=x'))
    expect(written(batch, 'app.totals.changelog')).toEqual(['a=2', 'b=1'])
    expect(batch.changelogPartitions).toEqual([{ topic: 'app.totals.changelog', partition: 0 }])
  })

  test('ends when the staged bytes pass the bound, with at least one record', async () => {
    const scene = counting()
    const records = inputsOf(scene, 'a=x', 'b=x', 'c=x', 'd=x')
    const one = await scene.process(records, 1)
    expect([one.processed, one.positions[0]?.offset]).toEqual([1, 1])
    const two = await scene.process(records.slice(1), one.bytes + 1)
    expect(two.processed).toBe(2)
    expect((await scene.process(records.slice(3), 1)).processed).toBe(1)
  })

  test('decodes about as many records as the bound lets it process', async () => {
    let decoded = 0
    const serde = jsonSerde<string>()
    const value = {
      ...serde,
      deserialize: (bytes: Buffer) => {
        decoded++
        return serde.deserialize(bytes)
      },
    }
    const builder = new StreamsBuilder('app')
    builder.stream('words', { ...words, value }).to('copies', { ...words, name: 'copies' })
    const scene = new TaskScene(builder.build())
    const records = Array.from({ length: 1_000 }, (_, index) => scene.record('words', 'k', JSON.stringify(`${index}`)))
    const first = await scene.process(records, 5_000)
    decoded = 0
    const second = await scene.process(records.slice(first.processed), 5_000)
    expect(second.processed).toBeGreaterThan(20)
    expect(decoded - second.processed).toBeLessThanOrEqual(16)
  })

  test('says positions of those topics only that it has records of', async () => {
    const builder = new StreamsBuilder('app')
    builder.stream('words', words).merge('both', builder.stream('other', { ...words, name: 'other' }))
    const scene = new TaskScene(builder.build())
    const first = await scene.process([scene.record('words', 'a', 'x'), scene.record('other', 'a', 'x')])
    expect(first.positions.map(({ topic }) => topic)).toEqual(['words', 'other'])
    const second = await scene.process([scene.record('other', 'a', 'x')])
    expect(second.positions).toEqual([{ topic: 'other', partition: 0, offset: 2 }])
  })

  test('takes far more records than are decoded at a time', async () => {
    const scene = counting()
    const records = Array.from({ length: 5_000 }, (_, index) => scene.record('words', `key-${index % 1_700}`, 'x'))
    const batch = await scene.process(records, Infinity)
    expect(batch.processed).toBe(5_000)
    expect(batch.writes).toHaveLength(1_700)
    expect(batch.positions).toEqual([{ topic: 'words', partition: 0, offset: 5_000 }])
  })

  test('sees what an earlier batch staged, committed or not', async () => {
    const scene = counting()
    const first = await scene.process(inputsOf(scene, 'a=x'))
    const second = await scene.process(inputsOf(scene, 'a=x', 'b=x'))
    expect(written(second, 'counts')).toEqual(['a=2', 'b=1'])
    await scene.commit(first)
    await scene.commit(second)
    expect(scene.task.stats()).toMatchObject({ processed: 3, stagedBatches: 0 })
  })

  test('forgets what is not committed on a reset, and keeps what is in the log only', async () => {
    const scene = counting()
    const first = await scene.process(inputsOf(scene, 'a=x'))
    scene.task.logged(first)
    await scene.process(inputsOf(scene, 'a=x', 'b=x'))
    scene.task.reset()
    const again = await scene.process(inputsOf(scene, 'a=x', 'b=x'))
    expect(written(again, 'counts')).toEqual(['a=2', 'b=1'])
  })
})

describe('where records go', () => {
  test('a record goes to the partition of its key by murmur2', async () => {
    const scene = counting({}, { partitions: 7 })
    const batch = await scene.process(inputsOf(scene, 'a=x', 'another=x'))
    expect(recordsOf(batch, 'counts').map(({ partition }) => partition)).toEqual([
      partitionFor(Buffer.from('a'), 7),
      partitionFor(Buffer.from('another'), 7),
    ])
  })

  test('a record without a key goes to the partition of the task', async () => {
    const builder = new StreamsBuilder('app')
    builder.stream('in', words).to('out', { ...words, name: 'out' })
    const scene = new TaskScene(builder.build(), { partition: 3, partitions: 2 })
    const batch = await scene.process([scene.record('words', null, 'x')])
    expect(recordsOf(batch, 'out')).toMatchObject([{ partition: 1, key: null }])
  })

  test("a topic's keyOf decides about the key", async () => {
    const builder = new StreamsBuilder('app')
    builder.stream('in', words).to('out', { ...words, name: 'out', keyOf: (value) => value.toUpperCase() })
    const scene = new TaskScene(builder.build())
    expect(written(await scene.process(inputsOf(scene, 'a=x')), 'out')).toEqual(['X=x'])
  })

  test('a deleted entry of a table goes on as a record without a value', async () => {
    const builder = new StreamsBuilder('app')
    builder
      .table('table', words, { store: 'table' })
      .toStream()
      .to('out', { ...words, name: 'out' })
    const scene = new TaskScene(builder.build())
    const batch = await scene.process([scene.record('words', 'a', 'x'), scene.record('words', 'a', null)])
    expect(written(batch, 'out')).toEqual(['a=x', 'a=null'])
    expect(batch.writes.map(([, value]) => value)).toEqual([null])
  })
})

describe('state is loaded', () => {
  test('with one read a batch for keys that can be named ahead, and from memory afterwards', async () => {
    const scene = counting()
    await scene.commit(await scene.process(inputsOf(scene, 'a=x', 'b=x', 'a=x')))
    await scene.commit(await scene.process(inputsOf(scene, 'b=x', 'c=x')))
    await scene.commit(await scene.process(inputsOf(scene, 'b=x', 'a=x')))
    expect(scene.backend.gets).toEqual([2, 1])
  })

  test('again after it was evicted', async () => {
    const scene = counting({}, { cacheBytesMax: 0 })
    for (let round = 0; round < 4; round++) await scene.commit(await scene.process(inputsOf(scene, 'b=x')))
    // What was used by the last batch gets a second chance.
    expect(scene.backend.gets.length).toBeGreaterThan(1)
    expect(await scene.task.get('totals', 'b')).toBe(4)
  })

  test('for keys that only the processing finds out, together with those of the records behind', async () => {
    const builder = new StreamsBuilder('app')
    const store = builder.store('seen', { value: jsonSerde<number>() })
    builder
      .stream('in', words)
      .processValues<number>('look', {
        stores: [store],
        processor: () => ({
          process(record, context) {
            const seen = context.store(store)
            const key = `${record.value}-elsewhere`
            const count = (seen.get(key) ?? 0) + 1
            seen.put(key, count)
            context.forward(count)
          },
        }),
      })
      .to('out', counts)
    const scene = new TaskScene(builder.build())
    const records = Array.from({ length: 300 }, (_, index) => scene.record('words', 'k', `word-${index % 150}`))
    const batch = await scene.process(records)
    expect(written(batch, 'counts')).toEqual(records.map((_, index) => `k=${index < 150 ? 1 : 2}`))
    expect(scene.backend.gets.length).toBeLessThan(10)
    expect(scene.backend.gets.reduce((sum, keys) => sum + keys, 0)).toBe(150)
  })

  test('and is named ahead only from records that arrive as they came', async () => {
    const seen = new Set<string>()
    const builder = new StreamsBuilder('app')
    const store = builder.store('sums', { value: jsonSerde<number>() })
    const lengths = builder.store('lengths', { value: jsonSerde<number>() })
    const mapped = builder.stream('words', words).mapValues('map', (word) => `mapped-${word}`)
    mapped.groupByKey().count('count', { store: lengths })
    mapped.decide('decide', {
      store,
      decider: {
        initial: () => 0,
        keyOf: (word) => {
          seen.add(word)
          return word
        },
        decide: () => [1],
        evolve: (sum, more) => sum + more,
      },
    })
    const scene = new TaskScene(builder.build())
    await scene.process(inputsOf(scene, 'a=x', 'b=y'))
    expect(seen).toEqual(new Set(['mapped-x', 'mapped-y']))
    // First the counts by key, then the sums, whose keys were found out on the way.
    expect(scene.backend.gets).toEqual([2, 2])
  })

  test('also where a processor catches everything', async () => {
    const builder = new StreamsBuilder('app')
    const store = builder.store('seen', { value: jsonSerde<number>() })
    builder
      .stream('in', words)
      .processValues<number>('look', {
        stores: [store],
        processor: () => ({
          process(_record, context) {
            let count = -1
            try {
              count = context.store(store).get('x') ?? 0
            } catch {
              // A processor should not do that; it must not cost correctness.
            }
            context.store(store).put('x', count + 1)
            context.forward(count + 1)
          },
        }),
      })
      .to('out', counts)
    const scene = new TaskScene(builder.build())
    expect(written(await scene.process(inputsOf(scene, 'a=x', 'a=x')), 'counts')).toEqual(['a=1', 'a=2'])
  })

  test('and one that cannot be decoded stops the task with its name', async () => {
    const scene = counting()
    await scene.backend.write({ entries: [[Buffer.from('app\0words.0\0totals\0a'), Buffer.from('{')]] })
    await expect(scene.process(inputsOf(scene, 'a=x'))).rejects.toMatchObject({
      code: 'STREAMS_STATE_UNREADABLE',
      message: expect.stringContaining('"totals"'),
    })
    expect(scene.task.stats()).toMatchObject({ stagedBatches: 0 })
    expect((await scene.process(inputsOf(scene, 'b=x'))).processed).toBe(1)
  })
})

describe('queries', () => {
  test('see a batch from the moment it is in the log, and not before', async () => {
    const scene = counting()
    const batch = await scene.process(inputsOf(scene, 'a=x', 'b=x'))
    expect(await scene.task.get('totals', 'a')).toBeUndefined()
    expect(await scene.task.scan('totals')).toEqual([])
    scene.task.logged(batch)
    expect(await scene.task.get('totals', 'a')).toBe(1)
    expect(await scene.task.scan('totals', { prefix: 'a' })).toEqual([['a', 1]])
    const next = await scene.process(inputsOf(scene, 'a=x'))
    expect(await scene.task.get('totals', 'a')).toBe(1)
    await scene.commit(batch)
    expect(await scene.task.scan('totals')).toEqual([
      ['a', 1],
      ['b', 1],
    ])
    await scene.commit(next)
    expect(await scene.task.get('totals', 'a')).toBe(2)
  })

  test('refuse a store the task does not have', async () => {
    const scene = counting()
    await expect(scene.task.get('other', 'a')).rejects.toMatchObject({
      code: 'STREAMS_UNKNOWN_STORE',
      message: expect.stringContaining('totals'),
    })
  })
})

describe('the journal', () => {
  test('records the order in which the topics were met', async () => {
    const builder = new StreamsBuilder('app')
    const other = { ...words, name: 'other' }
    builder
      .stream('words', words)
      .merge('both', builder.stream('other', other))
      .to('out', { ...words, name: 'out' })
    const scene = new TaskScene(builder.build(), { partition: 1, partitions: 2 })
    scene.record('other', 'skipped', 'skipped')
    const order = ['words', 'words', 'other', 'words', 'other', 'other']
    const batch = await scene.process(order.map((topic, index) => scene.record(topic, 'k', String(index), index)))
    const [record, ...more] = recordsOf(batch, 'app.journal')
    expect(more).toEqual([])
    expect(record).toMatchObject({ partition: 1, key: Buffer.from('other.1'), timestampMs: 5 })
    expect(decodeJournal(record?.value as Buffer)).toEqual({
      starts: [
        { topic: 'words', offset: 0 },
        { topic: 'other', offset: 1 },
      ],
      runs: [
        { topic: 'words', count: 2 },
        { topic: 'other', count: 1 },
        { topic: 'words', count: 1 },
        { topic: 'other', count: 2 },
      ],
    })
  })

  test('is not kept where there is one topic only', async () => {
    const scene = counting()
    const batch = await scene.process(inputsOf(scene, 'a=x'))
    expect(recordsOf(batch, 'app.journal')).toEqual([])
  })
})

describe('misuse is refused', () => {
  test('two calls of process at once', async () => {
    const scene = counting()
    const first = scene.process(inputsOf(scene, 'a=x'))
    await expect(scene.process(inputsOf(scene, 'a=x'))).rejects.toMatchObject({ code: 'STREAMS_TASK_BUSY' })
    expect(() => scene.task.reset()).toThrow(expect.objectContaining({ code: 'STREAMS_TASK_BUSY' }))
    expect(await first).toMatchObject({ processed: 1 })
  })

  test('commits out of order, twice, or after a reset', async () => {
    const scene = counting()
    const first = await scene.process(inputsOf(scene, 'a=x'))
    const second = await scene.process(inputsOf(scene, 'a=x'))
    const refused = expect.objectContaining({ code: 'STREAMS_COMMIT_ORDER' })
    expect(() => scene.task.committed(second)).toThrow(refused)
    scene.task.logged(first)
    scene.task.logged(second)
    expect(() => scene.task.committed(second)).toThrow(refused)
    scene.task.committed(first)
    expect(() => scene.task.committed(first)).toThrow(refused)
    const third = await scene.process(inputsOf(scene, 'a=x'))
    scene.task.reset()
    expect(() => scene.task.logged(third)).toThrow(refused)
  })

  test('a record of a topic or partition that is not its own', async () => {
    const scene = counting()
    await expect(scene.process([scene.record('other', 'a', 'x')])).rejects.toMatchObject({
      code: 'STREAMS_UNKNOWN_INPUT',
    })
    const elsewhere = { ...scene.record('words', 'a', 'x'), partition: 1 }
    await expect(scene.process([elsewhere])).rejects.toMatchObject({ code: 'STREAMS_UNKNOWN_INPUT' })
  })

  test('a store that is not wired to the processor', async () => {
    const builder = new StreamsBuilder('app', { onProcessError: 'dead-letter' })
    const mine = builder.store('mine', { value: jsonSerde<number>() })
    const theirs = builder.store('theirs', { value: jsonSerde<number>() })
    const stream = builder.stream('in', words)
    stream.groupByKey().count('count', { store: theirs })
    stream.process('look', {
      stores: [mine],
      processor: () => ({ process: (_, context) => context.store(theirs).get('a') }),
    })
    const scene = new TaskScene(builder.build(), { backend: new CountingBackend() })
    const batch = await scene.process(inputsOf(scene, 'a=x'))
    expect(headersOf(recordsOf(batch, 'app.dead-letters')[0])).toMatchObject({
      'dead-letter.code': 'STREAMS_STORE_NOT_CONNECTED',
      'dead-letter.step': 'look',
    })
  })
})

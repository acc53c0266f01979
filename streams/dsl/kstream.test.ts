import { describe, expect, test } from 'vitest'
import { jsonSerde, stringSerde } from '../serde/serde.ts'
import { TopologyTestDriver } from '../testing/driver.ts'
import { jsonTopic } from '../testing/json-topic.ts'
import type { KStream } from './kstream.ts'
import { StreamsBuilder } from './streams-builder.ts'

const source = jsonTopic<string>('source')
const target = jsonTopic<unknown>('target')

type Out = string[]

/** Pipes `key=value` records through some steps and gives what comes out, as `key=value`. */
async function through(
  steps: (stream: KStream<string, string>, builder: StreamsBuilder) => KStream<string, unknown>,
  ...records: string[]
): Promise<Out> {
  const driver = await driverOf(steps)
  for (const record of records) await pipe(driver, record)
  return outOf(driver)
}

async function driverOf(
  steps: (stream: KStream<string, string>, builder: StreamsBuilder) => KStream<string, unknown>,
): Promise<TopologyTestDriver> {
  const builder = new StreamsBuilder('app', { onProcessError: 'fail', onDecodeError: 'fail' })
  steps(builder.stream('source', source), builder).to('target', target)
  return TopologyTestDriver.create(builder.build())
}

function pipe(driver: TopologyTestDriver, record: string, topic = source): Promise<void> {
  const [key = '', value = ''] = record.split('=')
  return driver.pipe(topic, value, { key })
}

const outOf = (driver: TopologyTestDriver): Out => driver.read(target).map(({ key, value }) => `${key}=${value}`)

describe('steps without state', () => {
  type Row = [string, (stream: KStream<string, string>) => KStream<string, unknown>, string[]]
  test.each<Row>([
    ['filter keeps what is true', (s) => s.filter('f', (value) => value !== 'two'), ['a=one', 'b=three']],
    ['filter sees the key', (s) => s.filter('f', (_, key) => key === 'a'), ['a=one', 'a=two']],
    ['map makes another key and value', (s) => s.map('m', (k, v) => [v, k.length]), ['one=1', 'two=1', 'three=1']],
    ['mapValues keeps the key', (s) => s.mapValues('m', (v, k) => k + v.length), ['a=a3', 'a=a3', 'b=b5']],
    [
      'flatMap makes any number of records',
      (s) =>
        s.flatMap('m', (k, v) =>
          v === 'two'
            ? []
            : [
                [v, k],
                [k, v],
              ],
        ),
      ['one=a', 'a=one', 'three=b', 'b=three'],
    ],
    [
      'flatMapValues keeps the key of each',
      (s) => s.flatMapValues('m', (v, k) => (k === 'a' ? [...v].slice(0, 2) : [])),
      ['a=o', 'a=n', 'a=t', 'a=w'],
    ],
    ['selectKey keeps the value', (s) => s.selectKey('k', (v, k) => v + k), ['onea=one', 'twoa=two', 'threeb=three']],
    [
      'branch gives each record to the first that takes it',
      (s) => {
        const { short, b, rest } = s.branch('split', {
          short: (v) => v.length === 3,
          b: (_, k) => k === 'b',
          rest: () => true,
        })
        const named = (stream: KStream<string, string>, name: string) => stream.mapValues(name, () => name)
        return named(short, 'short').merge('all', named(b, 'b'), named(rest, 'rest'))
      },
      ['a=short', 'a=short', 'b=b'],
    ],
    ['branch drops what nobody takes', (s) => s.branch('split', { b: (_, k) => k === 'b' }).b, ['b=three']],
    [
      'merge takes the records of all, in the order in which their steps are written',
      (s) =>
        s.merge(
          'm',
          s.filter('long', (v) => v.length > 3),
          s.mapValues('up', (v) => v.toUpperCase()),
        ),
      ['a=ONE', 'a=one', 'a=TWO', 'a=two', 'b=three', 'b=THREE', 'b=three'],
    ],
  ])('%s', async (_title, steps, expected) => {
    expect(await through(steps, 'a=one', 'a=two', 'b=three')).toEqual(expected)
  })

  test('peek shows each record and passes it on', async () => {
    const seen: string[] = []
    const out = await through((s) => s.peek('p', (value, key) => seen.push(`${key}=${value}`)), 'a=one')
    expect([seen, out]).toEqual([['a=one'], ['a=one']])
  })

  test('a stream can be used several times, in the order in which that is written', async () => {
    const driver = await driverOf((s) => {
      s.mapValues('first', () => 'first').to('t1', target)
      s.mapValues('second', () => 'second').to('t2', target)
      return s
    })
    await pipe(driver, 'a=x')
    expect(outOf(driver)).toEqual(['a=first', 'a=second', 'a=x'])
  })

  test('repartition gathers the records of a key through a topic of its own', async () => {
    const driver = await driverOf((s) =>
      s.selectKey('k', (v) => v).repartition('by-value', { value: jsonSerde<string>() }),
    )
    await pipe(driver, 'a=x')
    expect(driver.records('app.by-value.repartition').map(({ key }) => key?.toString())).toEqual(['x'])
    expect(outOf(driver)).toEqual(['x=x'])
  })
})

describe('steps with state', () => {
  const numbers = { value: jsonSerde<number>() }

  test('count, and the table it makes', async () => {
    const driver = await driverOf((s, b) =>
      s
        .groupByKey()
        .count('c', { store: b.store('n', numbers) })
        .toStream(),
    )
    for (const record of ['a=x', 'b=x', 'a=y']) await pipe(driver, record)
    expect(outOf(driver)).toEqual(['a=1', 'b=1', 'a=2'])
    expect(await driver.store('n').entries()).toEqual([
      ['a', 2],
      ['b', 1],
    ])
  })

  test('aggregate begins with the initial value of the key', async () => {
    const driver = await driverOf((s, b) =>
      s
        .groupByKey()
        .aggregate('agg', {
          store: b.store('text', { value: stringSerde }),
          initial: (key) => `${key}:`,
          add: (text, value, key) => text + key + value,
        })
        .toStream(),
    )
    for (const record of ['a=x', 'a=y']) await pipe(driver, record)
    expect(outOf(driver)).toEqual(['a=a:ax', 'a=a:axay'])
    expect(await driver.store('text').get('a')).toBe('a:axay')
  })

  test('an aggregate that stays the same is not written again, but goes on', async () => {
    const driver = await driverOf((s, b) =>
      s
        .groupByKey()
        .reduce('longest', {
          store: b.store('text', { value: jsonSerde<string>() }),
          reducer: (longest, value) => (value.length > longest.length ? value : longest),
        })
        .toStream(),
    )
    for (const record of ['a=xx', 'a=y', 'a=zzz']) await pipe(driver, record)
    expect(outOf(driver)).toEqual(['a=xx', 'a=xx', 'a=zzz'])
    expect(driver.records('app.text.changelog')).toHaveLength(2)
  })

  test('toTable keeps the newest value', async () => {
    const driver = await driverOf((s, b) =>
      s.toTable('t', { store: b.store('v', { value: jsonSerde<string>() }) }).toStream(),
    )
    for (const record of ['a=x', 'a=y']) await pipe(driver, record)
    expect(outOf(driver)).toEqual(['a=x', 'a=y'])
    expect(await driver.store('v').entries()).toEqual([['a', 'y']])
  })

  test('process may change keys, keep state and put more than one record out', async () => {
    const driver = await driverOf((s, b) => {
      const store = b.store('seen', numbers)
      return s.process<string, string>('p', {
        stores: [store],
        processor: () => ({
          process({ key, value, timestampMs }, context) {
            const seen = (context.store(store).get(value) ?? 0) + 1
            context.store(store).put(value, seen)
            context.forward(value, `${key} ${seen} ${timestampMs}`)
            if (seen === 2) context.forward('twice', context.record.topic)
          },
        }),
      })
    })
    for (const record of ['a=x', 'b=x']) await pipe(driver, record)
    expect(outOf(driver)).toEqual(['x=a 1 0', 'x=b 2 0', 'twice=source'])
  })

  test('process is woken by its clock, with what it opened when it was made', async () => {
    const ticks = jsonTopic<{ atMs: number }>('ticks')
    const driver = await driverOf((s, b) => {
      const store = b.store('waiting', { value: jsonSerde<string>() })
      const clock = b.clock('clock', ticks, { timeMs: (tick) => tick.atMs })
      return s.process<string, string, { atMs: number }>('p', {
        stores: [store],
        clock,
        processor: () => ({
          process: ({ key, value }, context) => context.store(store).put(key, value),
          punctuate: (tick, context) => {
            for (const [key, value] of context.store(store).range({})) {
              context.forward(key, `${value}@${tick.atMs}`)
              context.store(store).delete(key)
            }
          },
        }),
      })
    })
    for (const record of ['b=x', 'a=y']) await pipe(driver, record)
    await driver.pipe(ticks, { atMs: 7 })
    await driver.pipe(ticks, { atMs: 8 })
    expect(outOf(driver)).toEqual(['a=y@7', 'b=x@7'])
    expect(await driver.store('waiting').entries()).toEqual([])
  })

  test('processValues keeps the key, so that state by it may follow', async () => {
    const driver = await driverOf((s, b) =>
      s
        .processValues<string>('p', {
          processor: () => ({
            process({ value }, context) {
              for (const one of value) context.forward(one)
            },
          }),
        })
        .groupByKey()
        .count('c', { store: b.store('n', numbers) })
        .toStream(),
    )
    await pipe(driver, 'a=xyz')
    expect(outOf(driver)).toEqual(['a=1', 'a=2', 'a=3'])
  })
})

describe('joins', () => {
  const people = jsonTopic<string>('people')

  test('a table: inner drops what finds nothing, left does not', async () => {
    const driver = await driverOf((s, b) => {
      const table = b.table('people', people, { store: 'person' })
      const inner = s.join('inner', table, (value, person, key) => `${key} ${value} ${person}`)
      return inner.merge(
        'both',
        s.leftJoin('left', table, (value, person) => `${value} ${person ?? 'nobody'}`),
      )
    })
    await pipe(driver, 'a=x')
    await pipe(driver, 'a=ann', people)
    await pipe(driver, 'a=y')
    await driver.pipeBytes(people, 'a', null)
    await pipe(driver, 'a=z')
    expect(outOf(driver)).toEqual(['a=x nobody', 'a=a y ann', 'a=y ann', 'a=z nobody'])
    expect(await driver.store('person').entries()).toEqual([])
  })

  test('a table folded from the stream itself has the record where it is written first', async () => {
    const driver = await driverOf((s, b) => {
      const counts = s.groupByKey().count('c', { store: b.store('n', { value: jsonSerde<number>() }) })
      return s.join('with-count', counts, (value, count) => `${value} ${count}`)
    })
    for (const record of ['a=x', 'a=y']) await pipe(driver, record)
    expect(outOf(driver)).toEqual(['a=x 1', 'a=y 2'])
  })

  test('a global table, by a key of the record', async () => {
    const driver = await driverOf((s, b) => {
      const table = b.globalTable('people', people, { store: 'person' })
      const keyOf = (value: string) => (value === '-' ? null : value)
      const inner = s.joinGlobal('inner', table, keyOf, (value, person, key) => `${key} ${value} ${person}`)
      return inner.merge(
        'both',
        s.leftJoinGlobal('left', table, keyOf, (_, person) => person ?? 'nobody'),
      )
    })
    await pipe(driver, 'p=ann', people)
    for (const record of ['a=p', 'a=q', 'a=-']) await pipe(driver, record)
    expect(outOf(driver)).toEqual(['a=a p ann', 'a=ann', 'a=nobody', 'a=nobody'])
    expect(await driver.store('person').entries()).toEqual([['p', 'ann']])
  })

  test('a processor looks into global tables it was wired with', async () => {
    const driver = await driverOf((s, b) => {
      const table = b.globalTable('people', people, { store: 'person' })
      return s.processValues<string>('p', {
        globalTables: [table],
        processor: () => ({
          process: ({ value }, context) =>
            context.forward(context.globalTable<string>('person').get(value) ?? 'nobody'),
        }),
      })
    })
    await pipe(driver, 'p=ann', people)
    for (const record of ['a=p', 'a=q']) await pipe(driver, record)
    expect(outOf(driver)).toEqual(['a=ann', 'a=nobody'])
  })
})

describe('state by a key that was changed is refused until it is repartitioned', () => {
  const store = (b: StreamsBuilder) => b.store('n', { value: jsonSerde<number>() })
  const changed = (b: StreamsBuilder) => b.stream('source', source).selectKey('k', (v) => v)
  type Row = [string, (b: StreamsBuilder, stream: KStream<string, string>) => unknown]

  const stateful: Row[] = [
    ['groupByKey', (_, s) => s.groupByKey()],
    ['toTable', (b, s) => s.toTable('t', { store: b.store('t', { value: stringSerde }) })],
    ['join', (b, s) => s.join('j', b.table('p', jsonTopic('p'), { store: 'p' }), (v) => v)],
    ['leftJoin', (b, s) => s.leftJoin('j', b.table('p', jsonTopic('p'), { store: 'p' }), (v) => v)],
    ['process', (b, s) => s.process('p', { stores: [store(b)], processor: () => ({ process: () => {} }) })],
    ['processValues', (b, s) => s.processValues('p', { stores: [store(b)], processor: () => ({ process: () => {} }) })],
    [
      'decide',
      (b, s) =>
        s.decide('d', {
          store: store(b),
          decider: { initial: () => 0, decide: () => [], evolve: (n) => n, keyOf: (v) => v },
        }),
    ],
  ]

  test.each(stateful)('%s', (method, write) => {
    const builder = new StreamsBuilder('app')
    expect(() => write(builder, changed(builder))).toThrow(
      expect.objectContaining({
        code: 'STREAMS_REPARTITION_NEEDED',
        message: expect.stringMatching(new RegExp(`^${method} .*"k".*repartition`)),
      }),
    )
  })

  test.each(stateful)('%s, and taken after a repartition', (_method, write) => {
    const builder = new StreamsBuilder('app')
    write(builder, changed(builder).repartition('again', { value: stringSerde }))
    expect(builder.build().subtopologies.map(({ name }) => name)).toContain('source')
  })

  test.each<Row>([
    ['map', (_, s) => s.map('m', (k, v) => [k, v]).groupByKey()],
    ['flatMap', (_, s) => s.flatMap('m', (k, v) => [[k, v]]).groupByKey()],
    ['process', (_, s) => s.process('m', { processor: () => ({ process: () => {} }) }).groupByKey()],
    [
      'a merge with a changed one',
      (_, s) =>
        s
          .merge(
            'm',
            s.selectKey('k', (v) => v),
          )
          .groupByKey(),
    ],
    [
      'a branch of a changed one',
      (_, s) =>
        s
          .selectKey('k', (v) => v)
          .branch('b', { x: () => true })
          .x.groupByKey(),
    ],
  ])('also after %s', (_title, write) => {
    const builder = new StreamsBuilder('app')
    expect(() => write(builder, builder.stream('source', source))).toThrow(
      expect.objectContaining({ code: 'STREAMS_REPARTITION_NEEDED' }),
    )
  })

  test('but not after steps that keep the key', () => {
    const builder = new StreamsBuilder('app')
    builder
      .stream('source', source)
      .filter('f', () => true)
      .mapValues('m', (value) => value)
      .flatMapValues('fm', (value) => [value])
      .peek('p', () => {})
      .processValues<string>('pv', { processor: () => ({ process: () => {} }) })
      .merge('mg', builder.stream('other', jsonTopic<string>('other')))
      .branch('br', { all: () => true })
      .all.groupByKey()
      .count('c', { store: store(builder) })
    expect(builder.build().subtopologies).toHaveLength(1)
  })
})

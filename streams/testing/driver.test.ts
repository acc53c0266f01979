import { describe, expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { jsonSerde, stringSerde } from '../serde/serde.ts'
import { TopologyTestDriver } from './driver.ts'
import { jsonTopic } from './json-topic.ts'

const lines = jsonTopic<string>('lines')
const counts = jsonTopic<number>('counts')

function wordCount() {
  const builder = new StreamsBuilder('word-count')
  const store = builder.store('counts-by-word', { value: jsonSerde<number>() })
  builder
    .stream('lines', lines)
    .flatMapValues('split', (line) => line.split(' '))
    .selectKey('by-word', (word) => word)
    .repartition('words', { value: stringSerde })
    .groupByKey()
    .count('count', { store })
    .toStream()
    .to('write-counts', counts)
  return builder.build()
}

describe('TopologyTestDriver', () => {
  test('takes records through all sub-topologies and commits them', async () => {
    const driver = await TopologyTestDriver.create(wordCount())
    await driver.pipe(lines, 'to be or not to be', { key: 'hamlet', timestampMs: 7 })
    expect(driver.read(counts)).toEqual([
      { key: 'to', value: 1, timestampMs: 7 },
      { key: 'be', value: 1, timestampMs: 7 },
      { key: 'or', value: 1, timestampMs: 7 },
      { key: 'not', value: 1, timestampMs: 7 },
      { key: 'to', value: 2, timestampMs: 7 },
      { key: 'be', value: 2, timestampMs: 7 },
    ])
    expect(driver.read(counts)).toEqual([])
    expect(await driver.store<number>('counts-by-word').entries()).toEqual([
      ['be', 2],
      ['not', 1],
      ['or', 1],
      ['to', 2],
    ])
  })

  test('gives the same after a crash, also of what was processed and not committed', async () => {
    const driver = await TopologyTestDriver.create(wordCount(), { partitions: 3 })
    await driver.pipe(lines, 'a b a')
    await driver.pipeUncommitted(lines, 'b c')
    expect(await driver.store<number>('counts-by-word').get('b')).toBe(1)
    await driver.crash()
    expect(await driver.store<number>('counts-by-word').entries()).toEqual([
      ['a', 2],
      ['b', 2],
      ['c', 1],
    ])
  })
})

describe('what the driver feeds and shows', () => {
  type Order = { readonly customer: string; readonly amount: number }
  const orders = jsonTopic<Order>('orders', { keyOf: (order) => order.customer })
  const names = jsonTopic<string>('names')
  const ticks = jsonTopic<number>('ticks')
  const seen = jsonTopic<string>('seen')

  function showing() {
    const builder = new StreamsBuilder('showing', { onProcessError: 'dead-letter' })
    const store = builder.store('sum', { value: jsonSerde<number>() })
    const table = builder.globalTable('names', names, { store: 'name' })
    const clock = builder.clock('clock', ticks, { timeMs: (tick) => tick })
    builder
      .stream('orders', orders)
      .leftJoinGlobal(
        'named',
        table,
        (order) => order.customer,
        (order, name) => ({ ...order, name }),
      )
      .process<string, string, number>('sum-up', {
        stores: [store],
        clock,
        processor: () => ({
          process({ key, value, timestampMs }, context) {
            if (value.amount < 0) throw new RangeError('below zero')
            context.store(store).put(key, (context.store(store).get(key) ?? 0) + value.amount)
            const [header] = context.record.headers
            context.forward(key, `${value.name ?? '?'} ${value.amount} @${timestampMs} ${header?.[1] ?? ''}`)
          },
          punctuate: (tick, context) => context.forward('tick', `${context.taskId} ${tick}`),
        }),
      })
      .to('write-seen', seen)
    return builder.build()
  }

  test('keys come from the topic, times go on from record to record, headers are passed in', async () => {
    const driver = await TopologyTestDriver.create(showing())
    await driver.pipe(names, 'Ann', { key: 'a' })
    await driver.pipe(orders, { customer: 'a', amount: 1 }, { timestampMs: 5, headers: [['h', Buffer.from('x')]] })
    await driver.pipe(orders, { customer: 'b', amount: 2 })
    expect(driver.readValues(seen)).toEqual(['Ann 1 @5 x', '? 2 @5 '])
    expect(await driver.store('name').entries()).toEqual([['a', 'Ann']])
    expect(await driver.store('name').get('a')).toBe('Ann')
  })

  test('a tick reaches the task of every partition', async () => {
    const driver = await TopologyTestDriver.create(showing(), { partitions: 3 })
    await driver.pipe(ticks, 7)
    expect(driver.readValues(seen)).toEqual(['orders.0 7', 'orders.1 7', 'orders.2 7'])
  })

  test('a store shows the entries of all tasks, and each key is in one of them', async () => {
    const driver = await TopologyTestDriver.create(showing(), { partitions: 4 })
    const customers = ['a', 'b', 'c', 'd', 'e', 'f']
    await driver.pipeAll(
      orders,
      customers.map((customer) => ({ customer, amount: 1 })),
    )
    await driver.pipeAll(
      orders,
      customers.map((customer) => ({ customer, amount: 1 })),
    )
    expect(await driver.store('sum').entries()).toEqual(customers.map((customer) => [customer, 2]))
    expect(Object.keys(driver.stats())).toEqual(['orders.0', 'orders.1', 'orders.2', 'orders.3'])
    await driver.crash()
    expect(await driver.store('sum').get('f')).toBe(2)
  })

  test('dead letters show what failed, where and why', async () => {
    const driver = await TopologyTestDriver.create(showing())
    await driver.pipe(orders, { customer: 'a', amount: -1 })
    await driver.pipeBytes(orders, 'b', Buffer.from('?'))
    expect(driver.deadLetters()).toMatchObject([
      { key: 'a', code: 'RangeError', message: 'below zero', step: 'sum-up', topic: 'orders', partition: 0, offset: 0 },
      { key: 'b', value: Buffer.from('?'), code: 'SERDE_INVALID_BYTES', step: 'orders', offset: 1 },
    ])
    expect(await driver.parked()).toEqual([])
  })

  test('a store that is not there is refused', async () => {
    const driver = await TopologyTestDriver.create(showing())
    expect(() => driver.store('other')).toThrow(expect.objectContaining({ code: 'STREAMS_UNKNOWN_STORE' }))
  })
})

import { describe, expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { jsonSerde } from '../serde/serde.ts'
import { jsonTopic } from '../testing/json-topic.ts'
import type { FailurePolicies } from './policies.ts'
import type { Topology } from './topology.ts'

type Order = { readonly merchant: string; readonly amount: number }

const orders = jsonTopic<Order>('orders', { partitions: 4 })
const merchants = jsonTopic<{ name: string }>('merchants', { partitions: 3, cleanup: 'compact' })
const ticks = jsonTopic<number>('ticks', { partitions: 4 })
const totals = jsonTopic<number>('totals', { partitions: 4 })
const failures = jsonTopic<Order>('failures', { partitions: 4 })

/** Two sub-topologies behind each other, with everything that is drawn. */
function sample(policies: Partial<FailurePolicies> = { onProcessError: 'park' }): Topology {
  const builder = new StreamsBuilder('shop', policies)
  const known = builder.globalTable('merchants', merchants, { store: 'merchant' })
  const sums = builder.store('sum', { value: jsonSerde<number>() })
  const clock = builder.clock('clock', ticks, { timeMs: (tick) => tick })
  const { good, bad } = builder
    .stream('orders', orders)
    .branch('check', { good: (order) => order.amount > 0, bad: () => true })
  bad.to('write-failures', failures)
  good
    .joinGlobal(
      'of-merchant',
      known,
      (order) => order.merchant,
      (order) => order,
    )
    .process<string, Order, number>('watch', { clock, processor: () => ({ process: () => {} }) })
    .selectKey('by-merchant-key', (order) => order.merchant)
    .repartition('by-merchant', { value: jsonSerde<Order>(), partitions: 2 })
    .groupByKey()
    .aggregate('add', { store: sums, initial: () => 0, add: (sum, order) => sum + order.amount })
    .toStream()
    .to('write-totals', totals)
  return builder.build()
}

describe('a topology', () => {
  test('is cut at its repartitions into sub-topologies named by hand-given names', () => {
    expect(sample().subtopologies).toMatchObject([
      {
        name: 'by-merchant',
        partitions: 2,
        inputTopics: ['shop.by-merchant.control', 'shop.by-merchant.repartition'],
        controlTopic: 'shop.by-merchant.control',
        storeNames: ['sum', 'parked-keys-by-merchant'],
      },
      {
        name: 'orders',
        partitions: 4,
        inputTopics: ['orders', 'shop.orders.control', 'ticks'],
        storeNames: ['parked-keys-orders'],
        journalled: true,
      },
    ])
  })

  test('knows the topics it reads, writes and makes for itself', () => {
    const topology = sample({ onProcessError: 'dead-letter' })
    expect(topology.inputTopics()).toEqual(['orders', 'shop.by-merchant.repartition', 'ticks'])
    expect(topology.outputTopics()).toEqual(['failures', 'totals'])
    expect(topology.internalTopics()).toEqual([
      { name: 'shop.by-merchant.repartition', partitions: 2, cleanup: 'delete', retentionMs: -1 },
      { name: 'shop.dead-letters', partitions: 4, cleanup: 'delete', retentionMs: -1 },
      { name: 'shop.journal', partitions: 4, cleanup: 'delete', retentionMs: -1 },
      { name: 'shop.sum.changelog', partitions: 2, cleanup: 'compact', retentionMs: -1 },
    ])
  })

  test('names each internal topic once, also where two parts keep something of the same name', () => {
    const names = sample()
      .internalTopics()
      .map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  test('takes the name of the application for the control topic where there is one part only', () => {
    const builder = new StreamsBuilder('shop', { onProcessError: 'park' })
    builder.stream('orders', orders).to('write', failures)
    expect(builder.build().subtopologies[0]?.controlTopic).toBe('shop.control')
  })

  test('finds the part that keeps a store, or says which stores there are', () => {
    expect(sample().subtopologyOfStore('sum').name).toBe('by-merchant')
    expect(() => sample().subtopologyOfStore('sums')).toThrow(
      expect.objectContaining({ code: 'STREAMS_UNKNOWN_STORE', message: expect.stringContaining('sum') }),
    )
  })
})

describe('describe', () => {
  test('draws the topology as text', () => {
    expect(`\n${sample({ onDecodeError: 'skip' }).describe()}\n`).toBe(`
Topology shop (decode errors: skip, process errors: dead-letter)
  global table merchants <- topic merchants (store merchant)
  Sub-topology by-merchant (2 tasks)
    stream by-merchant <- topic shop.by-merchant.repartition
    aggregate add <- by-merchant (stores: sum)
    sink write-totals <- add -> topic totals
  Sub-topology orders (4 tasks)
    clock clock <- topic ticks
    stream orders <- topic orders
    branch check <- orders
    sink write-failures <- check.bad -> topic failures
    inner-join-global of-merchant <- check.good (global tables: merchant)
    process watch <- of-merchant (clock: clock)
    select-key by-merchant-key <- watch
    sink by-merchant.write <- by-merchant-key -> topic shop.by-merchant.repartition
`)
  })

  test('gives the same as JSON', () => {
    const topology = sample()
    expect(JSON.parse(topology.describe('json'))).toEqual(topology.description())
  })

  test('draws it as a Mermaid flowchart', () => {
    const lines = sample().describe('mermaid').split('\n')
    expect(lines[0]).toBe('flowchart LR')
    expect(lines).toContain('  subgraph sub_orders["orders x 4"]')
    expect(lines).toContain('    node_add["aggregate: add"]')
    expect(lines).toContain('  topic_orders>"orders"]')
    expect(lines).toContain('  topic_orders --> node_orders')
    expect(lines).toContain('  node_check -->|bad| node_write_2d_failures')
    expect(lines).toContain('  node_add --- store_sum')
    expect(lines).toContain('  node_clock -. tick .-> node_watch')
    expect(lines).toContain('  store_merchant -.-> node_of_2d_merchant')
    expect(lines).toContain('  node_write_2d_totals --> topic_totals')
  })
})

describe('the fingerprint', () => {
  const build = (change: {
    amount?: number
    names?: string
    partitions?: number
    store?: string
    reversed?: boolean
  }) => {
    const builder = new StreamsBuilder('shop')
    const store = builder.store(change.store ?? 'sum', { value: jsonSerde<number>() })
    const topic = { ...orders, partitions: change.partitions ?? 4 }
    const stream = builder.stream('orders', topic)
    const steps = [
      () => stream.filter(change.names ?? 'large', (order) => order.amount > (change.amount ?? 10)).to('a', failures),
      () => stream.groupByKey().count('count', { store }),
    ]
    for (const step of change.reversed === true ? steps.reverse() : steps) step()
    return builder.build().fingerprint()
  }

  test('is the same for other code, and for the same nodes in another order', () => {
    expect(build({})).toMatch(/^[0-9a-f]{64}$/)
    expect(build({ amount: 99 })).toBe(build({}))
    expect(build({ reversed: true })).toBe(build({}))
  })

  test.each([{ names: 'huge' }, { partitions: 8 }, { store: 'sums' }])('is another one for %o', (change) => {
    expect(build(change)).not.toBe(build({}))
  })
})

describe('a graph that could not run is refused', () => {
  const topic = (name: string, partitions = 1) => jsonTopic<string>(name, { partitions })
  const number = { value: jsonSerde<number>() }

  test.each<[string, string, RegExp, (builder: StreamsBuilder) => unknown]>([
    [
      'a node name used twice',
      'STREAMS_DUPLICATE_NAME',
      /"one" is used twice/,
      (b) => b.stream('one', topic('a')).peek('one', () => {}),
    ],
    [
      'a store name used twice',
      'STREAMS_DUPLICATE_NAME',
      /store name "s" is used twice/,
      (b) => {
        const store = b.store('s', number)
        b.stream('one', topic('a')).groupByKey().count('count', { store })
        b.globalTable('g', topic('b'), { store: 's' })
      },
    ],
    [
      'the name of the store for parked keys',
      'STREAMS_ILLEGAL_NAME',
      /"parked-keys" is kept for the runtime/,
      (b) =>
        b
          .stream('one', topic('a'))
          .groupByKey()
          .count('c', { store: b.store('parked-keys', number) }),
    ],
    [
      'a store that nobody uses',
      'STREAMS_STORE_NOT_CONNECTED',
      /"lonely" is used by no node/,
      (b) => {
        b.store('lonely', number)
        b.stream('one', topic('a'))
      },
    ],
    [
      'a topic read twice',
      'STREAMS_TOPIC_READ_TWICE',
      /"a" is read by "one" and by "two"/,
      (b) => {
        b.stream('one', topic('a'))
        b.table('two', topic('a'), { store: 's' })
      },
    ],
    [
      'topics of different partition counts in one part',
      'STREAMS_NOT_COPARTITIONED',
      /a has 1, b has 2/,
      (b) => b.stream('one', topic('a')).merge('both', b.stream('two', topic('b', 2))),
    ],
    [
      'a clock of another partition count',
      'STREAMS_NOT_COPARTITIONED',
      /ticks has 4/,
      (b) => {
        const clock = b.clock('clock', ticks, { timeMs: (tick) => tick })
        b.stream('one', topic('a')).process('p', { clock, processor: () => ({ process: () => {} }) })
      },
    ],
    [
      'a stream of another builder',
      'STREAMS_UNKNOWN_NODE',
      /"both" is fed by "theirs"/,
      (b) => b.stream('one', topic('a')).merge('both', new StreamsBuilder('other').stream('theirs', topic('b'))),
    ],
    [
      'a store of another builder',
      'STREAMS_UNKNOWN_NODE',
      /"count" is fed by "s"/,
      (b) =>
        b
          .stream('one', topic('a'))
          .groupByKey()
          .count('count', { store: new StreamsBuilder('o').store('s', number) }),
    ],
    [
      'a global table of another builder',
      'STREAMS_UNKNOWN_NODE',
      /"j" is fed by "g"/,
      (b) => {
        const theirs = new StreamsBuilder('other').globalTable('g', topic('b'), { store: 'g' })
        b.stream('one', topic('a')).joinGlobal(
          'j',
          theirs,
          () => '',
          (value) => value,
        )
      },
    ],
    ['a graph that reads nothing', 'STREAMS_TOPOLOGY_EMPTY', /reads no topic/, () => {}],
    ['a dot in a name', 'STREAMS_ILLEGAL_NAME', /"a\.b" is not allowed/, (b) => b.stream('a.b', topic('a'))],
    ['an empty name', 'STREAMS_ILLEGAL_NAME', /"" is not allowed/, (b) => b.store('', number)],
    ['a name that is too long', 'STREAMS_ILLEGAL_NAME', /100/, (b) => b.stream('x'.repeat(101), topic('a'))],
    [
      'a branch that cannot be named',
      'STREAMS_ILLEGAL_NAME',
      /branch name "a b"/,
      (b) => b.stream('one', topic('a')).branch('br', { 'a b': () => true }),
    ],
    ['an application name with a slash', 'STREAMS_ILLEGAL_NAME', /application/, () => new StreamsBuilder('a/b')],
  ])('%s', (_title, code, message, write) => {
    const build = () => {
      const builder = new StreamsBuilder('app')
      write(builder)
      return builder.build()
    }
    expect(build).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }))
  })
})

import { describe, expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { jsonSerde, type Serde, SerdeNotReady, stringSerde } from '../serde/serde.ts'
import { type DriverOptions, TopologyTestDriver } from '../testing/driver.ts'
import { jsonTopic } from '../testing/json-topic.ts'
import { parseControl } from './parked-keys.ts'

type Payment = { readonly account: string; readonly amount: number }

const payments = jsonTopic<Payment>('payments', { keyOf: (payment) => payment.account })
const refunds = jsonTopic<Payment>('refunds', { keyOf: (payment) => payment.account })
const balances = jsonTopic<number>('balances')
const ticks = jsonTopic<number>('ticks')

/** Sums amounts by account; an amount in `broken` fails until it is taken out. */
async function bank(broken: Set<number>, driver: DriverOptions = {}): Promise<TopologyTestDriver> {
  const builder = new StreamsBuilder('bank', { onProcessError: 'park' })
  const store = builder.store('balance', { value: jsonSerde<number>() })
  const clock = builder.clock('clock', ticks, { timeMs: (tick) => tick })
  const both = builder.stream('payments', payments).merge('both', builder.stream('refunds', refunds))
  both
    .groupByKey()
    .aggregate('sum', {
      store,
      initial: () => 0,
      add: (sum, { amount }) => {
        if (broken.has(amount)) throw new RangeError(`cannot take ${amount}`)
        return sum + amount
      },
    })
    .toStream()
    .to('write', balances)
  both.process<string, never, number>('tick', {
    clock,
    processor: () => ({
      process: () => {},
      punctuate: (tick) => {
        if (broken.has(tick)) throw new RangeError('cannot tick')
      },
    }),
  })
  return TopologyTestDriver.create(builder.build(), driver)
}

const pay = (account: string, amount: number): Payment => ({ account, amount })
const balancesOf = (driver: TopologyTestDriver) => driver.read(balances).map(({ key, value }) => `${key}=${value}`)

describe('a key that is parked', () => {
  test('makes its later records wait in order, from every topic, and nobody else', async () => {
    const driver = await bank(new Set([-1]))
    await driver.pipe(payments, pay('a', 10))
    await driver.pipe(payments, pay('a', -1), { timestampMs: 70 })
    await driver.pipe(payments, pay('a', 5))
    await driver.pipe(refunds, pay('a', 3))
    await driver.pipe(payments, pay('b', 1))
    expect(balancesOf(driver)).toEqual(['a=10', 'b=1'])
    expect(await driver.parked()).toMatchObject([
      {
        key: 'a',
        records: [
          { topic: 'payments', offset: 1, timestampMs: 70, cause: { code: 'RangeError', step: 'sum' } },
          { topic: 'payments', offset: 2, cause: null },
          { topic: 'refunds', offset: 0, cause: null },
        ],
      },
    ])
    expect(driver.stats()['payments.0']).toMatchObject({ parkedKeys: 1, parkedRecords: 3, deadLetters: 0 })
    expect(driver.deadLetters()).toEqual([])
  })

  test('goes on when it is replayed, with the time and the order of its records', async () => {
    const broken = new Set([-1])
    const driver = await bank(broken)
    await driver.pipe(payments, pay('a', -1), { timestampMs: 70 })
    await driver.pipe(payments, pay('a', 5), { timestampMs: 80 })
    broken.clear()
    await driver.control({ action: 'replay', key: 'a' })
    expect(driver.read(balances)).toEqual([
      { key: 'a', value: -1, timestampMs: 70 },
      { key: 'a', value: 4, timestampMs: 80 },
    ])
    expect(await driver.parked()).toEqual([])
    await driver.pipe(payments, pay('a', 1))
    expect(balancesOf(driver)).toEqual(['a=5'])
  })

  test('stays parked from the record on that fails again', async () => {
    const broken = new Set([-1, -2])
    const driver = await bank(broken)
    for (const amount of [-1, 5, -2, 7]) await driver.pipe(payments, pay('a', amount))
    broken.delete(-1)
    await driver.control({ action: 'replay', key: 'a' })
    expect(balancesOf(driver)).toEqual(['a=-1', 'a=4'])
    const [queue] = await driver.parked()
    expect(queue?.records).toMatchObject([{ offset: 2, cause: { message: 'cannot take -2' } }, { offset: 3 }])
    broken.clear()
    await driver.control({ action: 'replay', key: 'a' })
    expect(balancesOf(driver)).toEqual(['a=2', 'a=9'])
  })

  test('goes to the dead letters when it is discarded, each record with why', async () => {
    const driver = await bank(new Set([-1]))
    await driver.pipe(payments, pay('a', -1))
    await driver.pipe(payments, pay('a', 5))
    await driver.control({ action: 'discard', key: 'a' })
    expect(driver.deadLetters()).toMatchObject([
      { key: 'a', code: 'RangeError', step: 'sum', topic: 'payments', offset: 0 },
      { key: 'a', code: 'STREAMS_PARKED', topic: 'payments', offset: 1 },
    ])
    expect(await driver.parked()).toEqual([])
    await driver.pipe(payments, pay('a', 1))
    expect(balancesOf(driver)).toEqual(['a=1'])
  })

  test('can lose its first record and keep the others', async () => {
    const driver = await bank(new Set([-1]))
    for (const amount of [-1, 5, 6]) await driver.pipe(payments, pay('a', amount))
    await driver.control({ action: 'discard', key: 'a', records: 1 })
    expect(driver.deadLetters()).toMatchObject([{ offset: 0 }])
    expect(driver.stats()['payments.0']).toMatchObject({ parkedKeys: 1, parkedRecords: 2 })
    await driver.control({ action: 'replay', key: 'a' })
    expect(balancesOf(driver)).toEqual(['a=5', 'a=11'])
  })

  test('is still parked after a crash, and its queue goes on', async () => {
    const broken = new Set([-1])
    const driver = await bank(broken, { cacheBytesMax: 0 })
    await driver.pipe(payments, pay('a', -1))
    await driver.pipeUncommitted(payments, pay('a', 5))
    await driver.crash()
    await driver.pipe(payments, pay('a', 6))
    expect(driver.stats()['payments.0']).toMatchObject({ parkedKeys: 1, parkedRecords: 3 })
    broken.clear()
    await driver.crash()
    await driver.control({ action: 'replay', key: 'a' })
    expect(balancesOf(driver)).toEqual(['a=-1', 'a=4', 'a=10'])
    await driver.crash()
    expect(await driver.parked()).toEqual([])
  })

  test('is not taken for one whose name begins like it', async () => {
    const broken = new Set([-1])
    const driver = await bank(broken)
    await driver.pipe(payments, pay('a', -1))
    await driver.pipe(payments, pay('a\0b', -1))
    await driver.pipe(payments, pay('ab', -1))
    await driver.control({ action: 'discard', key: 'a' })
    expect((await driver.parked()).map(({ key }) => key).sort()).toEqual(['a\0b', 'ab'])
  })

  test('may fail, be replayed and fail again within one batch', async () => {
    const driver = await bank(new Set([-1]))
    await driver.pipeAll(payments, [pay('a', -1), pay('a', 2), pay('b', -1), pay('b', 4), pay('a', 5)])
    await driver.control({ action: 'replay', key: 'b' })
    expect(driver.stats()['payments.0']).toMatchObject({ parkedKeys: 2, parkedRecords: 5 })
  })
})

describe('what cannot be parked goes to the dead letters', () => {
  test('a record without a key', async () => {
    const driver = await bank(new Set())
    await driver.pipe(payments, pay('a', 1), { key: null })
    expect(driver.deadLetters()).toMatchObject([{ code: 'STREAMS_NULL_KEY', key: null }])
  })

  test('a tick', async () => {
    const driver = await bank(new Set([99]))
    await driver.pipe(ticks, 99)
    expect(driver.deadLetters()).toMatchObject([{ message: 'cannot tick', topic: 'ticks', step: 'tick' }])
  })

  test('a record that cannot be decoded, though it waits with its key where that is parked', async () => {
    const driver = await bank(new Set([-1]))
    await driver.pipeBytes(payments, 'a', Buffer.from('{'))
    expect(driver.deadLetters()).toMatchObject([{ code: 'SERDE_INVALID_BYTES' }])
    await driver.pipe(payments, pay('a', -1))
    await driver.pipeBytes(payments, 'a', Buffer.from('['))
    expect(driver.deadLetters()).toHaveLength(1)
    await driver.control({ action: 'discard', key: 'a', records: 1 })
    await driver.control({ action: 'replay', key: 'a' })
    expect(driver.deadLetters()).toMatchObject([{}, { code: 'RangeError' }, { code: 'SERDE_INVALID_BYTES', offset: 2 }])
    expect(await driver.parked()).toEqual([])
  })
})

describe('the control topic', () => {
  test('of a key that is not parked changes nothing', async () => {
    const driver = await bank(new Set())
    await driver.control({ action: 'replay', key: 'a' })
    await driver.control({ action: 'discard', key: 'a' })
    expect(driver.deadLetters()).toEqual([])
    expect(balancesOf(driver)).toEqual([])
  })

  test.each([
    ['{', 'not JSON'],
    ['7', 'not an object'],
    ['{"action":"replay"}', 'key is not a string'],
    ['{"action":"delete","key":"a"}', 'action is "delete"'],
    ['{"action":"discard","key":"a","records":0}', 'whole number'],
    ['{"action":"discard","key":"a","records":1.5}', 'whole number'],
  ])('gives up on %s', async (text, why) => {
    const driver = await bank(new Set())
    await driver.pipeBytes({ name: 'bank.control' }, 'a', Buffer.from(text))
    expect(driver.deadLetters()).toMatchObject([
      { code: 'STREAMS_CONTROL_INVALID', message: expect.stringContaining(why), topic: 'bank.control' },
    ])
  })

  test('takes a whole number of records to discard', () => {
    const bytes = Buffer.from('{"action":"discard","key":"a","records":2}')
    expect(parseControl(bytes)).toEqual({ action: 'discard', key: 'a', records: 2 })
    expect(() => parseControl(null)).toThrow(expect.objectContaining({ code: 'STREAMS_CONTROL_INVALID' }))
  })
})

describe('a replayed record whose serde needs something first', () => {
  /** Bytes that begin with the name of what must be had before they can be read. */
  function fetchingSerde() {
    const known = new Set<string>()
    const missing = new Set<string>()
    const serde: Serde<string> = {
      serialize: (value) => Buffer.from(value),
      deserialize: (bytes) => {
        const [name = ''] = bytes.toString().split(':')
        if (known.has(name)) return bytes.toString()
        throw new SerdeNotReady(`${name} is not here yet`, async () => {
          await Promise.resolve()
          if (missing.has(name)) throw new Error(`there is no ${name}`)
          known.add(name)
        })
      },
    }
    return { serde, known, missing }
  }

  test('waits for it; what cannot be had goes to the dead letters, and the next one goes on', async () => {
    const { serde, known, missing } = fetchingSerde()
    const words = { ...jsonTopic<string>('words'), value: serde }
    const builder = new StreamsBuilder('app', { onProcessError: 'park' })
    let isBroken = true
    builder
      .stream('words', words)
      .peek('check', () => {
        if (isBroken) throw new Error('broken')
      })
      .to('write', { ...words, name: 'out', value: stringSerde })
    const driver = await TopologyTestDriver.create(builder.build())
    for (const value of ['one:1', 'two:2', 'three:3']) await driver.pipe(words, value, { key: 'k' })
    isBroken = false
    known.clear()
    missing.add('two')
    await driver.control({ action: 'replay', key: 'k' })
    expect(driver.records('out').map(({ value }) => value?.toString())).toEqual(['one:1', 'three:3'])
    expect(driver.deadLetters()).toMatchObject([{ offset: 1, message: 'there is no two' }])
    expect(await driver.parked()).toEqual([])
  })
})

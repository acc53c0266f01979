import { describe, expect, test } from 'vitest'
import { StreamsBuilder } from '../dsl/streams-builder.ts'
import { jsonSerde } from '../serde/serde.ts'
import { TopologyTestDriver } from '../testing/driver.ts'
import { jsonTopic } from '../testing/json-topic.ts'

describe('decide by rules that are data', () => {
  type Order = { readonly id: string; readonly amount: number }
  type Rules = { readonly max: number }
  const orders = jsonTopic<Order>('orders', { keyOf: ({ id }) => id })
  const rules = { ...jsonTopic<Rules>('rules', { keyOf: () => 'all' }), toEveryPartition: true }
  const verdicts = jsonTopic<string>('verdicts')
  const decider = (max: number | null) => ({
    initial: () => 0,
    keyOf: ({ id }: Order) => id,
    decide: (_: number, { id, amount }: Order) => [`${id} ${max !== null && amount <= max ? 'yes' : 'no'} by ${max}`],
    evolve: (count: number) => count + 1,
  })
  const topology = () => {
    const builder = new StreamsBuilder('ruled')
    const store = builder.store('rules', { value: jsonSerde<Rules>() })
    const counts = builder.store('counts', { value: jsonSerde<number>() })
    builder.table('rules-heard', rules, { store })
    builder
      .stream('orders', orders)
      .decide('judge', {
        store: counts,
        decider: decider(null),
        rules: { store, key: 'all', decider: ({ max }) => decider(max) },
      })
      .to('verdicts', verdicts)
    return builder.build()
  }

  test.each([1e6, 0])('follows them in every task, with %i bytes of memory', async (cacheBytesMax) => {
    const driver = await TopologyTestDriver.create(topology(), { partitions: 3, cacheBytesMax })
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const ask = async () => {
      await driver.pipeAll(
        orders,
        ids.map((id) => ({ id, amount: 5 })),
      )
      return driver.readValues(verdicts).sort()
    }
    expect(await ask()).toEqual(ids.map((id) => `${id} no by null`))
    await driver.pipe(rules, { max: 9 })
    expect(await ask()).toEqual(ids.map((id) => `${id} yes by 9`))
    await driver.crash()
    await driver.pipe(rules, { max: 4 })
    expect(await ask()).toEqual(ids.map((id) => `${id} no by 4`))
  })
})

import { expect, test } from 'vitest'
import { StreamsBuilder, type Topic } from '#streams'
import { TopologyTestDriver } from '#streams/testing'
import { jsonTopic } from '../testing/json-topic.ts'

type Spend = { readonly order: string; readonly customer: string; readonly amount: number }
type Spent = { readonly type: 'Spent'; readonly customer: string; readonly amount: number }

const spends = jsonTopic<Spend>('spends') as Topic<Spend>
const spent = jsonTopic<Spent>('spent') as Topic<Spent>

/** Orders of a customer that together may spend 100, whatever each of them asks. */
function budget() {
  const builder = new StreamsBuilder('budget')
  const orders = builder.store<number>('orders', { value: spends.value as never })
  const customers = builder.store<number>('customers', { value: spends.value as never })
  builder
    .stream('spends', spends)
    .decide<number, Spent, never, never, never, number>('spend', {
      store: orders,
      decider: {
        initial: () => 0,
        keyOf: ({ order }) => order,
        decide: () => [],
        evolve: (sum, { amount }) => sum + amount,
      },
      beside: {
        store: customers,
        initial: () => 0,
        keyOf: (_state, { customer }) => (customer === 'nobody' ? null : customer),
        decide: (_state, { customer, amount }, total) => {
          const granted = Math.min(amount, 100 - total)
          return granted > 0 ? [{ type: 'Spent', customer, amount: granted }] : []
        },
        evolve: (total, { amount }) => total + amount,
      },
    })
    .to('spent', spent)
  return builder.build()
}

test('what must hold over many aggregates is decided in one place, also after a crash', async () => {
  const driver = await TopologyTestDriver.create(budget())
  const spend = (order: string, amount: number, customer = 'ann') => driver.pipe(spends, { order, customer, amount })
  await spend('a', 60)
  await driver.pipeUncommitted(spends, { order: 'b', customer: 'ann', amount: 70 })
  await driver.crash()
  await spend('c', 10)
  await spend('d', 5, 'ben')
  await spend('e', 5, 'nobody')
  expect(driver.readValues(spent).map((it) => [it?.customer, it?.amount])).toEqual([
    ['ann', 60],
    ['ann', 40],
    ['ben', 5],
  ])
  expect(await driver.store('customers').entries()).toEqual([
    ['ann', 100],
    ['ben', 5],
  ])
  expect(await driver.store('orders').get('b')).toBe(40)
})

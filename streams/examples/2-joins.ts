/** Prices orders by a table, names their customers by a global table, and puts those aside that have no price. */
import {
  jsonSerde,
  MemoryBackend,
  memoryLog,
  partitionFor,
  StreamsApp,
  StreamsBuilder,
  stringSerde,
  type Topic,
} from '#streams'

type Order = { readonly article: string; readonly customer: string; readonly count: number }
type Sale = { readonly text: string; readonly amount: number }

const topic = <V>(name: string, partitions: number, keyOf: (value: V) => string): Topic<V> => ({
  ...{ name, partitions, cleanup: 'delete', retentionMs: -1 },
  ...{ key: stringSerde, value: jsonSerde<V>(), keyOf },
})
// A table and the streams it is joined with are partitioned alike; a global table is read whole by everybody.
const orders = topic<Order>('orders', 2, (order) => order.article)
const prices = topic<{ article: string; each: number }>('prices', 2, (price) => price.article)
const customers = topic<{ id: string; name: string }>('customers', 1, (customer) => customer.id)
const sales = topic<Sale>('sales', 1, () => 'sales')
const unpriced = topic<Order>('unpriced', 1, (order) => order.article)

const builder = new StreamsBuilder('shop')
const priceTable = builder.table('prices', prices, { store: 'price' })
const customerTable = builder.globalTable('customers', customers, { store: 'customer' })
const { known, unknown } = builder
  .stream('orders', orders)
  .leftJoin('with-price', priceTable, (order, price) => ({ order, each: price?.each ?? null }))
  .branch('has-price', { known: ({ each }) => each !== null, unknown: () => true })
unknown.mapValues('as-order', ({ order }) => order).to('put-aside', unpriced)
known
  .joinGlobal(
    'with-customer',
    customerTable,
    ({ order }) => order.customer,
    ({ order, each }, { name }): Sale => ({
      text: `${name} buys ${order.count} ${order.article}`,
      amount: order.count * (each ?? 0),
    }),
  )
  .to('write-sales', sales)

const log = memoryLog()
await log.createTopics([orders, prices, customers, sales, unpriced])
let timestampMs = 0
const write = async <V>(to: Topic<V>, value: NoInfer<V>) => {
  const key = Buffer.from(to.keyOf?.(value) ?? '')
  const partition = partitionFor(key, to.partitions)
  await log.append([{ topic: to.name, partition, timestampMs: timestampMs++, key, value: to.value.serialize(value) }])
}
await write(customers, { id: 'c-1', name: 'Ann' })
await write(prices, { article: 'tea', each: 3 })
await write(orders, { article: 'tea', customer: 'c-1', count: 2 })
await write(orders, { article: 'rum', customer: 'c-1', count: 1 })

const app = new StreamsApp({ topology: builder.build(), log, backend: new MemoryBackend(), instanceId: 'one' })
await app.start()
for (const to of [sales, unpriced]) {
  const positions = [{ topic: to.name, partition: 0, offset: 0 }]
  const [fetched] = await log.fetch({ positions, maxBytes: 1_000_000, maxWaitMs: 5_000 })
  for (const { value } of fetched?.records ?? []) console.log(to.name, value?.toString())
}
await app.close()
await log.close()

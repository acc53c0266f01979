import { bytesSerde, StreamsBuilder, stringSerde, type Topic, type Topology } from '#streams'

/** The state of each key. */
export const STATE_BYTES = 120
/** What comes out for each record: the state, and behind it the first bytes of what came in. */
export const OUTPUT_BYTES = 150

/** A topic of bytes with names as keys. */
export function bytesTopic(name: string, partitions: number): Topic<Buffer> {
  return { name, partitions, cleanup: 'delete', retentionMs: -1, key: stringSerde, value: bytesSerde }
}

/** For each record get and put 120 B of state in a store with a changelog, and forward 150 B. */
export function countTopology(name: string, input: Topic<Buffer>, output: Topic<Buffer>): Topology {
  const builder = new StreamsBuilder(name)
  const store = builder.store('counts', { value: bytesSerde })
  builder
    .stream('in', input)
    .processValues<Buffer>('count', {
      stores: [store],
      processor: () => {
        let counts: { get(key: string): Buffer | undefined; put(key: string, value: Buffer): void }
        return {
          init: (context) => {
            counts = context.store(store)
          },
          process: (record, context) => {
            const before = counts.get(record.key)
            const state = Buffer.allocUnsafe(STATE_BYTES)
            state.writeDoubleLE((before?.readDoubleLE(0) ?? 0) + 1, 0)
            counts.put(record.key, state)
            context.forward(Buffer.concat([state, record.value], OUTPUT_BYTES))
          },
        }
      },
    })
    .to('out', output)
  return builder.build()
}

import { jsonSerde, StreamsBuilder, stringSerde, type Topic, type Topology } from '#streams'

/** What the verifier writes: a number of its own, and what to add. */
type Amount = { readonly id: number; readonly amount: number }

/** A key's state: how many records it had, and what they come to. */
type Total = { readonly count: number; readonly sum: number }

/** Names that the verifier knows too. */
export const APPLICATION = 'totals'
export const INPUT = 'totals.amounts'
export const OUTPUT = 'totals.changes'
export const STORE = 'by-key'

/** Topics of the verified application. */
export function totalsTopics(partitions: number): { readonly input: Topic<Amount>; readonly output: Topic<unknown> } {
  const kept = { partitions, cleanup: 'delete', retentionMs: -1, key: stringSerde } as const
  return {
    input: { ...kept, name: INPUT, value: jsonSerde<Amount>() },
    output: { ...kept, name: OUTPUT, value: jsonSerde<unknown>() },
  }
}

/**
 * Keeps a running total for each key and says it at each change, with the number of the record that made it: so a lost
 * record, a repeated one, a wrong order and an old state are all plain to see in the output.
 */
export function runningTotals(partitions: number): Topology {
  const { input, output } = totalsTopics(partitions)
  const builder = new StreamsBuilder(APPLICATION)
  const store = builder.store(STORE, { value: jsonSerde<Total>() })
  builder
    .stream('amounts', input)
    .processValues('add', {
      stores: [store],
      processor: () => ({
        process: ({ key, value: { id, amount } }, context) => {
          const totals = context.store(store)
          const before = totals.get(key) ?? { count: 0, sum: 0 }
          const after = { count: before.count + 1, sum: before.sum + amount }
          totals.put(key, after)
          context.forward({ id, ...after })
        },
      }),
    })
    .to('changes', output)
  return builder.build()
}

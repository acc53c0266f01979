import { assertKey } from './null-key.ts'
import type { OperatorFactory } from './operator.ts'
import type { StoreHandle } from './store-handle.ts'

/** How an aggregate is kept. */
export type AggregateOptions<K extends string, V, A> = {
  readonly store: StoreHandle<string, A>
  /** The aggregate of a key that has none yet; undefined from it makes the first value the aggregate (reduce). */
  readonly add: (aggregate: A | undefined, value: V, key: K) => A
}

/** Folds the values of each key into its aggregate and passes the new aggregate on. */
export function aggregateOperator<K extends string, V, A>(
  node: string,
  options: AggregateOptions<K, V, A>,
): OperatorFactory {
  return (context, output) => {
    const store = context.store(options.store)
    return {
      process(key: K, value: V): void {
        assertKey(key, node)
        const before = store.get(key)
        context.at(node)
        const after = options.add(before, value, key)
        if (after !== before) store.put(key, after)
        output.process(key, after)
      },
      prefetchKey(key: string): void {
        store.want(key)
      },
    }
  }
}

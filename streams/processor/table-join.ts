import { assertKey } from './null-key.ts'
import type { OperatorFactory } from './operator.ts'
import type { StoreHandle } from './store-handle.ts'

/** How a stream meets a table of the same key. */
export type TableJoinOptions<K extends string, V, T, VOut> = {
  readonly store: StoreHandle<string, T>
  readonly joiner: (value: V, table: T | undefined, key: K) => VOut
  /** Inner drops a record that finds nothing; left joins it with undefined. */
  readonly kind: 'inner' | 'left'
}

/** Joins each record with the table's value of its key, as the table stands when the record is processed. */
export function tableJoinOperator<K extends string, V, T, VOut>(
  node: string,
  options: TableJoinOptions<K, V, T, VOut>,
): OperatorFactory {
  return (context, output) => {
    const store = context.store(options.store)
    const inner = options.kind === 'inner'
    return {
      process(key: K, value: V): void {
        context.at(node)
        assertKey(key, node)
        const found = store.get(key)
        if (inner && found === undefined) return
        output.process(key, options.joiner(value, found, key))
      },
      prefetchKey(key: string): void {
        store.want(key)
      },
    }
  }
}

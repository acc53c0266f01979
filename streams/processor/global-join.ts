import type { OperatorFactory } from './operator.ts'

/** How a stream meets a global table. */
export type GlobalJoinOptions<K extends string, V, G, VOut> = {
  /** The global table's store name. */
  readonly table: string
  /** The key to look up; null finds nothing. */
  readonly keyOf: (value: V, key: K) => string | null
  readonly joiner: (value: V, found: G | undefined, key: K) => VOut
  /** Inner drops a record that finds nothing; left joins it with undefined. */
  readonly kind: 'inner' | 'left'
}

/** Joins each record with a value of a global table, by a key of the record's choice. */
export function globalJoinOperator<K extends string, V, G, VOut>(
  node: string,
  options: GlobalJoinOptions<K, V, G, VOut>,
): OperatorFactory {
  return (context, output) => {
    const table = context.table<G>(options.table)
    const inner = options.kind === 'inner'
    return {
      process(key: K, value: V): void {
        context.at(node)
        const lookup = options.keyOf(value, key)
        const found = lookup === null ? undefined : table.get(lookup)
        if (inner && found === undefined) return
        output.process(key, options.joiner(value, found, key))
      },
    }
  }
}

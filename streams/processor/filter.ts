import type { OperatorFactory } from './operator.ts'

/** Passes on the records a predicate is true of. */
export function filterOperator<K extends string, V>(
  node: string,
  predicate: (value: V, key: K) => boolean,
): OperatorFactory {
  return (context, output) => ({
    process(key: K, value: V): void {
      context.at(node)
      if (predicate(value, key)) output.process(key, value)
    },
  })
}

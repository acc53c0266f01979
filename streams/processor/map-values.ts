import type { OperatorFactory } from './operator.ts'

/** Makes another value of each record and keeps its key. */
export function mapValuesOperator<K extends string, V, VOut>(
  node: string,
  mapper: (value: V, key: K) => VOut,
): OperatorFactory {
  return (context, output) => ({
    process(key: K, value: V): void {
      context.at(node)
      output.process(key, mapper(value, key))
    },
  })
}

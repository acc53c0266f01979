import type { OperatorFactory } from './operator.ts'

/** Gives each record another key and keeps its value. */
export function selectKeyOperator<K extends string, V>(
  node: string,
  keyOf: (value: V, key: K) => string,
): OperatorFactory {
  return (context, output) => ({
    process(key: K, value: V): void {
      context.at(node)
      output.process(keyOf(value, key), value)
    },
  })
}

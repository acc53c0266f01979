import type { OperatorFactory } from './operator.ts'

/** Makes any number of values of each record, all under its key. */
export function flatMapValuesOperator<K extends string, V, VOut>(
  node: string,
  mapper: (value: V, key: K) => readonly VOut[],
): OperatorFactory {
  return (context, output) => ({
    process(key: K, value: V): void {
      context.at(node)
      for (const valueOut of mapper(value, key)) output.process(key, valueOut)
    },
  })
}

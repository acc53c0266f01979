import type { OperatorFactory } from './operator.ts'

/** Makes any number of records of each one. */
export function flatMapOperator<K extends string, V, VOut>(
  node: string,
  mapper: (key: K, value: V) => readonly (readonly [key: string, value: VOut])[],
): OperatorFactory {
  return (context, output) => ({
    process(key: K, value: V): void {
      context.at(node)
      for (const [keyOut, valueOut] of mapper(key, value)) output.process(keyOut, valueOut)
    },
  })
}

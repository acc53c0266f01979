import type { OperatorFactory } from './operator.ts'

/** Makes another key and value of each record. */
export function mapOperator<K extends string, V, VOut>(
  node: string,
  mapper: (key: K, value: V) => readonly [key: string, value: VOut],
): OperatorFactory {
  return (context, output) => ({
    process(key: K, value: V): void {
      context.at(node)
      const [keyOut, valueOut] = mapper(key, value)
      output.process(keyOut, valueOut)
    },
  })
}

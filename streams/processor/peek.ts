import type { OperatorFactory } from './operator.ts'

/** Shows each record to a function and passes it on. The function may see a record several times. */
export function peekOperator<K extends string, V>(node: string, look: (value: V, key: K) => void): OperatorFactory {
  return (context, output) => ({
    process(key: K, value: V): void {
      context.at(node)
      look(value, key)
      output.process(key, value)
    },
  })
}

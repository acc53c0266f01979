import type { OperatorFactory } from './operator.ts'

/** Sends each record to the first of its ports whose predicate is true; a record that none takes is dropped. */
export function branchOperator<K extends string, V>(
  node: string,
  predicates: readonly (readonly [port: string, predicate: (value: V, key: K) => boolean])[],
): OperatorFactory {
  return (context, outputs) => {
    const branches = predicates.map(([port, predicate]) => ({ predicate, output: outputs.port(port) }))
    return {
      process(key: K, value: V): void {
        context.at(node)
        for (const branch of branches) {
          if (branch.predicate(value, key)) {
            branch.output.process(key, value)
            return
          }
        }
      },
    }
  }
}

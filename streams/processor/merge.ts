import type { OperatorFactory } from './operator.ts'

/** Joins several streams to one: the records of all of them, in the order in which the task takes them. */
export function mergeOperator(): OperatorFactory {
  return (_context, output) => ({
    process(key: string, value: unknown): void {
      output.process(key, value)
    },
  })
}

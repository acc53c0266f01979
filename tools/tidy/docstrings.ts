/** Finds what is exported without a word on what it is for. */
import { isCode, isTest, type Source } from './sources.ts'

const EXPORT = /^export (?:default )?(?:async )?(?:abstract )?(?:function\*?|class|type|interface) +(\w+)/

/** Every exported function, class and type whose line does not come right after the end of a docstring. */
export function docstringProblems(source: Source): string[] {
  if (!isCode(source) || isTest(source.path)) return []
  const lines = source.text.split('\n')
  return lines.flatMap((line, index) => {
    const name = EXPORT.exec(line)?.[1]
    if (name === undefined || lines[index - 1]?.trimEnd().endsWith('*/') || isOverload(lines, index, name)) return []
    return [`${source.path}:${index + 1}: ${name} has no docstring`]
  })
}

/** True for the second and later signatures of an overloaded function: the first one has the docstring. */
function isOverload(lines: readonly string[], index: number, name: string): boolean {
  return lines.slice(0, index).some((line) => EXPORT.exec(line)?.[1] === name)
}

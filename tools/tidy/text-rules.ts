/** Rules about the text of a file: its size, its name, and what may not stand in it. */
import { withoutComments } from './imports.ts'
import { isCode, isTest, type Source } from './sources.ts'

const FILE_LINES_MAX = 400
const LINE_LENGTH_MAX = 120

/** Words that stand nowhere. Written so that the patterns do not match their own source. */
const FORBIDDEN: readonly (readonly [pattern: RegExp, reason: string, inTests: boolean])[] = [
  [/\b(?:TOD[O]|FIXM[E])\b/, 'do it now, or make it an issue', true],
  [/\/(?:work|root)\//, 'a path of one machine', true],
  [/(?<![\w.])\/(?:tmp)\//, 'use os.tmpdir(), or a folder that was asked for', false],
  [/import\.meta\.url\)\.pathname/, 'use fileURLToPath: a folder may have a space in its name', true],
  [/registry\.(?:npmjs|yarnpkg)\.|npm\.pkg\.github/, 'the host of a package registry', true],
]

/** What a topology may not do: it reads topics and its own stores, and nothing else, so that a replay is the same. */
const IMPURE: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bDate\.now\b/, 'Date.now'],
  [/\bnew Date\(\s*\)/, 'new Date()'],
  [/\bMath\.random\b/, 'Math.random'],
  [/\b(?:randomUUID|getRandomValues|randomBytes)\b/, 'random bytes'],
  [/\bperformance\.now\b/, 'performance.now'],
  [/\bfetch\(/, 'fetch'],
  [/\bset(?:Timeout|Interval|Immediate)\b/, 'a timer'],
  [/\bprocess\./, 'process'],
]

/** What is wrong with the size of a file or the length of its lines. */
export function sizeProblems(source: Source): string[] {
  if (!isCode(source)) return []
  const lines = source.text.split('\n')
  const long = lines.flatMap((line, index) =>
    line.length > LINE_LENGTH_MAX
      ? [`${source.path}:${index + 1}: ${line.length} columns, at most ${LINE_LENGTH_MAX}`]
      : [],
  )
  const count = lines.length - 1
  return count > FILE_LINES_MAX ? [`${source.path}: ${count} lines, at most ${FILE_LINES_MAX}`, ...long] : long
}

/** What is wrong with the name of a file: kebab-case, and no name that says nothing. */
export function nameProblems(source: Source): string[] {
  if (!isCode(source)) return []
  const name = source.path.slice(source.path.lastIndexOf('/') + 1)
  if (!/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name)) return [`${source.path}: the name of a file is in kebab-case`]
  return /^(?:utils?|helpers?|common|misc|manager)\./.test(name) ? [`${source.path}: the name says nothing`] : []
}

/** Every forbidden word of a file, with its line and the reason. */
export function wordProblems(source: Source): string[] {
  const rules = FORBIDDEN.filter(([, , inTests]) => inTests || !isTest(source.path))
  return source.text
    .split('\n')
    .flatMap((line, index) =>
      rules.filter(([pattern]) => pattern.test(line)).map(([, reason]) => `${source.path}:${index + 1}: ${reason}`),
    )
}

/** What makes a topology depend on more than its input. */
export function purityProblems(source: Source): string[] {
  if (!source.path.startsWith('topologies/') || isTest(source.path)) return []
  const code = withoutComments(source.text)
  return IMPURE.filter(([pattern]) => pattern.test(code)).map(([, name]) => `${source.path}: uses ${name}`)
}

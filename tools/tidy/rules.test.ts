/** The rules themselves: each one finds what it is there to find, and lets the rest pass. */
import { describe, expect, test } from 'vitest'
import { importCycles } from './cycles.ts'
import { docstringProblems } from './docstrings.ts'
import { pageProblems, unexplainedCodes, unusedCodes } from './error-codes.ts'
import { importProblem } from './import-table.ts'
import { importsOf } from './imports.ts'
import { nameProblems, purityProblems, sizeProblems, wordProblems } from './text-rules.ts'

function problemsOf(path: string, ...lines: string[]): (string | null)[] {
  return importsOf({ path, text: lines.join('\n') }).map(importProblem)
}

describe('importProblem', () => {
  test.each([
    ['domain/a.ts', "import { x } from '#streams'", 'domain may not import streams'],
    ['streams/log/a.ts', "import { x } from '#domain/money.ts'", 'streams may not import domain'],
    ['streams/log/a.ts', "import { x } from '../runtime/app.ts'", 'streams/log may not import streams/runtime'],
    ['streams/log/a.ts', "import type { X } from '../store/store.ts'", 'streams/log may not import streams/store'],
    ['streams/store/a.ts', "import pg from 'pg'", 'streams may not import pg'],
    ['topologies/credit/a.ts', "import { x } from '../ledger/b.ts'", 'a topology may not import another one'],
    ['topologies/credit/a.ts', "import { hash } from 'node:crypto'", 'topologies may not import node:crypto'],
    ['topologies/credit/a.ts', "const x = await import('undici')", 'topologies may not import undici'],
    ['connectors/bureau/a.ts', "import { x } from '#api/app.ts'", 'connectors may not import api'],
    ['api/a.ts', "import { x } from '#sinks/postgres/sink.ts'", 'api may import only read* of a sink'],
    ['api/a.ts', "import { x } from '../domain/money.ts'", 'write #domain/… instead of ../domain/money.ts'],
    ['web/a.ts', "import { x } from '#api/views.ts'", 'web may import only types of api'],
    ['schemas/a.ts', "import { x } from '#streams/testing'", 'only tests may import #streams/testing'],
    [
      'main/a.ts',
      "import { x } from '#streams/testing/kafka-broker'",
      'only tests, tools and benchmarks may import #streams/testing/kafka-broker',
    ],
  ])('%s: %s', (path, line, problem) => {
    expect(problemsOf(path, line)).toEqual([problem])
  })

  test.each([
    ['streams/runtime/a.ts', "import { x } from '../log/log.ts'"],
    ['streams/store/a.ts', "import Native from 'rocksdb-native'"],
    ['topologies/credit/a.ts', "import type { X } from '#schemas'"],
    ['topologies/mod.ts', "import { x } from './credit/topology.ts'"],
    ['topologies/credit/a.test.ts', "import { test } from 'vitest'"],
    ['topologies/credit/a.test.ts', "import { x } from '#streams/testing'"],
    ['api/a.ts', "import { x } from '#sinks/postgres/read-purchases.ts'"],
    ['web/a.ts', "import type { X } from '#api/views.ts'"],
    ['main/start.ts', "import { x } from '#topologies/credit/topology.ts'"],
    ['domain/a.ts', "// import { x } from '#streams'"],
  ])('%s may say %s', (path, line) => {
    expect(problemsOf(path, line).filter((problem) => problem !== null)).toEqual([])
  })

  test('reads imports over several lines and re-exports', () => {
    const lines = ['import {', '  one,', '  two,', "} from '#api/a.ts'", "export * from '#api/b.ts'"]
    expect(problemsOf('domain/a.ts', ...lines)).toEqual(['domain may not import api', 'domain may not import api'])
  })
})

describe('importCycles', () => {
  const cyclesOf = (texts: Record<string, string>) =>
    importCycles(Object.entries(texts).flatMap(([path, text]) => importsOf({ path, text })))

  test('finds a circle once, whatever file it is entered from', () => {
    const cycles = cyclesOf({
      'a.ts': "import { x } from './b.ts'",
      'b.ts': "import { x } from './c.ts'",
      'c.ts': "import { x } from './b.ts'",
      'd.ts': "import { x } from './a.ts'",
    })
    expect(cycles).toEqual([['b.ts', 'c.ts']])
  })

  test('lets neighbours know each other’s types, and nobody else', () => {
    const back = { 'a/b.ts': "import { x } from './c.ts'", 'a/c.ts': "import type { X } from './b.ts'" }
    const across = { 'a/b.ts': "import { x } from '../d/c.ts'", 'd/c.ts': "import type { X } from '../a/b.ts'" }
    expect(cyclesOf(back)).toEqual([])
    expect(cyclesOf(across)).toEqual([['a/b.ts', 'd/c.ts']])
  })
})

describe('text rules', () => {
  test('find long lines and long files', () => {
    expect(sizeProblems({ path: 'a.ts', text: `${'x'.repeat(121)}\n` })).toEqual(['a.ts:1: 121 columns, at most 120'])
    expect(sizeProblems({ path: 'a.ts', text: 'x\n'.repeat(401) })).toEqual(['a.ts: 401 lines, at most 400'])
    expect(sizeProblems({ path: 'a.ts', text: `${'x'.repeat(120)}\n`.repeat(400) })).toEqual([])
    expect(sizeProblems({ path: 'schemas/generated/types.ts', text: 'x\n'.repeat(401) })).toEqual([])
  })

  test('find names that say nothing', () => {
    expect(nameProblems({ path: 'api/utils.ts', text: '' })).toHaveLength(1)
    expect(nameProblems({ path: 'api/readBody.ts', text: '' })).toHaveLength(1)
    expect(nameProblems({ path: 'api/read-body.test.ts', text: '' })).toEqual([])
  })

  test('find forbidden words, with their line', () => {
    const todo = ['TO', 'DO'].join('')
    const folder = ['', 'tmp', 'x'].join('/')
    expect(wordProblems({ path: 'a.md', text: `fine\n${todo}: later` })).toEqual([
      'a.md:2: do it now, or make it an issue',
    ])
    expect(wordProblems({ path: 'a.ts', text: folder })).toHaveLength(1)
    expect(wordProblems({ path: 'a.test.ts', text: folder })).toEqual([])
  })

  test.each(['Date.now()', 'new Date()', 'Math.random()', "fetch('x')", 'setTimeout(f, 1)', 'process.env'])(
    'find %s in a topology, but not in its tests or comments',
    (code) => {
      expect(purityProblems({ path: 'topologies/credit/a.ts', text: `const x = ${code}` })).toHaveLength(1)
      expect(purityProblems({ path: 'topologies/credit/a.test.ts', text: `const x = ${code}` })).toEqual([])
      expect(purityProblems({ path: 'topologies/credit/a.ts', text: `// never ${code}` })).toEqual([])
    },
  )
})

describe('docstringProblems', () => {
  test.each(['export function f() {}', 'export async function f() {}', 'export class f {}', 'export type f = 1'])(
    'asks %s for a docstring',
    (line) => {
      expect(docstringProblems({ path: 'a.ts', text: line })).toEqual(['a.ts:1: f has no docstring'])
      expect(docstringProblems({ path: 'a.ts', text: `/** What it is for. */\n${line}` })).toEqual([])
    },
  )

  test('takes one docstring for all signatures of a function', () => {
    const text = '/** Adds. */\nexport function f(a: 1): 1\nexport function f(a: 2): 2\nexport function f(a: 1 | 2) {}'
    expect(docstringProblems({ path: 'a.ts', text })).toEqual([])
  })
})

describe('error codes', () => {
  const page = '## api\n\n### B_CODE\nMeans: b.\nDo: b.\n'
  const source = (text: string) => [{ path: 'api/a.ts', text }]

  test('finds a code without an explanation', () => {
    expect(unexplainedCodes(source("throw new Problem(400, 'A_CODE', 'x')"), page)).toHaveLength(1)
    expect(unexplainedCodes(source("throw new StreamsError(\n  'A_CODE',\n  'x')"), page)).toHaveLength(1)
    expect(unexplainedCodes(source("throw new Problem(400, 'B_CODE', 'x')"), page)).toEqual([])
  })

  test('finds an explanation without a code', () => {
    expect(unusedCodes(source("'A_CODE'"), page)).toEqual(['B_CODE'])
    expect(unusedCodes(source("'B_CODE'"), page)).toEqual([])
  })

  test('finds entries that are out of order, doubled or short', () => {
    expect(pageProblems(page)).toEqual([])
    expect(pageProblems(`${page}\n### A_CODE\nMeans: a.\nDo: a.\n`)).toEqual(['A_CODE is out of order'])
    expect(pageProblems(`${page}\n## web\n\n### B_CODE\nMeans: b.\nDo: b.\n`)).toEqual(['B_CODE stands twice'])
    expect(pageProblems('## api\n\n### A_CODE\nMeans: a.\n')).toHaveLength(1)
  })
})

/**
 * The rules of this project that no other tool holds, as tests. A rule that fails prints every place where it is
 * broken. Function length (70 lines) is held by Biome, unused code by knip, lost promises by oxlint.
 */
import { describe, expect, test } from 'vitest'
import { importCycles } from './tidy/cycles.ts'
import { docstringProblems } from './tidy/docstrings.ts'
import { pageProblems, unexplainedCodes, unusedCodes } from './tidy/error-codes.ts'
import { importProblem } from './tidy/import-table.ts'
import { importsOf } from './tidy/imports.ts'
import { allSources, isCode, isTest } from './tidy/sources.ts'
import { nameProblems, purityProblems, sizeProblems, wordProblems } from './tidy/text-rules.ts'

const sources = allSources()
const imports = sources.filter(isCode).flatMap(importsOf)
const errorPage = sources.find(({ path }) => path === 'docs/errors.md')?.text ?? ''

describe('imports', () => {
  test('follow the table of who may import whom', () => {
    const problems = imports.map((one) => ({ one, problem: importProblem(one) }))
    expect(
      problems.flatMap(({ one, problem }) => (problem ? [`${one.from}: ${problem} (${one.specifier})`] : [])),
    ).toEqual([])
  })

  test('make no circle', () => {
    expect(importCycles(imports.filter(({ from }) => !isTest(from))).map((cycle) => cycle.join(' → '))).toEqual([])
  })

  test('lead to files that exist', () => {
    const paths = new Set(sources.map(({ path }) => path))
    const ours = imports.filter(({ target }) => target?.endsWith('.ts'))
    expect(
      ours.filter(({ target }) => !paths.has(target ?? '')).map(({ from, specifier }) => `${from}: ${specifier}`),
    ).toEqual([])
  })
})

describe('files', () => {
  test('keep to their size', () => expect(sources.flatMap(sizeProblems)).toEqual([]))
  test('have a name that says what they are', () => expect(sources.flatMap(nameProblems)).toEqual([]))
  test('hold no forbidden word', () => expect(sources.flatMap(wordProblems)).toEqual([]))
  test('explain all that they export', () => expect(sources.flatMap(docstringProblems)).toEqual([]))
})

describe('topologies', () => {
  test('depend on their input alone', () => expect(sources.flatMap(purityProblems)).toEqual([]))
})

describe('docs/errors.md', () => {
  test('explains every code', () => expect(unexplainedCodes(sources, errorPage)).toEqual([]))
  test('has no code that is not used', () => expect(unusedCodes(sources, errorPage)).toEqual([]))
  test('is in order', () => expect(pageProblems(errorPage)).toEqual([]))
})

/** Holds the codes of errors against the page that explains them. */
import { isCode, isTest, type Source } from './sources.ts'

const THROWN = /(?:new \w*(?:Error|Problem)|super)\(\s*(?:\d{3},\s*)?'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g
const HEADING = /^### (\S+)$/gm
/** A heading and two lines: what it means, what to do. */
const ENTRY = /^### \S+\n\n?\S.*\n\S.*$/

/** Codes that an error is made with and that the page does not explain. */
export function unexplainedCodes(sources: readonly Source[], page: string): string[] {
  const explained = new Set(headings(page))
  return productCode(sources).flatMap(({ path, text }) =>
    [...text.matchAll(THROWN)]
      .map((match) => match[1] ?? '')
      .filter((code) => !explained.has(code))
      .map((code) => `${path}: ${code} is not in docs/errors.md`),
  )
}

/** Codes that the page explains and that stand nowhere in the code. */
export function unusedCodes(sources: readonly Source[], page: string): string[] {
  const code = productCode(sources)
    .map(({ text }) => text)
    .join('\n')
  return headings(page).filter((heading) => !new RegExp(`['"\`]${heading}['"\`]`).test(code))
}

/** What is wrong with the page itself: an entry of another form, a code twice, or out of order in its section. */
export function pageProblems(page: string): string[] {
  const all = headings(page)
  const twice = all.filter((code, index) => all.indexOf(code) < index).map((code) => `${code} stands twice`)
  const inSections = page.split(/^## /m).slice(1).flatMap(sectionProblems)
  return [...twice, ...inSections]
}

function sectionProblems(section: string): string[] {
  const codes = headings(section)
  const entries = section.split(/^(?=### )/m).slice(1)
  return [
    ...codes.filter((code, index) => code < (codes[index - 1] ?? '')).map((code) => `${code} is out of order`),
    ...entries
      .filter((entry) => !ENTRY.test(entry.trim()))
      .map((entry) => `${entry.split('\n')[0]} needs two lines: what it means, what to do`),
  ]
}

function headings(page: string): string[] {
  return [...page.matchAll(HEADING)].map((match) => match[1] ?? '')
}

function productCode(sources: readonly Source[]): Source[] {
  return sources.filter((source) => isCode(source) && !isTest(source.path) && !source.path.startsWith('tools/'))
}

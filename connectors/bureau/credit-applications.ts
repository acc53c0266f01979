/**
 * The real credit applications of `data/german-credit.csv` as attributes of a credit file, and whether each went well.
 * `data/german-credit-attributes.json` says which columns are taken and what their labels mean; columns that it does
 * not name (among them sex, age and nationality) are never read.
 */
import { readFileSync } from 'node:fs'
import type { CreditAttributes } from '#schemas'

/** One application. */
export type CreditApplication = { readonly attributes: CreditAttributes; readonly good: boolean }

type Rule = { readonly column: string; readonly values?: Readonly<Record<string, string>> }

type Table = {
  readonly label: { readonly column: string; readonly good: string }
  readonly attributes: Readonly<Record<string, Rule>>
}

const DATA_FILE = new URL('../../data/german-credit.csv', import.meta.url)
const TABLE_FILE = new URL('../../data/german-credit-attributes.json', import.meta.url)

/** Reads all applications, in the order of the file. @throws Error for a label that the table does not know. */
export function readCreditApplications(): readonly CreditApplication[] {
  const table = JSON.parse(readFileSync(TABLE_FILE, 'utf8')) as Table
  const [head = [], ...rows] = readFileSync(DATA_FILE, 'utf8').trim().split(/\r?\n/).map(fieldsOf)
  return rows.map((row) => {
    const cell = (column: string) => row[head.indexOf(column)] ?? ''
    const attributes = Object.entries(table.attributes).map(([name, rule]) => [
      name,
      translated(name, rule, cell(rule.column)),
    ])
    const good = cell(table.label.column) === table.label.good
    return { attributes: Object.fromEntries(attributes) as CreditAttributes, good }
  })
}

function translated(name: string, { values }: Rule, label: string): string | number {
  if (values === undefined) return Number(label)
  const value = values[label]
  if (value === undefined) throw new Error(`data/german-credit-attributes.json does not know this ${name}: ${label}`)
  return value
}

/** The fields of a line of CSV, of which some stand in quotation marks with commas inside. */
function fieldsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

/**
 * Tables of expected results that read like the page they come from: a heading, then a row a case, cells between bars.
 * The column `gives` holds what must come out, as text; each row is a test of its own.
 */
import { describe, expect, test } from 'vitest'
import { formatMinor } from '#domain/money.ts'

/** A row of a table: its cells by the heading of their column. */
export class Row {
  private readonly cells: ReadonlyMap<string, string>

  constructor(headings: readonly string[], cells: readonly string[]) {
    if (cells.length !== headings.length) throw new Error(`${cells.length} cells under ${headings.length} headings`)
    this.cells = new Map(headings.map((heading, index) => [heading, cells[index] ?? '']))
  }

  /** The cell as it stands. */
  text(column: string): string {
    const cell = this.cells.get(column)
    if (cell === undefined) throw new Error(`There is no column ${column}.`)
    return cell
  }

  /** A whole number. */
  int(column: string): number {
    const number = Number(this.text(column))
    if (!Number.isInteger(number)) throw new Error(`${this.text(column)} is not a whole number.`)
    return number
  }

  /** An amount with two decimals or none, as minor units. */
  minor(column: string): number {
    return minorOf(this.text(column))
  }

  /** The parts of a cell between commas; none of an empty one. */
  list(column: string): string[] {
    return this.text(column)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  }

  /** The amounts of a cell between commas. `14.32 x3` stands for the amount three times. */
  minors(column: string): number[] {
    return this.list(column).flatMap((part) => {
      const [amount = '', times = '1'] = part.split(' x')
      return new Array<number>(Number(times)).fill(minorOf(amount))
    })
  }
}

/** Makes a test of every row: what `compute` answers must be the text under `gives`. */
export function vectors(title: string, table: string, compute: (row: Row) => string | Promise<string>): void {
  describe(title, () => {
    for (const { row, name } of rowsOf(table))
      test(name, async () => expect(await compute(row)).toBe(row.text('gives')))
  })
}

/** Amounts as a table has them: two decimals, equal ones in a row counted (`14.32 x3, 14.31`). */
export function amounts(minors: readonly number[]): string {
  const runs: { minor: number; times: number }[] = []
  for (const minor of minors) {
    const last = runs.at(-1)
    if (last?.minor === minor) last.times += 1
    else runs.push({ minor, times: 1 })
  }
  return runs.map(({ minor, times }) => amount(minor) + (times > 1 ? ` x${times}` : '')).join(', ')
}

/** An amount with two decimals. */
export function amount(minor: number): string {
  return formatMinor(minor, 'EUR')
}

/** Basis points as a percentage with two decimals. */
export function percent(bps: number): string {
  return `${amount(bps)} %`
}

function rowsOf(table: string): { row: Row; name: string }[] {
  const lines = table.split('\n').map((line) => line.trim())
  const [headings = [], ...rows] = lines.filter((line) => line.startsWith('|')).map(cellsOf)
  const nameOf = (cells: string[]) => cells.filter((cell) => cell !== '').join(' · ')
  return rows.map((cells) => ({ row: new Row(headings, cells), name: nameOf(cells) }))
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

function minorOf(text: string): number {
  if (!/^-?\d+(?:\.\d\d?)?$/.test(text)) throw new Error(`${text} is not an amount.`)
  const [whole = '', part = ''] = text.replace('-', '').split('.')
  const minor = Number(whole) * 100 + Number(part.padEnd(2, '0'))
  return text.startsWith('-') ? -minor : minor
}

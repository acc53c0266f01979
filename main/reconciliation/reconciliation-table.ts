import { formatMinor } from '#domain/money.ts'
import type { ReconciliationLine, SourceName } from './reconcile.ts'

const SOURCES: readonly SourceName[] = ['topics', 'stores', 'postgres', 'clickhouse', 'ledger']

/** The lines for a terminal: each number as every source has it, and a cross where two differ. */
export function reconciliationTable(lines: readonly ReconciliationLine[]): string {
  const rows = lines.map(({ name, currency, values, equal }) => [
    equal ? '✓' : '✗',
    currency === null ? name : `${name}, ${currency}`,
    ...SOURCES.map((source) => cell(values[source], currency)),
  ])
  const all = [['', '', ...SOURCES], ...rows]
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? []
  const pad = (text: string, column: number) =>
    column < 2 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)
  return all.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd()).join('\n')
}

function cell(value: number | null, currency: string | null): string {
  if (value === null) return '–'
  return currency === null ? String(value) : formatMinor(value, currency)
}

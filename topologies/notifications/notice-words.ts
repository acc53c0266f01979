/** Amounts and schedules as they stand in a notice. */
import { toPayMinor } from '#domain/instalment-interest.ts'
import { formatMinor } from '#domain/money.ts'
import type { Instalment } from '#schemas'

/** A payment that is still open. */
export type OpenRow = { readonly dueDate: string; readonly openMinor: number }

/** What is open of each instalment, fees and interest included; those with nothing open are left out. */
export function openRows(instalments: readonly Instalment[]): readonly OpenRow[] {
  return instalments
    .map((row) => ({ dueDate: row.dueDate, openMinor: toPayMinor(row) }))
    .filter(({ openMinor }) => openMinor > 0)
}

/** One line a payment, by date; a dash where none is open. */
export function schedule(rows: readonly OpenRow[], currency: string): string {
  return rows.length === 0 ? '-' : rows.map((row) => `${row.dueDate}: ${money(row.openMinor, currency)}`).join('\n')
}

/** An amount with its currency. */
export function money(amountMinor: number, currency: string): string {
  return `${formatMinor(amountMinor, currency)} ${currency}`
}

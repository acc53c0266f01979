import type { Database } from '../database.ts'
import { readOne, readRows, selectList } from './select.ts'

/** Debits and credits of a class of accounts up to the end of a month. */
export type PeriodFigureRow = {
  readonly account: string
  readonly currency: string
  readonly debitsMinor: number
  readonly creditsMinor: number
}

/** A figure that is not the one kept. */
export type PeriodDifferenceRow = {
  readonly account: string
  readonly currency: string
  /** DEBITS or CREDITS. */
  readonly side: string
  readonly keptMinor: number
  readonly foundMinor: number
}

/** A month of the ledger that was ever closed. */
export type LedgerPeriodRow = {
  readonly period: string
  /** CLOSED, DIFFERS (closed, and other figures were found later), or REOPENED. */
  readonly status: string
  readonly run: number
  readonly figures: PeriodFigureRow[]
  readonly differences: PeriodDifferenceRow[]
  /** ISO 8601. */
  readonly closedAt: string
  /** Why it was reopened last; null where it never was. */
  readonly reason: string | null
}

const PERIOD = selectList(['period', 'status', 'run', 'figures', 'differences', 'closedAt', 'reason'])

type Stored = Omit<LedgerPeriodRow, 'figures' | 'differences'> & {
  readonly figures: string
  readonly differences: string
}

/** The months that were ever closed, the newest first. */
export async function listLedgerPeriods(database: Database): Promise<readonly LedgerPeriodRow[]> {
  const rows = await readRows<Stored>(database, `SELECT ${PERIOD} FROM ledger_periods ORDER BY period DESC`, [])
  return rows.map((row) => ({
    ...row,
    figures: JSON.parse(row.figures) as PeriodFigureRow[],
    differences: JSON.parse(row.differences) as PeriodDifferenceRow[],
  }))
}

/** The day of the next month on which months are closed by themselves; null where they are not. */
export async function ledgerCloseDay(database: Database): Promise<number | null> {
  const row = await readOne<{ closeDay: number | null }>(
    database,
    'SELECT close_day AS "closeDay" FROM ledger_schedules LIMIT 1',
    [],
  )
  return row?.closeDay ?? null
}

import type { SinkEvent } from '../feed/feed-record.ts'

/** Columns of a row by name, ready to be written as JSON: times in ISO 8601, lists and maps as they are. */
export type Columns = Readonly<Record<string, unknown>>

/**
 * What an event does to a row. `put` makes it or overwrites the columns given; it must give all those that have no
 * default. `patch` overwrites columns of a row that is there. Both hold absolute values, never differences, so that
 * an event applied twice changes nothing.
 */
export type RowChange = { readonly kind: 'put' | 'patch'; readonly columns: Columns }

/** What an event of each type does; a type that is not here leaves the table alone. */
export type ProjectionRules = {
  readonly [T in SinkEvent['type']]?: (event: Extract<SinkEvent, { type: T }>) => readonly RowChange[]
}

/** How a table is made of events. All types it has rules for stand in one topic. */
export type Projection = {
  readonly table: string
  /** Its primary key; every change gives all of it. */
  readonly key: readonly string[]
  readonly rules: ProjectionRules
}

/** What an event does to a table. */
export function changesOf(projection: Projection, event: SinkEvent): readonly RowChange[] {
  const rule = projection.rules[event.type] as ((event: SinkEvent) => readonly RowChange[]) | undefined
  return rule?.(event) ?? []
}

/** A row to be made or overwritten. */
export function put(columns: Columns): readonly RowChange[] {
  return [{ kind: 'put', columns }]
}

/** Columns to be overwritten where the row is there. */
export function patch(columns: Columns): readonly RowChange[] {
  return [{ kind: 'patch', columns }]
}

/** Milliseconds as a timestamp. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString()
}

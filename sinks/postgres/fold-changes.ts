import type { SinkEvent } from '../feed/feed-record.ts'
import { type Columns, changesOf, type Projection, type RowChange } from './projection.ts'

/** Rows of one table that get the same columns in the same way: one statement. */
export type RowGroup = {
  readonly table: string
  readonly key: readonly string[]
  readonly kind: RowChange['kind']
  /** Names of the columns, key included, in the order of the rows' first one. */
  readonly columns: readonly string[]
  readonly rows: readonly Columns[]
}

/** The changes of one table so far, by key. */
type TableFold = { readonly projection: Projection; readonly rows: Map<string, RowChange> }

/**
 * Folds what events do, in their order, into one change a row: the last value of a column wins, so that the groups can
 * be written in any order and give what the events would have given one by one.
 */
export class ChangeFold {
  readonly #tables: readonly TableFold[]
  readonly #tablesOfType = new Map<string, readonly TableFold[]>()

  constructor(projections: readonly Projection[]) {
    this.#tables = projections.map((projection) => ({ projection, rows: new Map() }))
  }

  add(event: SinkEvent): void {
    for (const { projection, rows } of this.#tablesFor(event.type)) {
      for (const change of changesOf(projection, event)) {
        const key = keyOf(projection, change.columns)
        rows.set(key, merged(rows.get(key), change))
      }
    }
  }

  /** What is to be written, in any order. */
  groups(): readonly RowGroup[] {
    return this.#tables.flatMap(({ projection, rows }) => grouped(projection, rows.values()))
  }

  #tablesFor(type: SinkEvent['type']): readonly TableFold[] {
    const known = this.#tablesOfType.get(type)
    if (known !== undefined) return known
    const tables = this.#tables.filter(({ projection }) => type in projection.rules)
    this.#tablesOfType.set(type, tables)
    return tables
  }
}

function keyOf({ key }: Projection, columns: Columns): string {
  const [only] = key
  return key.length === 1 && only !== undefined
    ? String(columns[only])
    : JSON.stringify(key.map((name) => columns[name]))
}

/** A row that was put in this batch stays one that is put, whatever is patched on it later. */
function merged(before: RowChange | undefined, change: RowChange): RowChange {
  if (before === undefined) return change
  const kind = before.kind === 'put' || change.kind === 'put' ? 'put' : 'patch'
  return { kind, columns: { ...before.columns, ...change.columns } }
}

function grouped({ table, key }: Projection, changes: Iterable<RowChange>): readonly RowGroup[] {
  const groups = new Map<string, { kind: RowChange['kind']; columns: readonly string[]; rows: Columns[] }>()
  for (const { kind, columns } of changes) {
    const names = Object.keys(columns)
    const signature = `${kind} ${[...names].sort().join(' ')}`
    const group = groups.get(signature)
    if (group === undefined) groups.set(signature, { kind, columns: names, rows: [columns] })
    else group.rows.push(columns)
  }
  return [...groups.values()].map((group) => ({ table, key, ...group }))
}

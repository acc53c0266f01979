import { StreamsError } from '#streams'
import type { Database } from '../database.ts'

/** Which page of a list: `cursor` is what `nextCursor` of the page before said. */
export type PageRequest = { readonly limit: number; readonly cursor: string | null }
/** Rows of a list, newest first; `nextCursor` is null on the last page. */
export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null }

/** A list by time and id: both together are unique, so that no row is left out or shown twice while rows come in. */
export type Keyset = {
  readonly from: string
  /** What a row has to fulfil, with the parameters `$1`…; all rows where it is left out. */
  readonly where?: string
  readonly params?: readonly unknown[]
  /** Columns of the order, newest first: a time or date, and the id. */
  readonly time: string
  readonly id: string
  /** What is selected; see `selectList`. */
  readonly select: string
}

/**
 * Reads a page.
 * @throws StreamsError CURSOR_INVALID where the cursor is not one that this list has given.
 */
export async function readPage<T>(database: Database, keyset: Keyset, page: PageRequest): Promise<Page<T>> {
  const { from, where = 'true', params = [], time, id, select } = keyset
  const after = page.cursor === null ? [] : decodeCursor(page.cursor)
  const next = params.length + 1
  const before = after.length === 0 ? 'true' : `(${time}, ${id}) < ($${next}::timestamptz, $${next + 1}::text)`
  const rows = await database.query(
    `SELECT ${select}, ${time}::text AS "cursorTime", ${id} AS "cursorId" FROM ${from}
     WHERE (${where}) AND ${before} ORDER BY ${time} DESC, ${id} DESC LIMIT ${page.limit + 1}`,
    [...params, ...after],
  )
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  const more = rows.length > page.limit && last !== undefined
  return {
    items: items.map(({ cursorTime, cursorId, ...item }) => item as T),
    nextCursor: more ? encodeCursor(String(last['cursorTime']), String(last['cursorId'])) : null,
  }
}

function encodeCursor(time: string, id: string): string {
  return Buffer.from(JSON.stringify([time, id])).toString('base64url')
}

/** Time and id of the last row of the page before. */
function decodeCursor(cursor: string): readonly string[] {
  try {
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown
    if (Array.isArray(parts) && parts.length === 2 && parts.every((part) => typeof part === 'string')) {
      const [time, id] = parts as [string, string]
      if (/^\d{4}-\d\d-\d\d( [\d:.]+[+-]\d\d)?$/.test(time)) return [time, id]
    }
  } catch {
    // Falls through: whatever is wrong with it, it is not ours.
  }
  throw new StreamsError('CURSOR_INVALID', 'The cursor is not one of this list. Begin again without a cursor.')
}

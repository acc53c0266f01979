import type { UnreadableRecord } from '../feed/feed-record.ts'
import type { Statement } from './database.ts'
import type { RowGroup } from './fold-changes.ts'

/**
 * The statement that writes a group: one parameter holds all rows as JSON, so that a statement's text depends on its
 * columns alone and the database takes tens of thousands of rows a second.
 */
export function groupStatement(group: RowGroup): Statement {
  return { sql: group.kind === 'put' ? putSql(group) : patchSql(group), params: [jsonOf(group.rows)] }
}

/** The statement that keeps records nobody can read. */
export function unreadableStatement(records: readonly UnreadableRecord[]): Statement {
  const rows = records.map(({ topic, partition, offset, problem, bytes }) => {
    return { topic, partition, record_offset: offset, problem, bytes_base64: bytes.toString('base64') }
  })
  const columns = ['topic', 'partition', 'record_offset', 'problem', 'bytes_base64']
  const key = ['topic', 'partition', 'record_offset']
  return groupStatement({ table: 'unreadable_records', key, kind: 'put', columns, rows })
}

function putSql({ table, key, columns }: RowGroup): string {
  const names = columns.join(', ')
  const updates = columns.filter((name) => !key.includes(name)).map((name) => `${name} = excluded.${name}`)
  return (
    `INSERT INTO ${table} (${names}) SELECT ${names} FROM json_populate_recordset(null::${table}, $1::json) ` +
    `ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${updates.join(', ')}`
  )
}

function patchSql({ table, key, columns }: RowGroup): string {
  const updates = columns.filter((name) => !key.includes(name)).map((name) => `${name} = changed.${name}`)
  const same = key.map((name) => `${table}.${name} = changed.${name}`)
  return (
    `UPDATE ${table} SET ${updates.join(', ')} FROM json_populate_recordset(null::${table}, $1::json) AS changed ` +
    `WHERE ${same.join(' AND ')}`
  )
}

/** PostgreSQL takes no NUL character in a text: it becomes the replacement character. */
function jsonOf(rows: readonly object[]): string {
  const json = JSON.stringify(rows)
  if (!json.includes('\\u0000')) return json
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\u0000', '\ufffd') : value,
  )
}

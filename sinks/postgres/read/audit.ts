import type { Database } from '../database.ts'
import { readRows, selectList } from './select.ts'

/** One entry of a chain, as it was hashed. */
export type AuditEntryRow = {
  readonly subject: string
  readonly sequence: number
  readonly action: string
  readonly eventId: string
  readonly actor: string
  readonly detail: string
  readonly previousHash: string
  readonly hash: string
  readonly occurredAt: string
}

/** The chain of a consumer or merchant, from its first entry. */
export function auditChainOf(database: Database, subject: string): Promise<readonly AuditEntryRow[]> {
  const select = selectList([
    'subject',
    'sequence',
    'action',
    'eventId',
    'actor',
    'detail',
    'previousHash',
    'hash',
    'occurredAt',
  ])
  return readRows(database, `SELECT ${select} FROM audit_entries WHERE subject = $1 ORDER BY sequence`, [subject])
}

/**
 * A chain of audit entries: each one carries the hash of the one before, so that a record that was changed, removed or
 * put elsewhere is found by reading.
 */
import { sha256 } from '#domain/ids.ts'
import type { AuditEntry } from '#schemas'

/** What comes before the first entry. */
export const GENESIS_HASH = '0'.repeat(64)

/** The head of a chain without entries. */
export const GENESIS: ChainHead = { sequence: 0, hash: GENESIS_HASH }

/** What an entry's hash stands for. */
export type Hashed = Pick<
  AuditEntry,
  'previousHash' | 'subject' | 'sequence' | 'action' | 'eventId' | 'actor' | 'detail'
>

/** The end of a chain: what the next entry follows, and what a reader compares the last one with. */
export type ChainHead = { readonly sequence: number; readonly hash: string }

/** What is wrong with a chain, and with which entry. */
export type ChainFault = {
  readonly sequence: number
  /**
   * CHANGED: the content is not what was hashed. MISSING: it is not there. REORDERED: it comes twice, or after a higher
   * one. FORKED: it follows another entry than the one before it.
   */
  readonly fault: 'CHANGED' | 'MISSING' | 'REORDERED' | 'FORKED'
}

/** SHA-256 over the parts of an entry. They are joined as JSON, so that no two entries have the same text. */
export function entryHash(entry: Hashed): string {
  const { previousHash, subject, sequence, action, eventId, actor, detail } = entry
  return sha256(JSON.stringify([previousHash, subject, sequence, action, eventId, actor, detail]))
}

/** What is wrong with an entry that comes after `before`; null where nothing is. */
export function entryFault(entry: AuditEntry, before: ChainHead): ChainFault | null {
  const at = (fault: ChainFault['fault']) => ({ sequence: entry.sequence, fault })
  if (entry.hash !== entryHash(entry)) return at('CHANGED')
  if (entry.sequence > before.sequence + 1) return { sequence: before.sequence + 1, fault: 'MISSING' }
  if (entry.sequence <= before.sequence) return at('REORDERED')
  return entry.previousHash === before.hash ? null : at('FORKED')
}

/** What is wrong where a chain ends with `last` and its head says otherwise; null where nothing is. */
export function endFault(last: ChainHead, head: ChainHead): ChainFault | null {
  if (last.sequence < head.sequence) return { sequence: last.sequence + 1, fault: 'MISSING' }
  return last.hash === head.hash ? null : { sequence: last.sequence, fault: 'FORKED' }
}

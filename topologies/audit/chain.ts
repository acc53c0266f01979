/**
 * A chain of audit entries: each one carries the hash of the one before, so that a record that was changed, removed or
 * put elsewhere is found by reading.
 */
import { sha256 } from '#domain/ids.ts'
import type { AuditEntry } from '#schemas'

/** What comes before the first entry. */
export const GENESIS_HASH = '0'.repeat(64)

/** What an entry's hash stands for. */
export type Hashed = Pick<
  AuditEntry,
  'previousHash' | 'subject' | 'sequence' | 'action' | 'eventId' | 'actor' | 'detail'
>

/** The end of a chain: what the next entry follows, and what a reader compares the last one with. */
export type ChainHead = { readonly sequence: number; readonly hash: string }

/** What is wrong with a chain, and at which sequence number it was found. */
export type ChainFault = {
  readonly sequence: number
  /**
   * CHANGED: the content is not what was hashed. MISSING: a number is left out. REORDERED: a number comes twice, or
   * after a higher one. FORKED: it follows another entry than the one before it.
   */
  readonly fault: 'CHANGED' | 'MISSING' | 'REORDERED' | 'FORKED'
}

/** SHA-256 over the parts of an entry. They are joined as JSON, so that no two entries have the same text. */
export function entryHash(entry: Hashed): string {
  const { previousHash, subject, sequence, action, eventId, actor, detail } = entry
  return sha256(JSON.stringify([previousHash, subject, sequence, action, eventId, actor, detail]))
}

/**
 * Reads the entries of one subject in the order they were written and answers with the first fault, or null. A missing
 * end can only be found where `head` says how long the chain is.
 */
export function verifyChain(entries: readonly AuditEntry[], head?: ChainHead): ChainFault | null {
  let before: ChainHead = { sequence: 0, hash: GENESIS_HASH }
  for (const entry of entries) {
    const fault = faultOf(entry, before)
    if (fault !== null) return { sequence: entry.sequence, fault }
    before = entry
  }
  if (head === undefined) return null
  if (before.sequence < head.sequence) return { sequence: before.sequence + 1, fault: 'MISSING' }
  return before.hash === head.hash ? null : { sequence: before.sequence, fault: 'FORKED' }
}

function faultOf(entry: AuditEntry, before: ChainHead): ChainFault['fault'] | null {
  if (entry.hash !== entryHash(entry)) return 'CHANGED'
  if (entry.sequence > before.sequence + 1) return 'MISSING'
  if (entry.sequence <= before.sequence) return 'REORDERED'
  return entry.previousHash === before.hash ? null : 'FORKED'
}

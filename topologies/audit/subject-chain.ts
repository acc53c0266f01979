import { canonicalJson } from '#domain/canonical-json.ts'
import { type AuditEntry, type AuditState, childMeta } from '#schemas'
import type { Decider } from '#streams'
import { entryHash, GENESIS_HASH } from './chain.ts'
import { type CriticalEvent, subjectOf } from './critical.ts'

/** The rules of one subject's chain: every critical event becomes the next entry. The key is the subject. */
export const subjectChain: Decider<AuditState, CriticalEvent, AuditEntry> = {
  initial: (subject) => ({ subject, sequence: 0, hash: GENESIS_HASH }),
  keyOf: subjectOf,
  decide: (state, event) => {
    const content = {
      subject: state.subject,
      sequence: state.sequence + 1,
      action: event.type,
      eventId: event.meta.id,
      actor: event.meta.source,
      detail: canonicalJson(event),
      previousHash: state.hash,
    }
    const meta = childMeta('audit', event, 'AuditEntry')
    return [{ type: 'AuditEntry', meta, ...content, hash: entryHash(content) }]
  },
  evolve: (_state, { subject, sequence, hash }) => ({ subject, sequence, hash }),
}

import { type Projection, put, timestamp } from '../projection.ts'

export const auditEntries: Projection = {
  table: 'audit_entries',
  key: ['subject', 'sequence'],
  rules: {
    AuditEntry: (event) =>
      put({
        subject: event.subject,
        sequence: event.sequence,
        action: event.action,
        event_id: event.eventId,
        actor: event.actor,
        detail: event.detail,
        previous_hash: event.previousHash,
        hash: event.hash,
        occurred_at: timestamp(event.meta.occurredAt),
      }),
  },
}

/**
 * The envelope of every record: where it comes from and what it belongs to. Ids are derived, never drawn, so that a
 * replay of the same input writes the same bytes.
 */
import { deriveId } from '#domain/ids.ts'
import type { Envelope } from './generated/types.ts'

/** What a record at the edge of the platform (API, clock, connector) says of itself. */
export type RootMeta = {
  readonly source: string
  readonly id: string
  /** Business time, milliseconds. */
  readonly occurredAt: number
  /** Business date, 'YYYY-MM-DD'. */
  readonly businessDate: string
  /** What the chain is followed by; the id itself where it is left out. */
  readonly correlationId?: string
  /** `<scoped key hash>#<sha256 of the body>` of a command that came with an Idempotency-Key. */
  readonly idempotencyKey?: string | null
}

/** The envelope of a record that begins a chain. */
export function rootMeta(root: RootMeta): Envelope {
  return {
    id: root.id,
    source: root.source,
    occurredAt: root.occurredAt,
    businessDate: root.businessDate,
    correlationId: root.correlationId ?? root.id,
    causationId: null,
    idempotencyKey: root.idempotencyKey ?? null,
  }
}

/**
 * The envelope of a record caused by another. `name` and `parts` tell apart the records that one cause has; time,
 * correlation and idempotency key are those of the cause.
 */
export function childMeta(
  source: string,
  cause: { readonly meta: Envelope },
  name: string,
  ...parts: readonly (string | number)[]
): Envelope {
  const { id, occurredAt, businessDate, correlationId, idempotencyKey } = cause.meta
  return {
    id: deriveId('evt', id, name, ...parts),
    source,
    occurredAt,
    businessDate,
    correlationId,
    causationId: id,
    idempotencyKey,
  }
}

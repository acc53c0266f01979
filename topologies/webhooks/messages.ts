/** Which events merchants are told of, under which name, and what a delivery says. */
import { canonicalJson } from '#domain/canonical-json.ts'
import type { PurchaseEvent, SettlementEvent } from '#schemas'

/** Events that a merchant may hear of. */
export type Announced = PurchaseEvent | SettlementEvent

/** The names by record type. */
const NAMES = {
  PurchaseAuthorised: 'purchase.authorised',
  PurchaseCaptured: 'purchase.captured',
  PurchaseReleased: 'purchase.released',
  PurchaseExtended: 'purchase.extended',
  PurchaseRefunded: 'purchase.refunded',
  PurchaseCompleted: 'purchase.completed',
  DisputeOpened: 'dispute.opened',
  DisputeEvidenceSubmitted: 'dispute.answered',
  DisputeDecided: 'dispute.decided',
  SettlementClosed: 'settlement.closed',
  PayoutPaid: 'payout.paid',
  PayoutFailed: 'payout.failed',
  PayoutHeld: 'payout.held',
} as const satisfies Partial<Record<Announced['type'], string>>

/** The name of an event as merchants know it. */
export const EVENT_TYPES: readonly string[] = Object.values(NAMES)

/** What is the platform's own business, or the consumer's. */
const PRIVATE: readonly string[] = ['type', 'meta', 'terms', 'payoutAccount', 'note', 'evidence', 'payableMinor']

/** An event as a merchant is told of it. */
export type Message = {
  readonly eventId: string
  readonly eventType: string
  /** Deliveries about the same thing keep their order. */
  readonly subject: string
  /** JSON, the same bytes at each attempt. */
  readonly body: string
}

/** What to tell of an event; null where nothing. */
export function messageOf(event: Announced): Message | null {
  if (!(event.type in NAMES)) return null
  const eventType = NAMES[event.type as keyof typeof NAMES]
  const { id, occurredAt } = event.meta
  const subject = 'purchaseId' in event ? event.purchaseId : 'settlementId' in event ? event.settlementId : null
  if (subject === null) return null
  const data = Object.fromEntries(Object.entries(event).filter(([field]) => !PRIVATE.includes(field)))
  const body = canonicalJson({ id, type: eventType, createdAt: new Date(occurredAt).toISOString(), data })
  return { eventId: id, eventType, subject, body }
}

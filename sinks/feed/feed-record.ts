import type {
  AccountBalanceChanged,
  AuditEntry,
  ConsumerEvent,
  CreditEvent,
  CreditReviewEvent,
  CreditRuleEvent,
  GatewayRouteEvent,
  LedgerEntryPosted,
  LedgerPeriodEvent,
  MerchantEvent,
  NotificationEvent,
  PaymentEvent,
  PlanEvent,
  PurchaseEvent,
  SettlementEvent,
  StatementIssued,
  WebhookEvent,
} from '#schemas'
import type { Position } from '#streams'

/** Any event that a sink copies. */
export type SinkEvent =
  | ConsumerEvent
  | MerchantEvent
  | CreditEvent
  | CreditReviewEvent
  | CreditRuleEvent
  | PurchaseEvent
  | PlanEvent
  | PaymentEvent
  | GatewayRouteEvent
  | SettlementEvent
  | LedgerPeriodEvent
  | LedgerEntryPosted
  | AccountBalanceChanged
  | NotificationEvent
  | StatementIssued
  | WebhookEvent
  | AuditEntry

/** Where a record stands. */
type Standing = { readonly topic: string; readonly partition: number; readonly offset: number }
/** A record as an event. */
export type DecodedRecord = Standing & { readonly event: SinkEvent }
/** A record that cannot be read: kept as it is, with what was wrong, so that nothing is lost or waits for it. */
export type UnreadableRecord = Standing & { readonly bytes: Buffer; readonly problem: string }

/** Some records in a row of each partition, and where to read on after them. */
export type FeedBatch = {
  readonly events: readonly DecodedRecord[]
  readonly unreadable: readonly UnreadableRecord[]
  /** Where the batch begins, for each partition of `positions`. */
  readonly from: readonly Position[]
  readonly positions: readonly Position[]
  /** True where there was more to read: the next batch is there already. */
  readonly behind: boolean
}

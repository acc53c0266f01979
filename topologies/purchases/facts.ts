import type {
  ChargeBackDecided,
  ClockTicked,
  CreditEvent,
  PaymentChargedBack,
  PaymentEvent,
  PlanAuthorised,
  PlanCancelled,
  PlanCompleted,
  PlanEvent,
  PurchaseCommand,
  PurchaseDeclined,
  PurchaseEvent,
} from '#schemas'

/** What decides whether there is a purchase. */
export type PurchaseOutcome = PurchaseDeclined | PlanAuthorised | PlanCancelled

/** What the card network does with a payment of the purchase. */
export type ChargeBackNews = PaymentChargedBack | ChargeBackDecided

/** What the topology hears. */
export type PurchaseInput = PurchaseCommand | PurchaseOutcome | PlanCompleted | ChargeBackNews | ClockTicked

/** What happens to a purchase: events to tell, and outcomes that came early, which are only noted. */
export type PurchaseFact = PurchaseEvent | PurchaseOutcome

/** True of a command; the rest of what is heard has no outcome to wait for. */
export function isPurchaseCommand(input: Exclude<PurchaseInput, ClockTicked>): input is PurchaseCommand {
  switch (input.type) {
    case 'RequestPurchase':
    case 'CapturePurchase':
    case 'ReleasePurchase':
    case 'ExtendPurchase':
    case 'RefundPurchase':
    case 'OpenDispute':
    case 'WithdrawDispute':
    case 'AcceptDispute':
    case 'SubmitDisputeEvidence':
    case 'DecideDispute':
      return true
    default:
      return false
  }
}

/** True of the credit events that matter here. */
export function isDecline(event: CreditEvent): event is PurchaseDeclined {
  return event.type === 'PurchaseDeclined'
}

/** True of the plan events that matter here. */
export function isPlanNews(event: PlanEvent): event is PlanAuthorised | PlanCancelled | PlanCompleted {
  return event.type === 'PlanAuthorised' || event.type === 'PlanCancelled' || event.type === 'PlanCompleted'
}

/** True of the payment events that matter here. */
export function isChargeBackNews(event: PaymentEvent): event is ChargeBackNews {
  return event.type === 'PaymentChargedBack' || event.type === 'ChargeBackDecided'
}

/** True of what is told on `purchase.events`. */
export function isPurchaseEvent(fact: PurchaseFact): fact is PurchaseEvent {
  return fact.type !== 'PlanAuthorised' && fact.type !== 'PlanCancelled' && fact.type !== 'PurchaseDeclined'
}

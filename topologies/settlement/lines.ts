import { addDays } from '#domain/calendar.ts'
import { safeMinor, shareOfMinor } from '#domain/money.ts'
import type {
  DisputeDecided,
  DisputeOpened,
  MerchantTerms,
  PurchaseCaptured,
  PurchaseEvent,
  PurchaseRefunded,
  SettlementLineKind,
} from '#schemas'

/** What moves money between the platform and a merchant. */
export type MoneyMoved = PurchaseCaptured | PurchaseRefunded | DisputeOpened | DisputeDecided

/** The record names of `MoneyMoved`. */
export const moneyMovedTypes: readonly MoneyMoved['type'][] = [
  'PurchaseCaptured',
  'PurchaseRefunded',
  'DisputeOpened',
  'DisputeDecided',
]

/** True for what adds a line; the other events of a purchase owe a merchant nothing. */
export function isMoneyMoved(event: PurchaseEvent): event is MoneyMoved {
  return (moneyMovedTypes as readonly string[]).includes(event.type)
}

/** A line before it is booked: what it stands for and what it adds to the payout (signed, minor units). */
export type Line = { readonly kind: SettlementLineKind; readonly amountMinor: number }

/** The merchant fee of a capture: its share, rounded half-up to the minor unit, plus the fixed part. */
export function captureFeeMinor(capturedMinor: number, terms: MerchantTerms): number {
  return safeMinor(shareOfMinor(capturedMinor, terms.feeBps) + terms.feeFixedMinor)
}

/**
 * The lines of an event; one of 0 is none. A refund takes back the sale and keeps the fee. A disputed amount is held
 * from the opening and released by the decision; a lost dispute is followed by its refund, which is a reversal.
 */
export function linesOf(event: MoneyMoved): readonly Line[] {
  return allLines(event).filter(({ amountMinor }) => amountMinor !== 0)
}

function allLines(event: MoneyMoved): readonly Line[] {
  const { amountMinor } = event
  switch (event.type) {
    case 'PurchaseCaptured':
      return [
        { kind: 'SALE', amountMinor },
        { kind: 'FEE', amountMinor: -captureFeeMinor(amountMinor, event.terms) },
      ]
    case 'PurchaseRefunded':
      return [{ kind: event.disputeId === null ? 'RETURN' : 'REVERSAL', amountMinor: -amountMinor }]
    case 'DisputeOpened':
      return [{ kind: 'HOLDBACK', amountMinor: -amountMinor }]
    case 'DisputeDecided':
      return [{ kind: 'RELEASE', amountMinor }]
  }
}

/**
 * The day a line is settled: T+N from the business date for a sale or a return; at once for what a dispute holds,
 * releases or takes back. A line that comes after its day was settled (events of other partitions may run behind the
 * clock) goes to the day after the last settled one, so that a day is settled once.
 */
export function settleOnOf(event: MoneyMoved, closedThrough: string | null): string {
  const days = isOfDispute(event) ? 0 : event.terms.settlementDays
  const planned = addDays(event.meta.businessDate, days)
  return closedThrough !== null && planned <= closedThrough ? addDays(closedThrough, 1) : planned
}

function isOfDispute(event: MoneyMoved): boolean {
  return 'disputeId' in event && event.disputeId !== null
}
